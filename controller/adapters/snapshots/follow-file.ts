/** Reads a file from its beginning to its end, also while somebody is still writing it. */
import { read } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { CiWarmError } from '../../model/failure.ts';
import type { FileSystem } from './layout.ts';

const READ_BYTES = 1024 * 1024;
/** How often the reader looks whether there is more. */
const FOLLOW_MS = 4;

const readAt = promisify(read);

/**
 * Hands the file's bytes to `take`, one piece after the other; a piece is valid until the promise that `take` returns
 * has settled. Until `written` settles the file may grow, or not even be there; what is in it then is all of it.
 * Throws `aborted`.
 */
export async function followFile(
  file: string,
  fs: FileSystem,
  written: Promise<unknown>,
  take: (bytes: Buffer) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const state = { over: false };
  const settled = (): void => {
    state.over = true;
  };
  written.then(settled, settled);
  await Promise.resolve();
  while (!state.over && fs.stat(file) === undefined) await wait(FOLLOW_MS);
  const open = await fs.open(file, 'r');
  try {
    const buffer = Buffer.allocUnsafe(READ_BYTES);
    for (let position = 0; ;) {
      if (signal.aborted) throw new CiWarmError('aborted', `reading ${file} was stopped, as asked`);
      const last = state.over;
      const { bytesRead } = await readAt(open.fd, buffer, 0, READ_BYTES, position);
      if (bytesRead > 0) await take(buffer.subarray(0, bytesRead));
      else if (last) return;
      position += bytesRead;
      if (bytesRead < READ_BYTES && !state.over) await wait(FOLLOW_MS);
    }
  } finally {
    await open.close();
  }
}
