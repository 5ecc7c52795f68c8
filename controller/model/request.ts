/**
 * What a person asks to be done to one app, written down before it is answered: `<name>/request.json`. A crash does not
 * lose it (L2), and a pass finds it like everything else that it looks at; a wake-up carries no data.
 *
 * A request for a transition lends that transition its id: a journal that knows the id says that it was begun.
 */

export interface AppRequest {
  readonly id: string;
  /**
   * - `retry`: lift the quarantine that there was then, and wait for no back-off.
   * - `restore`: back to the snapshot and the release that it belongs to.
   * - `drill`: try beside the app whether the snapshot can be restored.
   * - `prune`: take away everything of an app that was retired. No transition does it, for its journal goes, too.
   */
  readonly kind: 'retry' | 'restore' | 'drill' | 'prune';
  /** What `restore` and `drill` are about: another snapshot by then is not what was asked for. */
  readonly snapshotId: string | null;
  /**
   * Of `retry`: `since` of the quarantine that it lifts, which is the one that the person knew of; null: there was none.
   * Left out by older versions: it lifts whatever there is.
   */
  readonly lifts?: string | null;
  /** RFC 3339, UTC. */
  readonly at: string;
}
