/**
 * Unpacks an archive and reads what was unpacked, right behind tar: while tar makes the next file, the one before is
 * read back for the digest of the tree; a large file already while it is being made (large-files.ts). Making files
 * keeps one core busy; the other has the time.
 *
 * What cannot be judged then is read again at the end: directories get their modes and times last, symlinks may be
 * placeholders until then, and of a file with several names the others may be still to come.
 */
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { followFile } from './follow-file.ts';
import { LargeFiles } from './large-files.ts';
import type { FileSystem } from './layout.ts';
import { PACK_FLAGS, startFind, startReadNamed, unpack } from './tools.ts';
import { TarReader } from './tar-reader.ts';
import { TreeDigest, type TreeFigures } from './tree-digest.ts';

/**
 * Unpacks into a directory. Answers a look at what was unpacked that is still to be finished with `readOthers`, or
 * undefined where that went wrong. Errors, of the unpacking and its disk alone: `disk-full`, `tool-failed`, `aborted`, and
 * those of the file system.
 */
export async function unpackAndRead(
  what: string,
  archive: string,
  directory: string,
  fs: FileSystem,
  signal: AbortSignal,
): Promise<TreeDigest | undefined> {
  // Beside the directory, where what a killed process left is deleted by its name; what it says is for root alone.
  const namesFile = `${directory}.names`;
  await (await fs.open(namesFile, 'wx', 0o600)).close();
  let tree: TreeDigest | undefined;
  try {
    tree = await unpackListed({ what, archive, directory, namesFile }, fs, signal);
  } catch (error) {
    // The failure is the one to tell; what stays, the next attempt deletes.
    await fs.unlink(namesFile).catch(() => undefined);
    throw error;
  }
  await fs.unlink(namesFile);
  return tree;
}

async function unpackListed(
  places: Readonly<Record<'what' | 'archive' | 'directory' | 'namesFile', string>>,
  fs: FileSystem,
  signal: AbortSignal,
): Promise<TreeDigest | undefined> {
  const { what, directory, namesFile } = places;
  const tree = new TreeDigest();
  const large = new LargeFiles(what, directory, fs, tree, signal);
  const unpacking = unpack(`unpacking ${what}`, places, signal);
  const reading = startReadNamed(`reading ${what} back`, directory, signal);
  const [unpacked, ...read] = await Promise.allSettled([
    unpacking,
    reading.finished,
    feedNames({ namesFile, unpacking, to: reading.stdin, large }, fs, signal),
    readInto(tree, reading.stdout),
  ]);
  if (unpacked.status === 'rejected') throw unpacked.reason;
  await large.synced();
  return read.every(({ status }) => status === 'fulfilled') ? tree : undefined;
}

/** Reads again whatever is no file with one name, now that everything is in its place. Errors: `tool-failed`, `aborted`. */
export async function readOthers(
  what: string,
  directory: string,
  tree: TreeDigest,
  signal: AbortSignal,
): Promise<void> {
  // Whatever is no file, and files with several names.
  const others = ['(', '!', '-type', 'f', '-o', '-links', '+1', ')'];
  await readFound(what, { directory, tests: others }, tree, signal);
}

/**
 * The figures of a tree at rest, read with all that tar can tell of it. What was read while it was being made is enough to accept a tree; to refuse one, and
 * with it the way back, it takes this. Errors: `tool-failed`, `aborted`.
 */
export async function readTree(
  what: string,
  directory: string,
  signal: AbortSignal,
): Promise<TreeFigures> {
  const tree = new TreeDigest();
  await readFound(what, { directory, tests: [], flags: PACK_FLAGS }, tree, signal);
  return tree.figures();
}

async function readFound(
  what: string,
  found: { directory: string; tests: readonly string[]; flags?: readonly string[] },
  tree: TreeDigest,
  signal: AbortSignal,
): Promise<void> {
  const { directory, tests, flags } = found;
  const finding = startFind(`listing ${what}`, directory, tests, signal);
  finding.stdin.end();
  const reading = startReadNamed(`reading ${what} back`, directory, signal, flags);
  const results = await Promise.allSettled([
    finding.finished,
    reading.finished,
    pipeline(finding.stdout, reading.stdin),
    readInto(tree, reading.stdout),
  ]);
  // The programs come first: what they said is the cause, and a broken pipe only follows from it.
  for (const result of results) {
    if (result.status === 'rejected') throw result.reason;
  }
}

interface Feeding {
  readonly namesFile: string;
  readonly unpacking: Promise<void>;
  readonly to: Writable;
  readonly large: LargeFiles;
}

/**
 * Hands on the names that tar writes, each only when the next one shows that it is done, and the last one when tar is.
 * A directory's is left out: it is done at the very end.
 */
async function feedNames(
  { namesFile, unpacking, to, large }: Feeding,
  fs: FileSystem,
  signal: AbortSignal,
): Promise<void> {
  // When the reader of names dies, that is its own failure to tell.
  to.on('error', () => undefined);
  const feed = async (names: readonly string[]): Promise<void> => {
    const fed = names.filter((name) => !name.endsWith('/') && !large.done(name));
    if (fed.length === 0 || to.closed) return;
    if (!to.write(Buffer.from(`${fed.join('\0')}\0`, 'latin1'))) await drained(to);
  };
  let rest = '';
  let making = '';
  const take = async (bytes: Buffer): Promise<void> => {
    const lines = (rest + bytes.toString('latin1')).split('\n');
    rest = lines.pop() ?? '';
    const names = [making, ...lines.map(unescape)].filter((name) => name !== '');
    making = names.pop() ?? '';
    await feed(names);
    large.begun(making);
  };
  try {
    await followFile(namesFile, fs, unpacking, take, signal);
    await unpacking;
    if (making !== '') await feed([making]);
  } finally {
    to.end();
    await large.settled();
  }
}

/** Until it takes more, or is closed. */
async function drained(to: Writable): Promise<void> {
  if (to.closed) return;
  await new Promise<void>((resolve) => {
    const wake = (): void => {
      to.off('drain', wake);
      to.off('close', wake);
      resolve();
    };
    to.on('drain', wake);
    to.on('close', wake);
  });
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  t: '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
};

/** A name as tar printed it, as the bytes that it stands for. */
function unescape(printed: string): string {
  if (!printed.includes('\\')) return printed;
  return printed.replace(/\\([0-7]{3}|.)/g, (_, code: string) =>
    code.length === 3 ? String.fromCharCode(Number.parseInt(code, 8)) : (ESCAPES[code] ?? code),
  );
}

async function readInto(tree: TreeDigest, stream: Readable): Promise<void> {
  const reader = new TarReader(tree);
  for await (const chunk of stream) reader.write(chunk as Buffer);
  reader.close();
}
