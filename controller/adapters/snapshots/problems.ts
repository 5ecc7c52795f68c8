/** How damage is told: what was found, and what the manifest says. */
import type { SnapshotVolume } from '../../model/snapshot.ts';
import type { TreeFigures } from './tree-digest.ts';

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
