/** The room on the disk that everything of ci-warm is on. */
export interface HostDisk {
  /** Bytes that may still be written below the state directory. Errors: `tool-failed`. */
  freeBytes(): Promise<number>;
}
