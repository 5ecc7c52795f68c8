/** What a stack leaves behind when its services and networks are gone. Errors: `no-answer`. */
export interface StackRemains {
  /**
   * Removes the volumes, configs and secrets that carry both labels: of this stack, and of this app (R2); secrets last, for
   * they cannot be made again. Already gone is fine. The data of a volume that is a bind stays where it is. Errors:
   * `conflict` while something uses one of them.
   */
  remove(stack: string, app: string, signal: AbortSignal): Promise<void>;
  /**
   * Removes the configs that Docker made for the stack, and that nothing uses. Only for a stack that our record says is the
   * app's: Docker's command line writes no label of ours on a config (R2). Already gone is fine.
   */
  removeConfigs(stack: string, signal: AbortSignal): Promise<void>;
}
