/** How damage is told: what was found, and what the manifest says. */
import type { SnapshotVolume } from '../../model/snapshot.ts';
import type { ArchiveFigures } from './archive.ts';
import type { TreeFigures } from './tree-digest.ts';

/** Whether the archive's bytes are those that were written. */
export function archiveProblem(
  file: string,
  volume: SnapshotVolume,
  found: Pick<ArchiveFigures, 'archiveSha256'>,
): string | undefined {
  if (found.archiveSha256 === volume.archiveSha256) return undefined;
  return `the archive ${file} is damaged: its SHA-256 is ${found.archiveSha256} and should be ${volume.archiveSha256}.`;
}

/** Whether a tree is the one that was packed. `where`: what the tree is in. */
export function figuresProblem(
  where: string,
  volume: SnapshotVolume,
  found: TreeFigures,
): string | undefined {
  const fields = ['entries', 'contentBytes', 'treeSha256'] as const;
  const wrong = fields.find((field) => found[field] !== volume[field]);
  if (wrong === undefined) return undefined;
  return `the tree in ${where} is not the one that was packed: its ${wrong} is ${String(found[wrong])} and should be ${String(volume[wrong])}.`;
}
