/**
 * `<name>/orphan.json`: since when nothing under `desired/` asks for the app. There only while that is so. A file, and not
 * memory: the grace time goes on through restarts of the controller.
 */
export interface Orphan {
  /** RFC 3339, UTC, by the controller's clock. */
  readonly since: string;
}
