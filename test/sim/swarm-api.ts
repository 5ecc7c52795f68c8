/**
 * Docker's API in front of the simulated Swarm, as it was measured: no answer while the daemon restarts; with the leader
 * lost, reads that are stale for 15 s and writes that hang, answer an error, and were done; then no answer at all.
 */
import { CiWarmError } from '../../controller/model/failure.ts';
import type { SwarmView } from '../../controller/model/swarm.ts';
import type { SwarmModel } from './swarm-model.ts';
import { managerView, viewOf, type ManagerView } from './swarm-view.ts';
import type { SimTime } from './time.ts';

const STALE_MS = 15_000;
const LEADERLESS_MS = 13_000;
const DAEMON_BACK_MS = 4800;

export class SwarmApi {
  readonly #swarm: SwarmModel;
  readonly #time: SimTime;
  #downUntilMs = 0;
  #leaderLost: { readonly atMs: number; readonly frozen: ManagerView } | undefined;
  #watchers: (() => void)[] = [];

  constructor(swarm: SwarmModel, time: SimTime) {
    this.#swarm = swarm;
    this.#time = time;
  }

  restartEngine(): void {
    this.#downUntilMs = this.#time.nowMs + DAEMON_BACK_MS;
    this.#swarm.restartEngine();
  }

  loseLeader(): void {
    if (this.#leaderLost !== undefined) return;
    this.#leaderLost = { atMs: this.#time.nowMs, frozen: managerView(this.#swarm, undefined) };
    this.#time.after(STALE_MS + LEADERLESS_MS, () => {
      this.#leaderLost = undefined;
    });
  }

  get isCalm(): boolean {
    return this.#leaderLost === undefined && this.#time.nowMs >= this.#downUntilMs;
  }

  view(stack: string | undefined): SwarmView {
    this.#refuseWhileDown();
    const now = viewOf(this.#swarm, this.#time.nowMs, stack);
    if (this.#leaderLost === undefined) return now;
    if (this.#time.nowMs > this.#leaderLost.atMs + STALE_MS) throw noLeader();
    const { frozen } = this.#leaderLost;
    const isAsked = (one: { readonly stack: string | undefined }): boolean =>
      stack === undefined || one.stack === stack;
    return {
      ...now,
      services: frozen.services.filter(isAsked),
      tasks: frozen.tasks.filter(isAsked),
      networks: frozen.networks.filter(isAsked),
      secrets: frozen.secrets.filter(isAsked),
    };
  }

  /** A write to Swarm's store. `sleep` is the caller's, who waits for its answer. */
  async write(effect: () => void, sleep: (ms: number) => Promise<void>): Promise<void> {
    this.#refuseWhileDown();
    if (this.#leaderLost === undefined) {
      effect();
      this.tell();
      return;
    }
    const staleForMs = this.#leaderLost.atMs + STALE_MS - this.#time.nowMs;
    if (staleForMs <= 0) throw noLeader();
    effect();
    await sleep(staleForMs + 800);
    throw new CiWarmError('no-answer', 'rpc error: node lost leader status');
  }

  /** What needs this node's daemon alone. */
  refuseWhileDown(): void {
    this.#refuseWhileDown();
  }

  watch(onChange: () => void): void {
    this.#watchers = [...this.#watchers.slice(-3), onChange];
  }

  /** Events are hints: some are lost, some come late, some twice. */
  tell(): void {
    for (const watcher of this.#watchers) {
      if (this.#time.nowMs % 3 === 0) continue;
      this.#time.after(this.#time.nowMs % 7 === 0 ? 4000 : 20, watcher, true);
      if (this.#time.nowMs % 5 === 0) this.#time.after(30, watcher, true);
    }
  }

  #refuseWhileDown(): void {
    if (this.#time.nowMs < this.#downUntilMs) {
      throw new CiWarmError('no-answer', 'the Docker daemon does not answer');
    }
  }
}

function noLeader(): CiWarmError {
  return new CiWarmError('no-answer', 'rpc error: The swarm does not have a leader');
}
