/**
 * One lease over time: taken, renewed, lost, taken again, given up. What it means for the work: `Standing`.
 *
 * No two clocks are compared. Who waits counts the time in which the lease did not change, by its own clock, and takes it
 * after a whole ttl; who holds it counts from before the write that renewed it, and stops a good while earlier. Both
 * must use a clock that nobody sets. What decides in the end is the store's comparing and setting.
 */
import { reasonOf } from '../model/failure.ts';
import type { Clock } from '../ports/clock.ts';
import type { Claim, Leases, LeaseView } from '../ports/lease.ts';
import type { Log } from '../ports/log.ts';

/** How long the others leave a lease alone that does not change. */
const TTL_MS = 60_000;
const RENEW_MS = 20_000;
/** After the last renewal: nothing is done any more, and what is under way has ten seconds to end before others may act. */
const FENCE_MS = 50_000;
const LOOK_MS = 5_000;
const RETRY_MS = 2_000;

export type Standing =
  /** Work may be begun, and ends when the signal aborts: the lease was lost, or the controller stops. */
  | { readonly kind: 'held'; readonly signal: AbortSignal }
  /** Somebody else has it. `isAlive`: it was seen to change. */
  | { readonly kind: 'rival'; readonly holder: string; readonly isAlive: boolean }
  /** Nobody knows whose it is (L1). */
  | { readonly kind: 'unanswered'; readonly why: string };

export interface TenureDeps {
  readonly leases: Leases;
  readonly clock: Clock;
  readonly log: Log;
  /** Milliseconds of a clock that nobody sets, from anywhere. */
  readonly elapsedMs: () => number;
  readonly holder: string;
  /** The controller stops. */
  readonly signal: AbortSignal;
  /** The standing is another one. */
  readonly onChange: () => void;
}

export class Tenure {
  readonly #deps: TenureDeps;
  readonly #scope: string;
  readonly #session: string;
  readonly #stop = new AbortController();
  readonly #first = Promise.withResolvers<undefined>();
  readonly #life: Promise<void>;
  #standing: Standing = { kind: 'unanswered', why: 'The lease was not looked at yet' };
  #work: AbortController | undefined;
  #fence: AbortController | undefined;
  #wasHeld = false;
  #beat = 0;
  #watched: { readonly view: LeaseView; readonly sinceMs: number } | undefined;

