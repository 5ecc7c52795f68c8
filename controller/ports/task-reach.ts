/** How a task on this node is reached from this host, for probes. Errors: `no-answer`. */

/** `no-way`: it cannot be reached, and that says nothing about the app. */
export type TaskAddress =
  | { readonly kind: 'address'; readonly address: string }
  | { readonly kind: 'no-way'; readonly why: string };

/** What a command in a container came to. */
export type ExecResult =
  | { readonly kind: 'exited'; readonly exitCode: number; readonly output: string }
  /** It did not end in time. It cannot be ended from outside, so it is not started again while it runs. */
  | { readonly kind: 'still-running' }
  | { readonly kind: 'no-way'; readonly why: string };

export interface TaskReach {
  /** Addresses by container id. One question for each container that was not asked about before, and one for all. */
  addresses(
    containerIds: readonly string[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, TaskAddress>>;
  /** Runs a command, by argument vector, in a container. At most `limitMs`; the beginning of its output is kept. */
  exec(
    containerId: string,
    command: readonly string[],
    limitMs: number,
    signal: AbortSignal,
  ): Promise<ExecResult>;
}
