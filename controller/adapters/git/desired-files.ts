/**
 * The YAML files of a commit's folder, read from git's objects without a checkout, by the rules of
 * adapters/files/desired-scan.ts: every `*.yaml` and `*.yml` in whatever case, names with a leading dot excepted; what cannot be read is
 * there with its problem. A link is not followed: in a repository it may lead anywhere or nowhere.
 */
import {
  decodedFile,
  isDesiredName,
  unreadFile,
  type DesiredFile,
} from '../../model/desired-file.ts';
import type { GitLocation } from '../../model/desired-location.ts';
import { DesiredStaleError, type StaleCode } from '../../model/desired-stale.ts';
import { reasonOf } from '../../model/failure.ts';
import { readGit, type Mirror } from './git.ts';
import { readBlobs, readTree, type TreeEntry } from './objects.ts';

const FILES_MAX = 5_000;
const FILE_BYTES_MAX = 1024 * 1024;
const FILES_BYTES_MAX = 32 * 1024 * 1024;

/** The mirror has the commit. Never without a file. Errors: `DesiredStaleError`, `tool-failed`. */
export async function readDesiredFiles(
  mirror: Mirror,
  commit: string,
  location: GitLocation,
  signal: AbortSignal,
): Promise<readonly DesiredFile[]> {
  const place = `${location.folder === '' ? 'the root' : `folder ${location.folder}`} of ${location.shown} at commit ${commit.slice(0, 12)}`;
  const refuse = (code: StaleCode, why: string): DesiredStaleError =>
    new DesiredStaleError({ code, why, resolve: 'push a commit that mends it', refused: commit });
  const tree = `${commit}:${location.folder}`;
  if (!(await isTree(mirror, tree, signal))) {
    throw refuse('unreadable', `there is no ${place}`);
  }
  const entries = await readTree(mirror, tree, signal).catch((error: unknown) => {
    throw refuse('unreadable', `cannot read ${place}: ${reasonOf(error)}`);
  });
  const wanted = entries.filter(({ path }) => isWanted(path));
  if (wanted.length === 0) {
    throw refuse(
      'empty',
      `there is not one YAML file in ${place}; an empty tree never means that nothing is wanted`,
    );
  }
  const sizeBytes = wanted.reduce((sum, entry) => sum + sizeOf(entry), 0);
  if (wanted.length > FILES_MAX || sizeBytes > FILES_BYTES_MAX) {
    throw refuse(
      'unreadable',
      `${place} holds more than ${String(FILES_MAX)} YAML files or 32 MiB; see that it is the right folder`,
    );
  }
  const ids = wanted.filter((entry) => sizeOf(entry) > 0).map(({ id }) => id);
  const blobs = await readBlobs(mirror, ids, signal);
  const contents = new Map(ids.map((id, index) => [id, blobs[index]]));
  return wanted
    .map((entry) => fileOf(entry, contents.get(entry.id)))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function isTree(mirror: Mirror, tree: string, signal: AbortSignal): Promise<boolean> {
  const args = ['cat-file', '--batch-check'];
  const { stdout } = await readGit(mirror, 'looking for a folder', args, signal, `${tree}\n`);
  return /^[0-9a-f]+ tree \d+$/m.test(stdout);
}

function isWanted(path: string): boolean {
  const parts = path.split('/');
  return isDesiredName(parts.at(-1) ?? '') && !parts.some((part) => part.startsWith('.'));
}

/** What is read of it: nothing where it is refused. */
function sizeOf({ kind, sizeBytes }: TreeEntry): number {
  return kind === 'link' || sizeBytes > FILE_BYTES_MAX ? 0 : sizeBytes;
}

function fileOf({ path, kind, sizeBytes }: TreeEntry, content: Buffer | undefined): DesiredFile {
  if (kind === 'link') {
    return unreadFile(path, 'is a link, which is not followed; commit the file itself');
  }
  if (sizeBytes > FILE_BYTES_MAX) {
    return unreadFile(path, `is larger than ${String(FILE_BYTES_MAX / 1024)} KiB; split it`);
  }
  if (sizeBytes === 0) return { path, text: '', problem: undefined };
  if (content === undefined)
    return unreadFile(path, 'is missing in the repository; see `git fsck`');
  return decodedFile(path, content);
}
