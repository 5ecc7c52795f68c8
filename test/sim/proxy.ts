/**
 * The proxy in front of the apps, on the controller's node. It asks the Swarm now and then which tasks there are, and
 * knows until the next time what it was told: an app that is new to it has no route, and one whose task went has a bad
 * one. It answers nothing while it is away.
 *
 * Not here: certificates and rules, which the adapter's own tests have.
 */
import type { ProbeResult } from '../../controller/model/probe.ts';
import type { SwarmModel } from './swarm-model.ts';
import type { SimContainer } from './swarm-objects.ts';
import type { SimTime } from './time.ts';

const REFRESH_MS = 15_000;

export class SimProxy {
  /** Stacks that were asked for while it was away. */
  readonly missed = new Set<string>();
  readonly #swarm: SwarmModel;
  readonly #time: SimTime;
  readonly #routes = new Map<string, SimContainer[]>();
  #awayUntilMs = -Infinity;

  constructor(swarm: SwarmModel, time: SimTime) {
    this.#swarm = swarm;
    this.#time = time;
  }

  /** From now on it looks for tasks. A world in which nobody asks it does without. */
  start(): void {
    this.#refresh();
    this.#time.after(REFRESH_MS, () => this.start());
  }

  goAway(forMs: number): void {
    this.#awayUntilMs = Math.max(this.#awayUntilMs, this.#time.nowMs + forMs);
  }

  comeBack(): void {
    this.#awayUntilMs = -Infinity;
  }

  /** GET of the domain that the stack has. */
  ask(stack: string): ProbeResult {
    const probe = 'GET / through the proxy';
    if (this.#time.nowMs < this.#awayUntilMs) {
      this.missed.add(stack);
      return { kind: 'unknown', probe, detail: 'the proxy cannot be asked at port 443' };
    }
    const servers = this.#routes.get(stack);
    if (servers === undefined) return { kind: 'red', probe, detail: 'answered 404' };
    // It goes on to the next where one cannot be reached.
    return servers.some(({ isRunning, isServing }) => isRunning && isServing)
      ? { kind: 'green', probe }
      : { kind: 'red', probe, detail: 'answered 502' };
  }

  #refresh(): void {
    this.#routes.clear();
    for (const container of this.#swarm.containers.values()) {
      const { service, spec, desiredState } = container.task;
      if (!container.isRunning || desiredState !== 'running' || spec.program.name !== 'app')
        continue;
      const servers = this.#routes.get(service.stack);
      if (servers === undefined) this.#routes.set(service.stack, [container]);
      else servers.push(container);
    }
  }
}
