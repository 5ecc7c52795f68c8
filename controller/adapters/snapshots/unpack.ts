/**
 * Unpacks an archive and reads what was unpacked, right behind tar: while tar makes the next file, the one before is
 * read back for the digest of the tree. Making files keeps one core busy; the other has the time.
 *
 * What cannot be judged then is read again at the end: directories get their modes and times last, symlinks may be
 * placeholders until then, and of a file with several names the others may be still to come.
 */
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { startFindOthers, startReadNamed, startUnpack } from './tools.ts';
import { TarReader } from './tar-reader.ts';
import { TreeDigest } from './tree-digest.ts';

/**
 * Unpacks into a directory. Answers what has been read back so far: the digest is complete after `readOthers`.
 * Errors: `disk-full`, `tool-failed`, `snapshot-invalid`, `aborted`.
 */
export async function unpackAndRead(
  what: string,
  archive: string,
  directory: string,
  signal: AbortSignal,
): Promise<TreeDigest> {
  const tree = new TreeDigest();
  const unpacking = startUnpack(`unpacking ${what}`, archive, directory, signal);
  unpacking.stdin.end();
  const reading = startReadNamed(`reading ${what} back`, directory, signal);
  await allOrFirst([
    unpacking.finished,
    reading.finished,
    feedNames(unpacking.stdout, unpacking.finished, reading.stdin),
    readInto(tree, reading.stdout),
  ]);
  return tree;
}

/** Reads again whatever is no file with one name, now that everything is in its place. Errors as above. */
export async function readOthers(
  what: string,
  directory: string,
  tree: TreeDigest,
  signal: AbortSignal,
): Promise<void> {
  const finding = startFindOthers(`listing ${what}`, directory, signal);
  finding.stdin.end();
  const reading = startReadNamed(`reading ${what} back`, directory, signal);
  await allOrFirst([
    finding.finished,
    reading.finished,
    pipeline(finding.stdout, reading.stdin),
    readInto(tree, reading.stdout),
  ]);
}

/**
 * Hands on the names that tar prints, each only when the next one shows that it is done, and the last one when tar is.
 * A directory's is left out: it is done at the very end.
 */
async function feedNames(names: Readable, finished: Promise<unknown>, to: Writable): Promise<void> {
  // When the reader of names dies, that is its own failure to tell.
  to.on('error', () => undefined);
  let begun = '';
  try {
    for await (const chunk of names) {
      const lines = (begun + (chunk as Buffer).toString('latin1')).split('\n');
      // The last whole line names what tar is making now; after it comes the beginning of another.
      begun = lines.splice(-2).join('\n');
      const done = lines.filter((name) => !name.endsWith('/')).map(nulTerminated);
      if (done.length > 0 && !to.write(Buffer.from(done.join(''), 'latin1'))) await drained(to);
    }
    await finished;
    const [last = ''] = begun.split('\n');
    if (last !== '' && !last.endsWith('/')) to.write(Buffer.from(nulTerminated(last), 'latin1'));
  } finally {
    to.end();
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
function nulTerminated(printed: string): string {
  const name = printed.includes('\\')
    ? printed.replace(/\\([0-7]{3}|.)/g, (_, code: string) =>
        code.length === 3 ? String.fromCharCode(Number.parseInt(code, 8)) : (ESCAPES[code] ?? code),
      )
    : printed;
  return `${name}\0`;
}

async function readInto(tree: TreeDigest, stream: Readable): Promise<void> {
  const reader = new TarReader(tree);
  for await (const chunk of stream) reader.write(chunk as Buffer);
  reader.close();
}

/** Waits for all, so that nothing goes on behind our back; then the first in order that failed is the one to tell. */
async function allOrFirst(promises: readonly Promise<unknown>[]): Promise<void> {
  for (const result of await Promise.allSettled(promises)) {
    if (result.status === 'rejected') throw result.reason;
  }
}
