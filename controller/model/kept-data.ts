/** Something in the state directory that takes room, for the sake of one app. */
export interface KeptData {
  /**
   * - `snapshot`: the last-known-good.
   * - `live`: the data of a volume.
   * - `displaced`: what a restore replaced; it goes when the app is healthy again.
   * - `set-aside`: what only a failed target made; nothing ever deletes it by itself.
   * - `unfinished`: what a killed process left; the next operation deletes it.
   */
  readonly kind: 'snapshot' | 'live' | 'displaced' | 'set-aside' | 'unfinished';
  readonly path: string;
  readonly sizeBytes: number;
}
