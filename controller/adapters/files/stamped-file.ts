/**
 * One file as it was read last, recognised as unchanged by a single stat: what makes an idle pass cheap.
 *
 * The stamp is always taken before the content is read, so a file that changes in between is read again rather than
 * taken for what it was. What cannot be looked at is Unknown and never remembered (L1).
 */
import { reasonOf } from '../../model/failure.ts';
import { unknown, whyInFull, type Known } from '../../model/known.ts';
import { errorCode, sameStamp, type FileStamp, type FileSystem } from './fs.ts';

export interface StampedFile<T> {
  /** The same object as before while the file is unchanged. Never throws. */
  read(): Promise<Known<T>>;
  /** Says what the file holds after we wrote it ourselves, so that it need not be read back. */
  remember(value: Known<T>): void;
  /** The next `read` reads the file whatever its stamp. */
  forget(): void;
}

export interface StampedFileOptions<T> {
  readonly path: string;
  readonly fs: FileSystem;
  /** What the content means. Must not throw. */
  readonly parse: (content: Buffer) => Known<T>;
  /** What it means that there is no such file. Asked each time. Must not throw. */
  readonly absent: () => Known<T>;
}

export function createStampedFile<T>(options: StampedFileOptions<T>): StampedFile<T> {
  const { path, fs, parse, absent } = options;
  let seen: { readonly stamp: FileStamp; readonly value: Known<T> } | undefined;
  let last: Known<T> | undefined;

  /** Answers that say the same stay the same object. */
  const settle = (value: Known<T>): Known<T> => {
    const isSame =
      last !== undefined && last.known === value.known && valueOf(last) === valueOf(value);
    return isSame && last !== undefined ? last : (last = value);
  };

  const load = async (): Promise<Known<T>> => {
    const stamp = fs.stat(path);
    if (stamp === undefined) return absent();
    if (seen !== undefined && sameStamp(seen.stamp, stamp)) return seen.value;
    const value = parse(await fs.read(path));
    seen = { stamp, value };
    return value;
  };

  return {
    read: async () => {
      try {
        return settle(await load());
      } catch (error) {
        // Between the stat and the read it was removed or replaced: look once more, then say so.
        if (errorCode(error) !== 'ENOENT') return settle(cannotRead(path, error));
        return settle(await load().catch((again: unknown) => cannotRead(path, again)));
      }
    },
    remember: (value) => {
      const stamp = fs.stat(path);
      seen = stamp === undefined ? undefined : { stamp, value };
    },
    forget: () => {
      seen = undefined;
    },
  };
}

function valueOf<T>(fact: Known<T>): T | string {
  return fact.known ? fact.value : whyInFull(fact).join('\n');
}

function cannotRead(path: string, error: unknown): Known<never> {
  if (errorCode(error) === 'EACCES') {
    return unknown(
      `${path} is closed to this user: ask as root, or as a member of the group that the state directory was given`,
    );
  }
  return unknown(`cannot read ${path}: ${reasonOf(error)}; see that it is a readable file`);
}
