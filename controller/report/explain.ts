/**
 * Why an object is as it is: each question that a pass asks of it, with the answer that it got last, the evidence, and
 * what would change the answer. Put together from what the state directory remembers, so it needs no Docker; nothing is
 * judged anew here.
 */
import type { HoldReason } from '../model/alert.ts';
import type { Condition, ObjectStatus } from '../model/condition.ts';
import { whyInFull } from '../model/known.ts';
import type { Reason } from '../model/reasons.ts';
import type { AppRecord } from '../model/record.ts';
import { snapshotSummary, type Described } from './described.ts';
import { attemptDecision } from './explain-attempt.ts';
import { adviceOnHold } from './hold-advice.ts';
import { conditionOf, summaryCondition } from './index-file.ts';
import { oneLine, sentence, shortRevision } from './text.ts';

/** One question with its answer; as `-o json` prints it, too: part of the interface. */
export interface Decided {
  readonly question: string;
  /** `yes`: nothing stands in the way; `no`: something does; `unknown`: it could not be told. */
  readonly answer: 'yes' | 'no' | 'unknown';
  /** Sentences: what the answer rests on. */
  readonly because: readonly string[];
  /** Of a hold: every reason, with file, line and both values. */
  readonly evidence: readonly HoldReason[];
  /** What a person would do to change the answer; null where nothing is to be done. */
  readonly toChange: string | null;
}

export interface Explanation {
  readonly apiVersion: 'ci-warm.dev/v1';
  readonly kind: 'Explanation';
  /** `warmapp/guestbook`. */
  readonly object: string;
  readonly ready: Pick<Condition, 'status' | 'reason' | 'message' | 'lastTransitionTime'>;
  readonly observedRevision: string;
  /** RFC 3339; null where no controller has written here. */
  readonly lastPassAt: string | null;
  readonly decisions: readonly Decided[];
  /** What it waits for, one sentence. */
  readonly waitsFor: string;
}

/** The questions in the order in which a pass asks them. */
export function explain(described: Described): Explanation {
  const { status, lastPassAt, record } = described;
  const ready = summaryCondition(status);
  const { status: is, reason, message, lastTransitionTime } = ready;
  const isVersioned = status.kind === 'WarmApp';
  const app = record?.known === true ? record.value : undefined;
  return {
    apiVersion: 'ci-warm.dev/v1',
    kind: 'Explanation',
    object: `${status.kind.toLowerCase()}/${status.name}`,
    ready: { status: is, reason, message, lastTransitionTime },
    observedRevision: status.observedRevision,
    lastPassAt: lastPassAt ?? null,
    decisions: [
      asked(described),
      ...(isVersioned
        ? [
            mayAct(described),
            wanted(described),
            gate(described),
            quarantine(status),
            attemptDecision(described),
            healthy(status, app),
            wayBack(described),
          ]
        : [usable(status)]),
    ],
    waitsFor: waitsFor(status, app),
  };
}

function decided(
  question: string,
  answer: Decided['answer'],
  because: readonly string[],
  toChange: string | null = null,
): Decided {
  return { question, answer, because: because.map(sentence), evidence: [], toChange };
}

const answers = { True: 'yes', False: 'no', Unknown: 'unknown' } as const satisfies Record<
  Condition['status'],
  Decided['answer']
>;

/** Where to write, for advice: the object's file where it is known. */
function fileOf({ written, status }: Described): string {
  return written?.source.file ?? `${status.kind} ${status.name}`;
}

function asked(described: Described): Decided {
  const { status, written, isOtherRevision } = described;
  const { reason, message } = summaryCondition(status);
  const question = 'Does desired state ask for it, and is it well-formed?';
  if (reason === 'InvalidSpec') {
    return decided(
      question,
      'no',
      [message],
      'mend its file; ci-warm validate shows every problem',
    );
  }
  if (conditionOf(status, 'Orphaned')?.status === 'True') {
    return decided(question, 'no', [message], 'put its file back under desired/');
  }
  const where =
    written === undefined
      ? []
      : [`It is written in ${written.source.file}:${String(written.source.line)}`];
  const other = isOtherRevision
    ? ['The tree that is here is another revision than the one that was judged']
    : [];
  return decided(question, 'yes', [
    ...where,
    `It was judged at ${shortRevision(status.observedRevision)}`,
    ...other,
  ]);
}

function usable(status: ObjectStatus): Decided {
  const { status: is, message } = summaryCondition(status);
  return decided('Can it be used?', answers[is], [message]);
}

function mayAct(described: Described): Decided {
  const { reason, message } = summaryCondition(described.status);
  const question = 'May anything be done to it now?';
  if (reason === 'Suspended') {
    return decided(question, 'no', [message], `suspend: false under spec of ${fileOf(described)}`);
  }
  if (reason === 'NoAnswer') {
    return decided(question, 'unknown', [message], 'ci-warm doctor shows what does not answer');
  }
  return reason === 'Waiting' || reason === 'NotSeenYet'
    ? decided(question, 'no', [message])
    : decided(question, 'yes', ['It is not suspended, and what it needs answered']);
}

/** Reasons that say that there is no version to go to. */
const noVersion: ReadonlySet<Reason> = new Set([
  'UnknownRecipe',
  'VersionNotFound',
  'VersionGone',
  'NoRelease',
]);

