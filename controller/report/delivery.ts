/**
 * What is due where: the outbox as a function of what it remembers, what alert files there are, whom Settings name and
 * what still holds. Sending, files and waiting are reconcile/outbox.ts's and its ports'.
 *
 * A1: one alert per event. An alert goes to each sink until the sink has taken it, however long that takes; afterwards
 * only as a reminder, while its cause holds. Sinks do not wait for each other.
 */
import type { ToldAlert } from '../model/alert.ts';
import type { Delivery, SinkDelivery } from '../model/delivery.ts';
import type { AlertPolicy } from '../model/desired.ts';
import { verdictOn, type Standing } from './standing.ts';
import { rfc3339 } from './text.ts';

/** First pause after a try that failed; each further one is twice as long. */
const BACK_OFF_FIRST_MS = 10_000;
const BACK_OFF_MAX_MS = 15 * 60_000;

/** An alert that has a file. */
export interface FiledAlert {
  readonly id: string;
  readonly seen: boolean;
  readonly acknowledged: boolean;
  /** Needed of those alone that are neither seen nor known to the outbox; undefined: its file cannot be read. */
  readonly told: (Omit<ToldAlert, 'id'> & { readonly at: string }) | undefined;
}

export interface OutboxLook {
  readonly deliveries: readonly Delivery[];
  /** In order of id. */
  readonly files: readonly FiledAlert[];
  readonly policy: AlertPolicy;
  /** Undefined: no pass has looked yet. */
  readonly standing: Standing | undefined;
  readonly nowMs: number;
}

export interface OutboxPlan {
  /** What to remember from now on, in order of id. */
  readonly deliveries: readonly Delivery[];
  /** Ids of alerts whose files belong into `seen/`, once `deliveries` is remembered. */
  readonly putAway: readonly string[];
  /** Those whose cause holds for so long that a new round began with this look. */
  readonly reminded: readonly Delivery[];
}

/** The same look gives the same plan; a second look at once changes nothing. */
export function planOutbox(look: OutboxLook): OutboxPlan {
  const { policy, standing, nowMs } = look;
  const known = new Map(look.deliveries.map((delivery) => [delivery.id, delivery]));
  const deliveries: Delivery[] = [];
  const putAway: string[] = [];
  const reminded: Delivery[] = [];
  for (const file of look.files) {
    const before = known.get(file.id) ?? begun(file);
    // A person has read it, or moved it away: nobody needs to be told any more.
    if (before === undefined || file.acknowledged || (file.seen && !before.isOut)) continue;
    const verdict = standing === undefined ? 'unknown' : verdictOn(before, standing);
    const isDue = nowMs - Date.parse(before.roundAt) >= policy.remindAfterMs;
    const again = verdict === 'holds' && isDue ? nextRound(before, nowMs) : before;
    if (again !== before) reminded.push(again);
    const addressed = { ...again, sinks: sinksOf(again, policy) };
    const isOut = addressed.isOut || isWithAll(addressed);
    if (isOut && !file.seen) putAway.push(file.id);
    // Of what is over nobody is reminded; and it is kept in mind until its file is where it belongs.
    if (isOut && verdict === 'over' && file.seen) continue;
    deliveries.push({ ...addressed, isOut });
  }
  return { deliveries, putAway, reminded };
}

function begun({ id, seen, told }: FiledAlert): Delivery | undefined {
  if (seen || told === undefined) return undefined;
  const { app, kind, fingerprint, at } = told;
  return { id, app, kind, fingerprint, round: 0, roundAt: at, isOut: false, sinks: [] };
}

function nextRound(before: Delivery, nowMs: number): Delivery {
  return { ...before, round: before.round + 1, roundAt: rfc3339(nowMs) };
}

/** The sinks that Settings name now. One that came later is sent what is not out yet, and reminders. */
function sinksOf({ sinks, isOut, round }: Delivery, policy: AlertPolicy): readonly SinkDelivery[] {
  return policy.sinks.map(
    ({ name }) =>
      sinks.find(({ sink }) => sink === name) ?? {
        sink: name,
        delivered: isOut ? round : null,
        attempts: 0,
        nextTryAt: null,
        lastFailure: null,
      },
  );
}

