/**
 * The outbox at work: beside the loop, never in it (A1). A pass tells it what it saw and goes on; sending, waiting for
 * the next try and moving files that are out are done here. Each sink has one try under way at a time, and none waits
 * for another's.
 *
 * At least once: what a sink took is remembered after it took it, so a kill in between sends it again, under the same
 * `deliveryId`. What cannot be remembered for now (disk full) is kept in mind and saved with the next change.
 *
 * Not here: what is due where (report/delivery.ts) and how a sink is reached (ports/alert-sinks.ts).
 */
import type { Delivery, AlertOutboxState } from '../model/delivery.ts';
import type { AlertPolicy, AlertSinkSpec } from '../model/desired.ts';
import { reasonOf } from '../model/failure.ts';
import type { AlertOutbox, AlertPlace } from '../ports/alert-outbox.ts';
import type { AlertSinks } from '../ports/alert-sinks.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { messageOf } from '../report/alert-message.ts';
import {
  afterTry,
  dueFor,
  nextTryMs,
  planOutbox,
  type FiledAlert,
  type Try,
} from '../report/delivery.ts';
import type { Standing } from '../report/standing.ts';
import { oneLine } from '../report/text.ts';
import { Wake } from './wake.ts';

export interface OutboxDeps {
  readonly outbox: AlertOutbox;
  readonly sinks: AlertSinks;
  readonly clock: Clock;
  readonly log: Log;
}

/** What a pass tells the outbox. */
export interface OutboxNews {
  /** Undefined: Settings could not be read now; those that were read last count. */
  readonly policy: AlertPolicy | undefined;
  readonly standing: Standing;
}

/** Without a try that is due and without news it looks this often. */
const LOOK_MS = 60_000;
const FAILURE_LENGTH_MAX = 300;

export class Outbox {
  readonly #deps: OutboxDeps;
  readonly #wake: Wake;
  readonly #underWay = new Map<string, Promise<void>>();
  /** Sinks that failed last, with what was said of it. */
  readonly #failing = new Map<string, string>();
  #state: AlertOutboxState | undefined;
  #savedAs: string | undefined;
  #news: OutboxNews | undefined;
  #tail: Promise<void> = Promise.resolve();
  #trouble = '';

  constructor(deps: OutboxDeps) {
    this.#deps = deps;
    this.#wake = new Wake(deps.clock);
  }

  /** Takes note and returns at once; never throws. */
  tell(news: OutboxNews): void {
    this.#news = news;
    this.#wake.activate();
  }

