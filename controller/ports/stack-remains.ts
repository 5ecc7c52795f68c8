/** What a stack leaves behind when its services and networks are gone. Errors: `no-answer`. */
export interface StackRemains {
  /**
   * Removes the volumes and configs that carry both labels: of this stack, and of this app (R2). Already gone is fine. The
   * data of a volume that is a bind stays where it is.
   */
  remove(stack: string, app: string, signal: AbortSignal): Promise<void>;
}
