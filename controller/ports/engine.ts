/** The Docker Engine, as far as observing and removing goes. Errors: `no-answer` when it does not answer or has no leader. */
import type { SwarmView } from '../model/swarm.ts';

export interface Engine {
  /**
   * The whole Swarm in a constant number of list calls (at most ten), however many apps there are. All or nothing:
   * one failed call fails the observation. May be repeated.
   */
  observe(signal: AbortSignal): Promise<SwarmView>;
  /** The same, for one stack and with filters at the source; for polling while a transition waits. */
  observeStack(stack: string, signal: AbortSignal): Promise<SwarmView>;
  /** Removes a service by id. Already gone is fine. Says nothing about its tasks. */
  removeService(id: string, signal: AbortSignal): Promise<void>;
  /**
   * Sets labels of a service, drops others, and changes nothing else of it, so that Swarm replaces no task. One that has
   * them already is left alone. `ifVersion`: only while Swarm's version of the service is this one; `conflict` otherwise,
   * and where the service is gone. May be repeated.
   */
  labelService(
    id: string,
    change: {
      readonly set: Readonly<Record<string, string>>;
      readonly drop: readonly string[];
      readonly ifVersion?: number;
    },
    signal: AbortSignal,
  ): Promise<void>;
  /**
   * Removes a container that does not run; its named volumes stay. Already gone is fine; `conflict` while it runs. Only for
   * what Swarm itself has forgotten: it takes the containers of its tasks away by itself.
   */
  removeContainer(id: string, signal: AbortSignal): Promise<void>;
  /** Removes a network by id. Already gone is fine; `conflict` while something is attached. */
  removeNetwork(id: string, signal: AbortSignal): Promise<void>;
  /** The last lines that the service's tasks wrote, oldest first, without Docker's framing. At most `linesMax`. */
  tailLogs(serviceId: string, linesMax: number, signal: AbortSignal): Promise<readonly string[]>;
  /** Something may have changed: carries no data (wake-ups never do). Reconnects by itself; ends with the signal. */
  watch(onChange: () => void, signal: AbortSignal): Promise<void>;
  /** Containers outside Swarm, and processes of this node, that use one of these host paths: one sentence each, empty when none (S1). */
  usersOf(
    volumeNames: readonly string[],
    paths: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly string[]>;
}
