/** A program that the controller runs, as it is on this host. */
export interface ToolFacts {
  /** As it is looked up in PATH. */
  readonly program: string;
  /** The first line of what it says of its version; undefined where it could not be run. */
  readonly version: string | undefined;
}