function wanted(described: Described): Decided {
  const { status, written } = described;
  const { current, target, latest } = status.versions;
  const { reason, message } = summaryCondition(status);
  const question = 'Is there a version for it to run?';
  const asks = written?.fields.find(([field]) => field === 'version')?.[1];
  const facts = [
    ...(asks === undefined ? [] : [`Its spec asks for version: ${asks}`]),
    `It is to run ${target ?? 'nothing yet'}; proved good is ${current ?? 'nothing'}; the newest that is known is ${latest ?? 'none'}`,
  ];
  if (noVersion.has(reason)) {
    return decided(
      question,
      'no',
      [message, ...facts],
      `change recipe or version in ${fileOf(described)}, or the recipe`,
    );
  }
  return decided(question, target === null ? 'unknown' : 'yes', facts);
}

function gate(described: Described): Decided {
  const { status } = described;
  const { hold } = status;
  const question = 'Does the safety gate let every newer version through?';
  if (hold !== null) {
    return {
      ...decided(
        question,
        'no',
        [`${hold.version} is held, and nothing of it is touched`],
        adviceOnHold({ ...hold, notes: [] }, fileOf(described)),
      ),
      evidence: hold.reasons,
    };
  }
  const held = conditionOf(status, 'UpgradeHeld');
  if (held === undefined) return decided(question, 'unknown', ['No pass has judged it']);
  const answer = { True: 'no', False: 'yes', Unknown: 'unknown' } as const;
  return decided(question, answer[held.status], [held.message]);
}

function quarantine(status: ObjectStatus): Decided {
  const question = 'May the version be tried, or did it fail before?';
  const { quarantine: found, name } = status;
  if (found !== null) {
    return decided(
      question,
      'no',
      [
        `${found.version} failed its health gate: ${found.reason}`,
        `It is quarantined since ${found.since}`,
      ],
      `ci-warm reconcile ${name} --retry, or a newer version, or another configuration`,
    );
  }
  const condition = conditionOf(status, 'Quarantined');
  return condition?.status === 'Unknown'
    ? decided(question, 'unknown', [condition.message])
    : decided(question, 'yes', ['Nothing of it is quarantined']);
}

function healthy(status: ObjectStatus, record: AppRecord | undefined): Decided {
  const question = 'Is it healthy?';
  const condition = conditionOf(status, 'Healthy');
  if (condition === undefined) return decided(question, 'unknown', ['It was not looked at']);
  // While something is done to it, its own health gate decides what becomes of it.
  const isUnderWay = record !== undefined && record.open.length > 0;
  const isIll = condition.status === 'False' && condition.reason !== 'NotRunning' && !isUnderWay;
  return decided(
    question,
    answers[condition.status],
    [
      `${condition.reason}: ${condition.message}`,
      `That is so since ${condition.lastTransitionTime}`,
    ],
    isIll
      ? 'it is never rolled back for falling ill later: look at its logs and at its host'
      : null,
  );
}

function wayBack({ status, record }: Described): Decided {
  const question = 'Is there a way back?';
  if (record === undefined) return decided(question, 'no', ['Nothing was done to it yet']);
  if (!record.known) return decided(question, 'unknown', whyInFull(record));
  const unreadable = conditionOf(status, 'SnapshotValid');
  if (unreadable?.status === 'Unknown') return decided(question, 'unknown', [unreadable.message]);
  const { lastGood, snapshot } = record.value;
  if (lastGood === null) return decided(question, 'no', ['No version of it was ever proved good']);
  const data = snapshot.known && snapshot.value !== null ? snapshotSummary(snapshot.value) : null;
  return decided(question, 'yes', [
    `${lastGood.version} was proved good on ${lastGood.provedAt}`,
    data === null
      ? 'It has no snapshot: the next upgrade of an app with data takes one'
      : `Its snapshot ${data.id} holds the data of ${data.version}, taken on ${data.takenAt}`,
  ]);
}

/** Reasons whose message says what is waited for. */
const saysItself: ReadonlySet<Reason> = new Set([
  'BackingOff',
  'Waiting',
  'NoAnswer',
  'HealthUnknown',
  'Suspended',
  'Orphaned',
  'Retired',
]);

/** The one thing that has to happen before anything changes. */
function waitsFor(status: ObjectStatus, app: AppRecord | undefined): string {
  const { reason, message, status: is } = summaryCondition(status);
  const begin = app?.open[0];
  if (begin !== undefined) return `The end of its ${begin.transition} ${begin.id}.`;
  if (conditionOf(status, 'Stalled')?.status === 'True') return `A person: ${oneLine(message)}`;
  if (reason === 'UpgradeHeld' || reason === 'InstallHeld') {
    return status.hold === null
      ? `Time: ${oneLine(conditionOf(status, 'UpgradeHeld')?.message ?? message)}`
      : `A person, for ${status.hold.version}; everything else goes on.`;
  }
  if (reason === 'Quarantined' || reason === 'InstallFailed') {
    return 'A newer version, another configuration, or a person who lifts the quarantine.';
  }
  return is === 'True' && !saysItself.has(reason)
    ? 'Nothing. What changes under desired/ or in the recipe would be taken up.'
    : oneLine(message);
}
