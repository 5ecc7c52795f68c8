/** Swarm's secret store. Values go in and never come out again. Errors: `no-answer`, `conflict`. */
export interface Secrets {
  /** Full name → id of every secret whose name begins with `<stack>_`. */
  list(stack: string, signal: AbortSignal): Promise<ReadonlyMap<string, string>>;
  /**
   * Makes the secret unless one of this name is there; an existing one is left as it is. A create that answers an error
   * is looked up again before it counts as failed (L4).
   */
  ensure(
    secret: {
      readonly name: string;
      readonly value: Buffer;
      readonly labels: Readonly<Record<string, string>>;
    },
    signal: AbortSignal,
  ): Promise<{ readonly id: string }>;
}
