/**
 * What a running controller does when a command asks it: writes down what is asked for, wakes the loop, and watches its
 * passes until there is an answer. It decides nothing and starts nothing itself: one way through the program.
 */
import { assertNever } from '../model/assert-never.ts';
import type { ControlAnswer, ControlRequest } from '../model/control.ts';
import type { AppRecord } from '../model/record.ts';
import type { AppRequest } from '../model/request.ts';
import type { Clock } from '../ports/clock.ts';
import type { Control } from '../ports/control.ts';
import type { Log } from '../ports/log.ts';
import type { StateStore } from '../ports/state-store.ts';
import { answerOfApp, answerOfHost, answerOfPrune, answerOfRequest } from './answers.ts';
import type { PassBoard } from './pass-board.ts';
import type { Reporter } from './report.ts';
import type { Runners } from './runners.ts';
import type { Wake } from './wake.ts';

export interface ControlDeps {
  readonly store: Pick<StateStore, 'records' | 'writeRequest'>;
  readonly clock: Pick<Clock, 'now' | 'newId'>;
  readonly log: Log;
  readonly wake: Pick<Wake, 'activate'>;
  readonly board: Pick<PassBoard, 'next'>;
  readonly runners: Pick<Runners, 'ended'>;
  readonly reporter: Pick<Reporter, 'statuses'>;
}

export function createControl(deps: ControlDeps): Control {
  return {
    handle: async (request, signal) => {
      deps.log.info('a command asks', { ...request });
      switch (request.verb) {
        case 'reconcile':
          return await reconcile(request, deps, signal);
        case 'restore':
        case 'drill':
          return await askForTransition(request.verb, request.name, deps, signal);
        case 'prune':
          return await prune(request.name, deps, signal);
        default:
          return assertNever(request, 'control request');
      }
    },
  };
}

async function reconcile(
  { name, retry }: Extract<ControlRequest, { verb: 'reconcile' }>,
  deps: ControlDeps,
  signal: AbortSignal,
): Promise<ControlAnswer> {
  const endedBefore = deps.runners.ended.length;
  if (name !== null && retry) {
    const refused = await askForRetry(name, deps);
    if (refused !== undefined) return refused;
  }
  deps.wake.activate();
  for (;;) {
    const pass = await deps.board.next(signal);
    const { statuses } = deps.reporter;
    if (name === null) return answerOfHost(pass, statuses);
    const ended = deps.runners.ended.slice(endedBefore).filter(({ app }) => app === name);
    const answer = answerOfApp(name, pass, statuses, ended);
    if (answer !== undefined) return answer;
  }
}

/**
 * Why nothing is asked for; undefined: it is. U3: while a transition is under way nobody knows yet what there will be to try
 * again, and it must not be what this very one fails with.
 */
async function askForRetry(name: string, deps: ControlDeps): Promise<ControlAnswer | undefined> {
  const record = (await deps.store.records([name])).get(name);
  const { open = [], quarantine = null } = record?.known === true ? record.value : {};
  if (open[0] !== undefined) {
    const message = `${name} is in the middle of its ${open[0].transition}: nothing is tried again before that has ended, and by then there may be no need. ci-warm reconcile ${name} waits for its end`;
    return { outcome: 'busy', message };
  }
  const lifts = quarantine?.since ?? null;
  const asked = await ask(name, { kind: 'retry', snapshotId: null, lifts }, deps);
  return asked.kind === 'answer' ? asked.answer : undefined;
}

async function askForTransition(
  kind: 'restore' | 'drill',
  name: string,
  deps: ControlDeps,
  signal: AbortSignal,
): Promise<ControlAnswer> {
  const record = await recordOf(name, deps);
  if (typeof record === 'string') return { outcome: 'not-done', message: record };
  if (!record.snapshot.known) return { outcome: 'not-done', message: record.snapshot.why };
  if (record.snapshot.value === null) {
    const message = `${name} has no snapshot: an upgrade of an app with data takes one`;
    return { outcome: 'not-done', message };
  }
  const asked = await ask(name, { kind, snapshotId: record.snapshot.value.id }, deps);
  if (asked.kind === 'answer') return asked.answer;
  deps.wake.activate();
  for (;;) {
    const answer = answerOfRequest(name, asked.request, await deps.board.next(signal));
    if (answer !== undefined) return answer;
  }
}

/** Whether it may go is for the pass to say; what is under way is not even asked about. */
async function prune(name: string, deps: ControlDeps, signal: AbortSignal): Promise<ControlAnswer> {
  const record = (await deps.store.records([name])).get(name);
  const [begin] = record?.known === true ? record.value.open : [];
  if (begin !== undefined) {
    const message = `${name} is in the middle of its ${begin.transition}; ask again when that has ended`;
    return { outcome: 'busy', message };
  }
  const asked = await ask(name, { kind: 'prune', snapshotId: null }, deps);
  if (asked.kind === 'answer') return asked.answer;
  deps.wake.activate();
  for (;;) {
    const answer = answerOfPrune(name, asked.request, await deps.board.next(signal));
    if (answer !== undefined) return answer;
  }
}

type Asked =
  | { readonly kind: 'asked'; readonly request: AppRequest }
  | { readonly kind: 'answer'; readonly answer: ControlAnswer };

/** Durable when it returns: from here on it is done whether somebody waits or not (L2). */
async function ask(
  name: string,
  what: Pick<AppRequest, 'kind' | 'snapshotId' | 'lifts'>,
  deps: ControlDeps,
): Promise<Asked> {
  const record = await recordOf(name, deps);
  if (typeof record === 'string') {
    return { kind: 'answer', answer: { outcome: 'not-done', message: record } };
  }
  const { request: earlier } = record;
  if (earlier !== null && earlier.kind !== what.kind) {
    const message = `${name} is to be seen to already: ${earlier.kind}, asked for at ${earlier.at}; ask again when that is done`;
    return { kind: 'answer', answer: { outcome: 'busy', message } };
  }
  if (earlier !== null && earlier.lifts === what.lifts) return { kind: 'asked', request: earlier };
  const at = new Date(deps.clock.now()).toISOString();
  const request: AppRequest = { id: deps.clock.newId(), ...what, at };
  await deps.store.writeRequest(name, request);
  return { kind: 'asked', request };
}

/** Or why there is none. */
async function recordOf(name: string, { store }: ControlDeps): Promise<AppRecord | string> {
  const record = (await store.records([name])).get(name);
  if (record?.known === false) return record.why;
  const value = record?.value;
  const isTouched = value !== undefined && (value.lastGood !== null || value.history.length > 0);
  return isTouched
    ? value
    : `nothing was done to an app ${name} yet: there is nothing to go back to, and nothing to try again`;
}