/** Without sinks an alert is out with nobody: it waits for a person. */
function isWithAll(delivery: Delivery): boolean {
  return delivery.sinks.length > 0 && pendingSinks(delivery).length === 0;
}

/** The sinks that have not had it yet. */
export function pendingSinks(delivery: Delivery): readonly SinkDelivery[] {
  return delivery.sinks.filter((one) => isPending(one, delivery));
}

function isPending({ delivered }: SinkDelivery, { round }: Delivery): boolean {
  return delivered === null || delivered < round;
}

/** What this sink is to be sent now, the oldest first; undefined: nothing. */
export function dueFor(
  sink: string,
  deliveries: readonly Delivery[],
  nowMs: number,
): Delivery | undefined {
  return deliveries.find((delivery) =>
    delivery.sinks.some(
      (one) =>
        one.sink === sink &&
        isPending(one, delivery) &&
        (one.nextTryAt === null || isTime(Date.parse(one.nextTryAt), nowMs)),
    ),
  );
}

/** A time further off than any pause was written by a clock that has been set back since. */
function isTime(atMs: number, nowMs: number): boolean {
  return atMs <= nowMs || atMs > nowMs + BACK_OFF_MAX_MS;
}

/** When the next try is due whose time has not come; undefined: there is none. */
export function nextTryMs(deliveries: readonly Delivery[], nowMs: number): number | undefined {
  const times = deliveries.flatMap((delivery) =>
    delivery.sinks.flatMap((one) =>
      isPending(one, delivery) && one.nextTryAt !== null ? [Date.parse(one.nextTryAt)] : [],
    ),
  );
  const later = times.filter((time) => time > nowMs);
  return later.length === 0 ? undefined : Math.min(...later);
}

/** One try that has ended. */
export interface Try {
  readonly id: string;
  readonly sink: string;
  readonly round: number;
  /** Why it failed; null: the sink has it. */
  readonly failure: string | null;
  /** The sink asked to be left alone for so long; left out: it did not. */
  readonly retryAfterMs?: number;
  readonly nowMs: number;
}

/** What is to be remembered of it. A sink that answers again is sent at once what waits for it. */
export function afterTry(deliveries: readonly Delivery[], tried: Try): readonly Delivery[] {
  return deliveries.map((delivery) => ({
    ...delivery,
    sinks: delivery.sinks.map((one) => {
      if (one.sink !== tried.sink) return one;
      if (delivery.id === tried.id) return triedOne(one, tried);
      if (tried.failure === null) return { ...one, nextTryAt: null };
      return isPending(one, delivery) ? leftAlone(one, tried) : one;
    }),
  }));
}

/** A sink that asks to be left alone is sent nothing else either until then. */
function leftAlone(one: SinkDelivery, { retryAfterMs, nowMs }: Try): SinkDelivery {
  if (retryAfterMs === undefined) return one;
  const untilMs = nowMs + Math.min(retryAfterMs, BACK_OFF_MAX_MS);
  const isLater = one.nextTryAt !== null && Date.parse(one.nextTryAt) >= untilMs;
  return isLater ? one : { ...one, nextTryAt: rfc3339(untilMs) };
}

function triedOne(
  one: SinkDelivery,
  { round, failure, retryAfterMs = 0, nowMs }: Try,
): SinkDelivery {
  if (failure === null) {
    return { ...one, delivered: round, attempts: 0, nextTryAt: null, lastFailure: null };
  }
  const ownMs = BACK_OFF_FIRST_MS * 2 ** one.attempts;
  const pauseMs = Math.min(Math.max(ownMs, retryAfterMs), BACK_OFF_MAX_MS);
  const nextTryAt = rfc3339(nowMs + pauseMs);
  return { ...one, attempts: one.attempts + 1, nextTryAt, lastFailure: failure };
}
