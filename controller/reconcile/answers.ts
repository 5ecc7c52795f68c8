/** What a pass means to somebody who waits for it: an answer, or undefined while there is more to wait for. */
import { assertNever } from '../model/assert-never.ts';
import type { ObjectStatus } from '../model/condition.ts';
import type { ControlAnswer } from '../model/control.ts';
import type { TransitionEnd } from '../model/journal.ts';
import type { Known } from '../model/known.ts';
import { parseAppName } from '../model/names.ts';
import type { PlanEntry } from '../model/plan.ts';
import { RESTORED_BY_HAND } from '../model/release.ts';
import type { AppRecord } from '../model/record.ts';
import type { AppRequest } from '../model/request.ts';
import { summaryCondition } from '../report/index-file.ts';
import { sentence } from '../report/text.ts';
import type { Pass } from './pass.ts';
import type { EndedTransition } from './runners.ts';

/** How the host stands after one look: of transitions that it began, nothing is said. */
export function answerOfHost(pass: Pass, statuses: readonly ObjectStatus[]): ControlAnswer {
  const unread = whyUnread(pass);
  if (unread !== undefined) return unread;
  const notReady = statuses.filter((status) => summaryCondition(status).status !== 'True');
  const [first] = notReady;
  if (first === undefined) {
    const message = `Looked: all ${String(statuses.length)} objects are ready.`;
    return { outcome: 'done', message };
  }
  const names = notReady.map(({ kind, name }) => `${kind} ${name}`).join(', ');
  return { outcome: 'not-done', message: `Looked: not ready: ${names}. See ci-warm status.` };
}

/** How one app stands, once it is at rest. `ended`: its transitions since the question. */
export function answerOfApp(
  name: string,
  pass: Pass,
  statuses: readonly ObjectStatus[],
  ended: readonly EndedTransition[],
): ControlAnswer | undefined {
  const unread = whyUnread(pass);
  if (unread !== undefined) return unread;
  const entry = entryOf(name, pass);
  if (entry === undefined) return notWanted(name);
  const { decision } = entry;
  if (['start', 'in-transition', 'waiting'].includes(decision.kind)) return undefined;
  const turned = ended.find(({ how }) => how !== 'succeeded' && how !== 'interrupted');
  if (turned !== undefined && turned.how !== 'abandoned') {
    const message = `${name}: a version failed and was turned round (${turned.how}). See ci-warm history ${name}.`;
    return { outcome: 'unsuccessful', message };
  }
  const app = parseAppName(name);
  const record = app === undefined ? undefined : pass.world.records.get(app);
  const quarantine = record?.known === true ? record.value.quarantine : null;
  if (decision.kind === 'quarantined' && quarantine?.reason === RESTORED_BY_HAND) {
    return { outcome: 'done', message: `${name} is as wanted: ${decision.message}.` };
  }
  return atRest(name, entry, statuses);
}

function atRest(
  name: string,
  { decision }: PlanEntry,
  statuses: readonly ObjectStatus[],
): ControlAnswer {
  switch (decision.kind) {
    case 'held':
      return { outcome: 'held', message: `${name} is held: ${decision.message}` };
    case 'quarantined':
      return {
        outcome: 'unsuccessful',
        message: `${name}: ${decision.version} is quarantined: ${decision.message}. To try it again: ci-warm reconcile ${name} --retry`,
      };
    case 'suspended':
      return { outcome: 'done', message: `${name} is suspended: nothing is done to it.` };
    case 'orphaned':
      return { outcome: 'done', message: `${name} is not wanted: ${decision.message}` };
    case 'in-sync':
      return inSync(name, decision.version, statuses);
    case 'backing-off':
      return {
        outcome: 'not-done',
        message: `${name} waits until ${new Date(decision.untilMs).toISOString()}: ${decision.message}`,
      };
    case 'stalled':
      return { outcome: 'not-done', message: `${name}: ${decision.message}` };
    case 'unknown':
      return { outcome: 'not-done', message: `${name}: ${decision.why}` };
    case 'start':
    case 'in-transition':
    case 'waiting':
      throw new Error(`${name} is not at rest`);
    default:
      return assertNever(decision, 'decision');
  }
}

function inSync(name: string, version: string, statuses: readonly ObjectStatus[]): ControlAnswer {
  const status = statuses.find((one) => one.kind === 'WarmApp' && one.name === name);
  const ready = status === undefined ? undefined : summaryCondition(status);
  if (ready === undefined || ready.status === 'True') {
    return { outcome: 'done', message: `${name} runs ${version}.` };
  }
  return { outcome: 'not-done', message: `${name}: ${ready.message}` };
}

