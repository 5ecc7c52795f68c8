/** Whether a snapshot is what its manifest says: every byte of its archives is read. */
import { join } from 'node:path';
import { CiWarmError } from '../../model/failure.ts';
import type { SnapshotManifest, SnapshotVolume } from '../../model/snapshot.ts';
import type { ArchiveFigures } from './archive.ts';
import type { Context } from './context.ts';
import type { FileSystem } from './layout.ts';
import type { TreeFigures } from './tree-digest.ts';

/** One sentence per problem; none when a restore would bring back exactly what was packed. */
export async function verifyArchives(
  { fs, trees }: Context,
  directory: string,
  manifest: SnapshotManifest,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const volume of manifest.volumes) {
    const file = join(directory, volume.archive);
    const problem =
      sizeProblem(fs, file, volume) ?? (await contentProblem({ fs, trees }, file, volume, signal));
    if (problem !== undefined) problems.push(problem);
  }
  return problems;
}

/** What a look at the file alone tells. */
export function sizeProblem(
  fs: FileSystem,
  file: string,
  volume: SnapshotVolume,
): string | undefined {
  const found = fs.lstat(file);
  if (found?.kind !== 'file') return `the archive ${file} is missing.`;
  if (found.sizeBytes === volume.archiveBytes) return undefined;
  return `the archive ${file} has ${found.sizeBytes} bytes and should have ${volume.archiveBytes}.`;
}

/** Whether the archive's bytes are those that were written. */
export function archiveProblem(
  file: string,
  volume: SnapshotVolume,
  found: ArchiveFigures,
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

async function contentProblem(
  { fs, trees }: Pick<Context, 'fs' | 'trees'>,
  file: string,
  volume: SnapshotVolume,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { tree, ...archive } = await trees.readArchive(file, fs, signal);
  const damage = archiveProblem(file, volume, archive);
  if (damage !== undefined) return damage;
  if (tree instanceof CiWarmError) return `the archive ${file}: ${tree.message}.`;
  return figuresProblem(file, volume, tree);
}
