/** Rows that several tables share: what they do and promise is the same wherever they stand. */
import type { PhaseFailure, TransitionEnd } from '../model/journal.ts';
import { end, go, persistently, untilDone, type Next, type PhaseRow } from './machine.ts';

/** Before anything is touched: a failure leaves everything as it is. */
export function prepare<Phase extends string>(
  next: Phase,
  abandon: Phase,
  promises: string,
): PhaseRow<Phase> {
  return { intent: { kind: 'prepare' }, promises, ok: go(next), failed: () => go(abandon) };
}

/** Nothing may be deployed, copied or restored beside what would not go away: two programs would write one volume. */
export function undeploy<Phase extends string>(next: Phase, strand: Phase): PhaseRow<Phase> {
  return {
    intent: { kind: 'undeploy' },
    promises: 'no service, task, container or process uses the volumes (S1)',
    ok: go(next),
    failed: persistently(strand),
  };
}

export function deployTarget<Phase extends string>(next: Phase, back: Phase): PhaseRow<Phase> {
  return {
    intent: { kind: 'deploy', which: 'to' },
    promises: 'Swarm has accepted the target',
    ok: go(next),
    failed: unlessNoAnswer(back),
  };
}

export function judgeTarget<Phase extends string>(next: Phase, back: Phase): PhaseRow<Phase> {
  return {
    intent: { kind: 'judge', which: 'to' },
    promises: 'the target is healthy',
    ok: go(next),
    // Nobody could look, which says nothing of the target: it is judged when there is an answer again.
    failed: unlessNoAnswer(back),
  };
}

export function commit<Phase extends string>(): PhaseRow<Phase> {
  return {
    intent: { kind: 'commit' },
    promises: 'last_good is the target',
    ok: end('succeeded'),
    failed: untilDone,
  };
}

export function restoreData<Phase extends string>(next: Phase, strand: Phase): PhaseRow<Phase> {
  return {
    intent: { kind: 'restore' },
    promises: 'the data is the snapshot’s, what it displaced is kept (S2, S3)',
    ok: go(next),
    failed: persistently(strand),
  };
}

export function deployPrior<Phase extends string>(next: Phase, strand: Phase): PhaseRow<Phase> {
  return {
    intent: { kind: 'deploy', which: 'from' },
    promises: 'Swarm has accepted the prior release',
    ok: go(next),
    failed: persistently(strand),
  };
}

export function judgePrior<Phase extends string>(next: Phase, strand: Phase): PhaseRow<Phase> {
  return {
    intent: { kind: 'judge', which: 'from' },
    promises: 'the prior release is healthy',
    ok: go(next),
    failed: persistently(strand),
  };
}

/** The last resort: off the Swarm, whatever else; the data stays where it is. */
export function leaveUndeployed<Phase extends string>(next: Phase): PhaseRow<Phase> {
  return {
    intent: { kind: 'undeploy' },
    promises: 'the app is undeployed, its volumes and its snapshot are kept',
    ok: go(next),
    failed: unlessNoAnswer(next),
  };
}

const conclusions: Readonly<Record<TransitionEnd, string>> = {
  succeeded: 'what the restore displaced is dropped',
  'rolled-back': 'the release is quarantined if it was its fault, one alert is written',
  undeployed: 'the release is quarantined if it was its fault, one alert is written',
  stranded: 'one critical alert says where things stand, and where the data is',
  abandoned:
    'the condition says why; what failed for the machine’s sake is tried again with back-off',
};

/** Says how it ended, however long that takes to be written. */
export function conclude<Phase extends string>(how: TransitionEnd): PhaseRow<Phase> {
  return {
    intent: { kind: 'conclude', end: how },
    promises: conclusions[how],
    ok: end(how),
    failed: untilDone,
  };
}

/** L1: no answer is waited out; everything else leads on. */
export function unlessNoAnswer<Phase extends string>(next: Phase) {
  return (failure: PhaseFailure): Next<Phase> => (failure.noAnswer ? { kind: 'retry' } : go(next));
}
