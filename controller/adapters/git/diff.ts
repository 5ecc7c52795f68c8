/** What two commits of a mirror differ in, as people read it: a unified diff, of which nothing in the repository decides how. */
import { readGit, type Mirror } from './git.ts';

export interface DiffRange {
  readonly from: string;
  readonly to: string;
}

/** More is not read by anybody; what is cut off is said in the last line. */
const LINES_MAX = 5000;

/** Renames are found, binary files only named. Empty: the trees are the same. Errors: `tool-failed`. */
export async function readDiff(
  mirror: Mirror,
  { from, to }: DiffRange,
  signal: AbortSignal,
): Promise<string> {
  const plain = ['--no-color', '--no-ext-diff', '--no-textconv'];
  const args = ['diff-tree', '-r', '-p', '-M', '--full-index', ...plain, from, to, '--'];
  const { stdout } = await readGit(mirror, `comparing ${from} with ${to}`, args, signal);
  const lines = stdout.split('\n');
  if (lines.length <= LINES_MAX) return stdout;
  const more = lines.length - LINES_MAX;
  return `${lines.slice(0, LINES_MAX).join('\n')}\n[${String(more)} lines more]\n`;
}
