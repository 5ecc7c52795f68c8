/** Deletes a tree with rm, and says what can be done where it is refused. What is mounted within is no part of it. */
import { CiWarmError } from '../../model/failure.ts';
import { needNoMounts } from './mounts-within.ts';
import { runTool } from './tools.ts';

/**
 * Deletes a tree, whatever the names in it. Not there is fine. May be repeated. Errors: `disk-full`, `tool-failed`,
 * `aborted`, and `conflict`, where something is mounted within it.
 */
export async function deleteTree(path: string, signal: AbortSignal): Promise<void> {
  const doing = `deleting ${path}`;
  await needNoMounts(doing, path);
  try {
    await runTool(doing, 'rm', ['-rf', '--one-file-system', '--', path], signal);
  } catch (error) {
    throw withAdvice(error, path);
  }
}

/** Root is refused hardly anything: an attribute of a file is what people forget. Of any other reason nothing is said. */
function withAdvice(thrown: unknown, path: string): unknown {
  const isRefused =
    thrown instanceof CiWarmError &&
    thrown.code === 'tool-failed' &&
    /: Operation not permitted$/m.test(thrown.message) &&
    process.getuid?.() === 0;
  if (!isRefused) return thrown;
  const advice = `look with \`lsattr -aR ${path}\`: what has i (immutable) or a (append-only) there can be deleted after \`chattr -R -i -a ${path}\``;
  return new CiWarmError(thrown.code, `${thrown.message}; ${advice}`, thrown);
}
