/**
 * Copies of trees that share their blocks with what they are copies of, by GNU cp and a file system that has reflinks
 * (btrfs; xfs as it is made today). Such a copy takes no room for content until one of the two is written to.
 *
 * Not here: whether a copy is what it is a copy of (reflink-driver.ts reads both).
 */
import { constants } from 'node:fs';
import { copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { CiWarmError, reasonOf } from '../../model/failure.ts';
import { writeFileAtomic } from '../files/atomic-write.ts';
import { runTool, startTool } from './tools.ts';

/** With what cp keeps all of a tree; it says so when it cannot keep an attribute, which `--archive` would not. */
const CLONE_FLAGS: readonly string[] = [
  '--recursive',
  '--no-dereference',
  '--preserve=mode,ownership,timestamps,links,xattr',
  '--sparse=auto',
];

/** How cp says that two files cannot share their blocks: another file system, one without reflinks, other flags. */
const REFUSED = /failed to clone/;

/** `always`: shares every block or fails. `auto`: copies what cannot be shared. */
type Sharing = 'always' | 'auto';

/**
 * Copies the tree `from` to `to`, which may be an empty directory. Sockets are left out: answers their paths, with
 * escapes for what cannot be shown. Errors: `disk-full`, `tool-failed`, `aborted`; part of a copy may be left.
 */
export async function cloneTree(
  doing: string,
  from: string,
  to: string,
  sharing: Sharing,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const args = [...CLONE_FLAGS, `--reflink=${sharing}`, '--no-target-directory', '--', from, to];
  await runTool(doing, 'cp', args, signal);
  return await removeSockets(doing, from, to, signal);
}

/** Whether a failure of `cloneTree` only means that some block could not be shared. */
export function isCloneRefused(thrown: unknown): thrown is CiWarmError {
  return (
    thrown instanceof CiWarmError && thrown.code === 'tool-failed' && REFUSED.test(thrown.message)
  );
}

/**
 * Why files of the tree `from` cannot share their blocks with files in `directory`, undefined where the first file
 * that has content can. Leaves that file's copy in `directory`, under the name `probe`.
 */
export async function whyNoClone(
  from: string,
  directory: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const doing = `trying a reflink of a file below ${from}`;
  const probe = join(directory, 'probe');
  const clone = ['cp', '--reflink=always', '-T', '--', '{}', probe, ';'];
  const tests = ['-type', 'f', '-size', '+0c', '(', '-exec', ...clone, '-o', '-printf', 'not', ')'];
  const found = await runTool(doing, 'find', [from, ...tests, '-quit'], signal);
  if (found.stdout === '') return undefined;
  return `${doing}: ${found.stderr.trim()}`;
}

/** The same of a directory's own file system, for a look in advance. Makes two small files there and removes them. */
export async function whyNoReflinks(directory: string): Promise<string | undefined> {
  const from = join(directory, `.reflink-${String(process.pid)}`);
  const to = `${from}.copy`;
  try {
    await writeFileAtomic(from, 'x'.repeat(4096));
    await copyFile(from, to, constants.COPYFILE_FICLONE_FORCE | constants.COPYFILE_EXCL);
    return undefined;
  } catch (error) {
    return reasonOf(error);
  } finally {
    await rm(to, { force: true }).catch(() => undefined);
    await rm(from, { force: true }).catch(() => undefined);
  }
}

/** The version of cp, for the manifest. Errors: `tool-failed`. */
export async function cloneVersion(signal: AbortSignal): Promise<string> {
  const { stdout } = await runTool('asking cp for its version', 'cp', ['--version'], signal);
  return /^cp \(GNU coreutils\) (\S+)/.exec(stdout)?.[1] ?? 'unknown';
}

/** Removes what cp made of sockets, and gives the directories that held them their times again. */
async function removeSockets(
  doing: string,
  from: string,
  to: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const finding = startTool(
    doing,
    'find',
    ['.', '-type', 's', '-printf', '%h\\0%P\\0', '-delete'],
    signal,
    to,
  );
  finding.stdin.end();
  const chunks: Buffer[] = [];
  const collecting = (async (): Promise<void> => {
    for await (const chunk of finding.stdout) chunks.push(chunk as Buffer);
  })();
  await Promise.all([finding.finished, collecting]);
  // Names are bytes: as Latin-1 each of them is one character, there and back.
  const fields = Buffer.concat(chunks).toString('latin1').split('\0').slice(0, -1);
  const parents = new Set(fields.filter((_, index) => index % 2 === 0));
  if (parents.size > 0) await copyTimes(doing, [...parents], from, to, signal);
  return fields.filter((_, index) => index % 2 === 1).map(escaped);
}

/** `names` are paths below both trees, each beginning with a dot. */
async function copyTimes(
  doing: string,
  names: readonly string[],
  from: string,
  to: string,
  signal: AbortSignal,
): Promise<void> {
  const touch = ['touch', '--no-create', '-m', `--reference=${from}/{}`, '{}'];
  const touching = startTool(doing, 'xargs', ['--null', '-I', '{}', ...touch], signal, to);
  const input = Buffer.from(`${names.join('\0')}\0`, 'latin1');
  touching.stdout.resume();
  await Promise.all([touching.finished, pipeline([input], touching.stdin)]);
}

/** As tar shows such names in the C locale. */
function escaped(name: string): string {
  return name.replace(/[^ -~]|\\/g, (character) =>
    character === '\\' ? '\\\\' : `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`,
  );
}