/** What became of a restore or a drill that somebody asked for. */
export function answerOfRequest(
  name: string,
  request: AppRequest,
  pass: Pass,
): ControlAnswer | undefined {
  const app = parseAppName(name);
  const record = app === undefined ? undefined : pass.world.records.get(app);
  const entry = entryOf(name, pass);
  if (entry?.refused?.id === request.id) {
    return { outcome: 'not-done', message: `${name}: ${entry.refused.why}` };
  }
  const past =
    record?.known === true ? record.value.history.find(({ id }) => id === request.id) : undefined;
  if (past !== undefined) {
    return answerOfEnd(name, request, past.end, past.failure?.message ?? 'see its history');
  }
  if (isTakenBack(request, record)) {
    const message = `${name}: the ${request.kind} that was asked for was refused; the log of the controller says why`;
    return { outcome: 'not-done', message };
  }
  return entry === undefined && pass.loaded.known ? notWanted(name) : undefined;
}

/** A pass that began before anybody waited for it has refused the request, and nothing else tells of it. */
function isTakenBack({ id }: AppRequest, record: Known<AppRecord> | undefined): boolean {
  if (record?.known !== true) return false;
  const { request, open, history } = record.value;
  return request?.id !== id && open[0]?.id !== id && !history.some((past) => past.id === id);
}

/** What became of a prune that somebody asked for. */
export function answerOfPrune(
  name: string,
  request: AppRequest,
  pass: Pass,
): ControlAnswer | undefined {
  const unread = whyUnread(pass);
  if (unread !== undefined) return unread;
  const entry = entryOf(name, pass);
  if (entry?.refused?.id === request.id) {
    return { outcome: 'not-done', message: `Nothing is pruned: ${entry.refused.why}` };
  }
  if (entry?.prune?.id === request.id && typeof entry.prune.trouble === 'string') {
    return {
      outcome: 'not-done',
      message: `${name} is not wholly pruned: ${entry.prune.trouble}. Mend that, then ci-warm prune ${name} --yes`,
    };
  }
  const app = parseAppName(name);
  const record = app === undefined ? undefined : pass.world.records.get(app);
  if (isTakenBack(request, record)) {
    const message =
      entry?.decision.kind === 'orphaned'
        ? entry.decision.message
        : `${name} is wanted, or something else is done to it; see ci-warm explain ${name}`;
    return { outcome: 'not-done', message: `Nothing is pruned: ${message}` };
  }
  if (record !== undefined) return undefined;
  const message = `Nothing of ${name} is left: its snapshot, secrets, configs, volumes and records are gone.`;
  return { outcome: 'done', message };
}

function answerOfEnd(
  name: string,
  { kind }: AppRequest,
  end: TransitionEnd,
  why: string,
): ControlAnswer {
  if (end === 'succeeded') {
    return {
      outcome: 'done',
      message:
        kind === 'drill'
          ? `The snapshot of ${name} was restored beside it, booted and found healthy; everything of the drill is gone again.`
          : `${name} is back on its snapshot, with the version that belongs to it, and healthy.`,
    };
  }
  if (kind === 'drill') {
    return { outcome: 'not-done', message: `The drill of ${name} failed: ${why}` };
  }
  return end === 'abandoned'
    ? { outcome: 'not-done', message: `Nothing was touched: ${why}` }
    : { outcome: 'unsuccessful', message: leftUndeployed(name, why) };
}

function leftUndeployed(name: string, why: string): string {
  return `${name} could not be brought back and is undeployed: ${sentence(why)} Its snapshot is kept, and beside its volumes what a restore displaced. Remove the cause, then the same way is tried once more by: ci-warm reconcile ${name} --retry`;
}

function whyUnread({ loaded }: Pass): ControlAnswer | undefined {
  if (loaded.known && loaded.value.desired !== undefined) return undefined;
  const why = loaded.known ? 'there is no valid Settings' : loaded.why;
  return { outcome: 'not-done', message: `The desired tree cannot be read: ${why}` };
}

function entryOf(name: string, { plan }: Pass): PlanEntry | undefined {
  return plan.entries.find(({ object }) => object.kind === 'WarmApp' && object.name === name);
}

function notWanted(name: string): ControlAnswer {
  const message = `nothing under desired/ asks for an app ${name}; see ci-warm get warmapps`;
  return { outcome: 'not-done', message };
}
