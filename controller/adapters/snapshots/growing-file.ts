/**
 * Syncs a file while somebody else still writes it, so that the disk works while the cores do and the sync that counts
 * finds little left. Only a matter of time, but for one thing: the kernel tells of a failed write to whoever had the
 * file open then, once. So what fails here is remembered.
 */
import type { FileSystem } from './layout.ts';

/** How much of a growing file may wait for its disk. */
const UNSYNCED_BYTES_MAX = 32 * 1024 * 1024;

export class GrowingFile {
  readonly #path: string;
  readonly #fs: FileSystem;
  #unsyncedBytes = 0;
  #syncing: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(path: string, fs: FileSystem) {
    this.#path = path;
    this.#fs = fs;
  }

  /** So much more of it has been seen. Waits for nothing. */
  grown(lengthBytes: number): void {
    this.#unsyncedBytes += lengthBytes;
    if (this.#syncing !== undefined || this.#unsyncedBytes < UNSYNCED_BYTES_MAX) return;
    this.#unsyncedBytes = 0;
    this.#syncing = this.#sync().then(
      () => {
        this.#syncing = undefined;
      },
      (error: unknown) => {
        this.#failure ??= { error };
        this.#syncing = undefined;
      },
    );
  }

  /** Waits for what is under way. Throws the first failure of any sync so far. */
  async settled(): Promise<void> {
    await this.#syncing;
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  async #sync(): Promise<void> {
    const open = await this.#fs.open(this.#path, 'r');
    try {
      await open.sync();
    } finally {
      await open.close();
    }
  }
}