  /** Delivers until the signal aborts; never rejects. Tries under way are given up then, and made again by the next controller. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#turn(signal);
      const nowMs = this.#deps.clock.now();
      const nextMs = nextTryMs(this.#state?.deliveries ?? [], nowMs) ?? nowMs + LOOK_MS;
      await this.#wake.wait(Math.min(nextMs - nowMs, LOOK_MS), signal);
    }
    await Promise.all(this.#underWay.values());
  }

  /** Sends what is due now, and returns when that was tried or the limit is over; never rejects. For `--once`. */
  async settle(limitMs: number, signal: AbortSignal): Promise<void> {
    const stop = new AbortController();
    const onAbort = (): void => {
      stop.abort();
    };
    signal.addEventListener('abort', onAbort, { once: true });
    const limit = this.#deps.clock.sleep(limitMs, stop.signal).then(onAbort);
    while (!stop.signal.aborted && !signal.aborted) {
      await this.#turn(signal);
      if (this.#underWay.size === 0) break;
      await Promise.race([limit, ...this.#underWay.values()]);
    }
    stop.abort();
    signal.removeEventListener('abort', onAbort);
    await limit;
  }

  /** One look at what is due; begins tries and waits for none. One after the other. */
  #turn(signal: AbortSignal): Promise<void> {
    return this.#inTurn(async () => {
      const state = (this.#state ??= await this.#load());
      const policy = this.#news?.policy ?? state.policy;
      if (policy === null) return;
      const { outbox, clock } = this.#deps;
      const files = await this.#filed(await outbox.places(), state.deliveries);
      const plan = planOutbox({
        deliveries: state.deliveries,
        files,
        policy,
        standing: this.#news?.standing,
        nowMs: clock.now(),
      });
      await this.#remember({ policy, deliveries: plan.deliveries });
      for (const delivery of plan.reminded) this.#sayReminder(delivery);
      for (const id of plan.putAway) await outbox.putAway(id);
      // Which are put away counts for the next look alone.
      if (plan.putAway.length > 0) this.#wake.activate();
      for (const sink of policy.sinks) this.#begin(sink, signal);
    });
  }

  async #inTurn(task: () => Promise<void>): Promise<void> {
    const run = this.#tail.then(task).catch((thrown: unknown) => {
      this.#say('alerts cannot be delivered', reasonOf(thrown));
    });
    this.#tail = run;
    await run;
  }

  /** Once for each trouble, not once a turn. */
  #say(message: string, why: string): void {
    if (this.#trouble === why) return;
    this.#trouble = why;
    this.#deps.log.error(message, { why });
  }

  async #load(): Promise<AlertOutboxState> {
    const read = await this.#deps.outbox.read();
    if (read.known) {
      this.#savedAs = JSON.stringify(read.value);
      return read.value;
    }
    this.#deps.log.warn('alerts that wait are sent once more', { why: read.why });
    return { policy: null, deliveries: [] };
  }

  /** Files are read only where something has to be learnt from them. */
  async #filed(
    places: readonly AlertPlace[],
    deliveries: readonly Delivery[],
  ): Promise<readonly FiledAlert[]> {
    const known = new Set(deliveries.map(({ id }) => id));
    return Promise.all(
      places
        .filter(({ id, seen }) => known.has(id) || !seen)
        .map(async (place): Promise<FiledAlert> => {
          if (known.has(place.id)) return { ...place, told: undefined };
          const alert = await this.#deps.outbox.alert(place);
          return { ...place, told: alert.known ? alert.value : undefined };
        }),
    );
  }

  /** Never throws: what cannot be saved now is saved with the next look. */
  async #remember(state: AlertOutboxState): Promise<void> {
    this.#state = state;
    const text = JSON.stringify(state);
    if (this.#savedAs === text) return;
    try {
      await this.#deps.outbox.save(state);
      this.#savedAs = text;
    } catch (thrown) {
      // That the disk is full is just what people have to be told.
      this.#say('what was delivered cannot be saved', reasonOf(thrown));
    }
  }

  #begin(sink: AlertSinkSpec, signal: AbortSignal): void {
    if (signal.aborted || this.#underWay.has(sink.name)) return;
    const due = dueFor(sink.name, this.#state?.deliveries ?? [], this.#deps.clock.now());
    if (due === undefined) return;
    const underWay = this.#try(sink, due, signal).then(() => {
      this.#underWay.delete(sink.name);
      this.#wake.activate();
    });
    this.#underWay.set(sink.name, underWay);
  }

  async #try(sink: AlertSinkSpec, due: Delivery, signal: AbortSignal): Promise<void> {
    const { failure, ...later } = await this.#send(sink, due, signal);
    if (signal.aborted) return;
    this.#sayOf(sink.name, failure);
    const { id, round } = due;
    await this.#inTurn(async () => {
      const { policy = null, deliveries = [] } = this.#state ?? {};
      const nowMs = this.#deps.clock.now();
      const tried = { id, sink: sink.name, round, failure, nowMs, ...later };
      await this.#remember({ policy, deliveries: afterTry(deliveries, tried) });
    });
  }

  async #send(
    sink: AlertSinkSpec,
    due: Delivery,
    signal: AbortSignal,
  ): Promise<Pick<Try, 'failure' | 'retryAfterMs'>> {
    const failed = (why: string): Pick<Try, 'failure'> => ({
      failure: oneLine(why, FAILURE_LENGTH_MAX),
    });
    const { outbox, sinks, clock } = this.#deps;
    try {
      const { id, isOut: seen } = due;
      const alert = await outbox.alert({ id, seen, acknowledged: false });
      if (!alert.known) return failed(alert.why);
      const message = messageOf(alert.value, due, clock.now());
      const sent = await sinks.send(sink, message, signal);
      if (sent.kind === 'delivered') return { failure: null };
      const { why, retryAfterMs } = sent;
      return { ...failed(why), ...(retryAfterMs !== undefined && { retryAfterMs }) };
    } catch (thrown) {
      return failed(reasonOf(thrown));
    }
  }

  /** Once when it begins to fail, or fails otherwise, and once when it is over. */
  #sayOf(sink: string, failure: string | null): void {
    const before = this.#failing.get(sink);
    if (failure === null) {
      this.#failing.delete(sink);
      if (before !== undefined) this.#deps.log.info('alerts reach the sink again', { sink });
      return;
    }
    this.#failing.set(sink, failure);
    if (before === failure) return;
    this.#deps.log.warn('an alert does not reach its sink, and is sent again later', {
      sink,
      why: failure,
    });
  }

  #sayReminder({ app, kind, id, round }: Delivery): void {
    this.#deps.log.warn('an alert still stands', { app, kind, id, reminder: round });
  }
}

/** How long work that ends by itself waits for what is due; sinks that take longer get it from the next controller. */
const SETTLE_MS = 20_000;

/** Delivers while the work goes on, and what is due when it has ended of itself. Never fails or delays what it accompanies longer. */
export async function deliverBeside<T>(
  outbox: Outbox,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const onAbort = (): void => {
    stop.abort();
  };
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) stop.abort();
  const running = outbox.run(stop.signal);
  try {
    return await work();
  } finally {
    await outbox.settle(SETTLE_MS, stop.signal);
    signal.removeEventListener('abort', onAbort);
    stop.abort();
    await running;
  }
}