  /** Begins at once. */
  constructor(scope: string, deps: TenureDeps) {
    this.#scope = scope;
    this.#deps = deps;
    this.#session = deps.clock.newId();
    deps.signal.addEventListener('abort', this.#stopWork);
    this.#life = this.#live();
  }

  get standing(): Standing {
    return this.#standing;
  }

  /** Resolves when it was tried to take it once. */
  get tried(): Promise<undefined> {
    return this.#first.promise;
  }

  /** Ends the work under it, and gives it up where it is ours. Never rejects: a lease that stays runs out by itself. */
  async close(): Promise<void> {
    this.#stopWork();
    this.#deps.signal.removeEventListener('abort', this.#stopWork);
    this.#fence?.abort();
    this.#stop.abort();
    await this.#life;
    if (this.#beat > 0) await this.#giveUp().catch(() => undefined);
  }

  readonly #stopWork = (): void => {
    this.#work?.abort();
  };

  async #live(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const pauseMs = await this.#step();
      this.#first.resolve(undefined);
      await this.#deps.clock.sleep(pauseMs, this.#stop.signal);
    }
  }

  /** Looks, and does what follows; says how long it is good for. */
  async #step(): Promise<number> {
    try {
      const seen = await this.#deps.leases.look(this.#scope, this.#stop.signal);
      if (!this.#mayWrite(seen)) return LOOK_MS;
      const beganMs = this.#deps.elapsedMs();
      const claim = this.#claim(false);
      const isDone = await this.#deps.leases.write(this.#scope, seen, claim, this.#stop.signal);
      return isDone ? this.#hold(beganMs) : RETRY_MS;
    } catch (thrown) {
      if (!this.#stop.signal.aborted && this.#standing.kind !== 'held') {
        this.#standing = {
          kind: 'unanswered',
          why: `The lease of ${this.#scope} could not be taken: ${reasonOf(thrown)}`,
        };
      }
      return RETRY_MS;
    }
  }

  #mayWrite(seen: LeaseView | undefined): boolean {
    if (seen === undefined || seen.isGivenUp || seen.session === this.#session) return true;
    // Before a restart it was ours: the lock of the state directory says that nobody else is. Once held and then lost to
    // somebody of our own name, there is another one all the same.
    if (seen.holder === this.#deps.holder && !this.#wasHeld) return true;
    const { elapsedMs } = this.#deps;
    const isNew = this.#watched?.view.id !== seen.id || this.#watched.view.version !== seen.version;
    if (isNew) this.#meet(seen);
    const sinceMs = this.#watched?.sinceMs ?? elapsedMs();
    return elapsedMs() - sinceMs >= Math.max(TTL_MS, seen.ttlMs);
  }

  /** Somebody else has written. */
  #meet(seen: LeaseView): void {
    const { holder } = seen;
    const isAlive = this.#watched !== undefined;
    this.#watched = { view: seen, sinceMs: this.#deps.elapsedMs() };
    if (this.#standing.kind === 'held') this.#lose(`${holder} has taken it`);
    const before = this.#standing;
    if (before.kind === 'rival' && before.holder === holder && before.isAlive === isAlive) return;
    if (before.kind !== 'rival' || before.holder !== holder) {
      this.#deps.log.warn('another controller has the lease; waiting until it is free', {
        scope: this.#scope,
        holder,
      });
    }
    this.#standing = { kind: 'rival', holder, isAlive };
    this.#deps.onChange();
  }

  #hold(beganMs: number): number {
    const leftMs = FENCE_MS - (this.#deps.elapsedMs() - beganMs);
    if (leftMs <= 0 || this.#stop.signal.aborted) return RETRY_MS;
    this.#watched = undefined;
    this.#armFence(leftMs);
    if (this.#standing.kind === 'held') return RENEW_MS;
    this.#wasHeld = true;
    this.#work = new AbortController();
    if (this.#deps.signal.aborted) this.#work.abort();
    this.#standing = { kind: 'held', signal: this.#work.signal };
    this.#deps.log.info('holds the lease', { scope: this.#scope, holder: this.#deps.holder });
    this.#deps.onChange();
    return RENEW_MS;
  }

  #armFence(leftMs: number): void {
    this.#fence?.abort();
    const own = new AbortController();
    this.#fence = own;
    void this.#deps.clock.sleep(leftMs, own.signal).then(() => {
      if (own.signal.aborted) return;
      this.#lose(`it could not be renewed for ${String(FENCE_MS / 1000)} s`);
      this.#deps.onChange();
    });
  }

  #lose(why: string): void {
    this.#fence?.abort();
    this.#stopWork();
    this.#standing = {
      kind: 'unanswered',
      why: `The lease of ${this.#scope} was lost: ${why}`,
    };
    this.#deps.log.warn('the lease is lost: what is under way stops, and goes on when it is back', {
      scope: this.#scope,
      why,
    });
  }

  async #giveUp(): Promise<void> {
    const { leases } = this.#deps;
    const neverAborted = new AbortController().signal;
    const seen = await leases.look(this.#scope, neverAborted);
    if (seen?.session !== this.#session) return;
    if (!(await leases.write(this.#scope, seen, this.#claim(true), neverAborted))) return;
    await leases.remove(seen, neverAborted);
  }

  #claim(isGivenUp: boolean): Claim {
    const { holder, clock } = this.#deps;
    this.#beat += 1;
    const renewedAt = new Date(clock.now()).toISOString();
    const session = this.#session;
    return { holder, session, beat: this.#beat, renewedAt, ttlMs: TTL_MS, isGivenUp };
  }
}
