/** Docker volumes on this node. Errors: `no-answer`, `conflict`. */
export interface Volumes {
  /**
   * Makes sure that volume `name` is a bind onto the folder `path` (driver `local`, `type: none, o: bind, device: path`),
   * so that no prune can take its data. A plain volume of that name that was there before is adopted as it is. One with
   * other options is a `conflict`. Returns where the data is. May be repeated.
   */
  ensureBindVolume(
    volume: {
      readonly name: string;
      readonly path: string;
      readonly labels: Readonly<Record<string, string>>;
    },
    signal: AbortSignal,
  ): Promise<{ readonly path: string }>;
  /** Where the data of an existing volume is, and the stack that it was made for; undefined: there is no such volume. */
  find(
    name: string,
    signal: AbortSignal,
  ): Promise<{ readonly path: string; readonly stack?: string | undefined } | undefined>;
  /**
   * Removes the volume if it is a bind onto `path` with these labels; any other of that name is left alone. Says whether
   * none of that name is left. Errors: `conflict` while something uses it.
   */
  removeBindVolume(
    volume: {
      readonly name: string;
      readonly path: string;
      readonly labels: Readonly<Record<string, string>>;
    },
    signal: AbortSignal,
  ): Promise<boolean>;
}
