/**
 * Appends lines durably to one file, which it makes closed to other users. What the lines mean is journal.ts's business.
 *
 * A line that could not be made durable is taken back. After that the kernel may have dropped pages that it could not
 * write, and would say nothing of it at the next sync: so the next append writes the whole file anew.
 */
import { dirname } from 'node:path';
import { CLOSED_FILE, writeFileAtomic } from './atomic-write.ts';
import type { FileSystem, OpenFile } from './fs.ts';

export interface LineWriter {
  /**
   * Puts `line` at `position`, cutting off what stands behind it. When it returns, the line survives a power cut; when
   * it throws, the line may be there or not. One call at a time. Throws what the file system throws.
   */
  append(position: number, line: Buffer): Promise<void>;
  /** Somebody replaced the file, and it is not sure that this lasts: the next append replaces it once more. */
  distrust(): void;
}

export function createLineWriter(path: string, fs: FileSystem): LineWriter {
  let isSuspect = false;
  return {
    distrust: () => {
      isSuspect = true;
    },
    append: async (position, line) => {
      if (isSuspect) {
        const before = (await fs.read(path)).subarray(0, position);
        await writeFileAtomic(path, Buffer.concat([before, line]), {
          fs,
          mode: CLOSED_FILE,
        });
        isSuspect = false;
        return;
      }
      const isNew = fs.stat(path) === undefined;
      try {
        await appendSynced(await fs.open(path, isNew ? 'wx' : 'r+', CLOSED_FILE), position, line);
        if (isNew) await fs.syncDirectory(dirname(path));
      } catch (error) {
        isSuspect = fs.stat(path) !== undefined;
        throw error;
      }
    },
  };
}

async function appendSynced(file: OpenFile, position: number, line: Buffer): Promise<void> {
  try {
    await file.truncate(position);
    await file.write(line, position);
    await file.sync();
  } catch (error) {
    // Best effort: what cannot be taken back is read as torn, or as written, and both are fine.
    await file.truncate(position).catch(() => undefined);
    throw error;
  } finally {
    await file.close();
  }
}
