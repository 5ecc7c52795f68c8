/** What a stack leaves behind when its services and networks are gone. Errors: `no-answer`. */
export interface StackRemains {
  /**
   * Removes the volumes, configs and secrets that carry both labels: of this stack, and of this app (R2); secrets last, for
   * they cannot be made again. Already gone is fine. The data of a volume that is a bind stays where it is. Errors:
   * `conflict` while something uses one of them.
   */
  remove(stack: string, app: string, signal: AbortSignal): Promise<void>;
}
