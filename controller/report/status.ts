/**
 * The status of every object: the one place where conditions are made, and so the one author of Ready.
 *
 * Invariants: an object that people wrote has a status, valid or not; a pass that observes the same yields the same
 * value, byte for byte (no clock in it: `lastTransitionTime` moves only when `status` does); what could not be observed is
 * Unknown, never False (L1); while the tree is incomplete, an object that is in no list keeps the status it had,
 * but for a mistake that is not there to be seen any more.
 */
import type { Condition, ObjectStatus } from '../model/condition.ts';
import { kinds, type Desired, type Kind, type WarmAppSpec } from '../model/desired.ts';
import type { AppHealth } from '../model/health.ts';
import { known, type Known } from '../model/known.ts';
import { parseAppName, type AppName } from '../model/names.ts';
import type { Plan, PlanEntry } from '../model/plan.ts';
import type { InvalidObject } from '../model/spec-problem.ts';
import type { AppRecord } from '../model/record.ts';
import type { World } from '../model/world.ts';
import { appFindings } from './app-findings.ts';
import type { AppFacts, Finding } from './finding.ts';
import { ready, readyFindings, stalled } from './ready.ts';
import { emptyRecord, holdOf, lastKnown, recorded, remembered } from './recorded.ts';
import { byText, oneLine, rfc3339, sentence } from './text.ts';

export interface StatusInputs {
  /** Undefined when there is no valid Settings: then nothing is planned, and every object keeps its status. */
  readonly desired: Desired | undefined;
  readonly invalid: readonly InvalidObject[];
  /** Some file could not be read: an object's absence means nothing. */
  readonly incomplete: boolean;
  readonly plan: Plan;
  readonly world: World;
  /** Of warm apps; one that is missing here counts as unknown. */
  readonly health: ReadonlyMap<AppName, AppHealth>;
  readonly previous: readonly ObjectStatus[];
  readonly nowMs: number;
}

/** The status of every object, in order of kind and name. */
export function statusesOf(inputs: StatusInputs): readonly ObjectStatus[] {
  const previous = new Map(inputs.previous.map((status) => [keyOf(status), status]));
  const drafts = [
    ...inputs.invalid.map((object) => invalidDraft(inputs, object)),
    ...(inputs.desired === undefined ? [] : desiredDrafts(inputs, inputs.desired)),
  ];
  const judged = drafts.map((draft) => dated(draft, previous.get(keyOf(draft)), inputs.nowMs));
  const seen = new Set(judged.map(keyOf));
  const mayBeWanted = inputs.incomplete || inputs.desired === undefined;
  const kept = mayBeWanted
    ? inputs.previous
        .filter((status) => !seen.has(keyOf(status)))
        .map((status) => withoutOldMistake(status, inputs.nowMs))
    : [];
  const orphans = mayBeWanted
    ? []
    : orphanDrafts(inputs, seen).map((draft) =>
        dated(draft, previous.get(keyOf(draft)), inputs.nowMs),
      );
  return [...judged, ...kept, ...orphans].sort(
    (a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || byText(a.name, b.name),
  );
}

/** `unknown` until desired state was read for the first time. */
function revisionOf({ desired, plan }: StatusInputs): string {
  return desired?.revision ?? (plan.revision === '' ? 'unknown' : plan.revision);
}

type Draft = Omit<ObjectStatus, 'apiVersion' | 'conditions'> & {
  readonly findings: readonly Finding[];
};

function keyOf(object: { readonly kind: Kind; readonly name: string }): string {
  return `${object.kind}/${object.name}`;
}

function dated(draft: Draft, before: ObjectStatus | undefined, nowMs: number): ObjectStatus {
  const { kind, name, observedRevision, findings, ...rest } = draft;
  return {
    apiVersion: 'ci-warm.dev/v1',
    kind,
    name,
    observedRevision,
    conditions: findings.map((finding): Condition => {
      const last = before?.conditions.find(({ type }) => type === finding.type);
      const unchanged = last?.status === finding.status;
      return {
        ...finding,
        message: oneLine(finding.message),
        lastTransitionTime: unchanged ? last.lastTransitionTime : rfc3339(nowMs),
      };
    }),
    ...rest,
  };
}

function desiredDrafts(inputs: StatusInputs, desired: Desired): readonly Draft[] {
  const { revision } = desired;
  const entries = new Map(inputs.plan.entries.map((entry) => [keyOf(entry.object), entry]));
  const valid = ready('True', 'Valid', 'Well-formed.');
  const before = new Map(inputs.previous.map((status) => [keyOf(status), status]));
  return [
    bare('Settings', desired.settings.name, revision, [valid]),
    ...[...desired.recipes.values()].map((recipe) => {
      const view = inputs.world.recipes.get(recipe.name);
      const finding =
        view?.known === false
          ? ready('Unknown', 'NoAnswer', `Its repository could not be read: ${sentence(view.why)}`)
          : valid;
      return bare('Recipe', recipe.name, revision, [finding]);
    }),
    ...[...desired.warmApps.values()].map((app) => {
      const key = keyOf({ kind: 'WarmApp', name: app.name });
      return warmAppDraft(inputs, app, entries.get(key), before.get(key));
    }),
    ...notServed('Canonical', [...desired.canonicals.keys()], revision),
    ...notServed('Run', [...desired.runs.keys()], revision),
    ...notServed('Sweep', [...desired.sweeps.keys()], revision),
  ];
}

function warmAppDraft(
  inputs: StatusInputs,
  app: WarmAppSpec,
  planned: PlanEntry | undefined,
  before: ObjectStatus | undefined,
): Draft {
  const revision = revisionOf(inputs);
  if (planned === undefined) {
    const unseen = ready('Unknown', 'NotSeenYet', 'No pass has judged it yet.');
    return bare('WarmApp', app.name, revision, [unseen]);
  }
  const record = inputs.world.records.get(app.name) ?? known(emptyRecord);
  const entry = remembered(planned, record, before);
  const facts: AppFacts = {
    name: app.name,
    data: app.data,
    file: app.source.file,
    entry,
    record,
    health: inputs.health.get(app.name) ?? { kind: 'unknown', why: 'it was not looked at' },
  };
  return {
    ...bare('WarmApp', app.name, revision, [...readyFindings(facts), ...appFindings(facts)]),
    versions: { current: entry.current, target: entry.target, latest: entry.latest },
    hold: holdOf(entry),
    ...recorded(record),
  };
}

function notServed(
  kind: 'Canonical' | 'Run' | 'Sweep',
  names: readonly string[],
  revision: string,
): readonly Draft[] {
  const message = `This version of ci-warm reads ${kind} objects and does nothing with them. Remove its file, or keep it for a version that serves it.`;
  const findings =
    kind === 'Run'
      ? stalled('NotYetServed', message).map((finding) =>
          finding.type === 'Ready'
            ? { ...finding, type: 'Succeeded' as const, status: 'Unknown' as const }
            : finding,
        )
      : stalled('NotYetServed', message);
  return names.map((name) => bare(kind, name, revision, findings));
}

function invalidDraft(inputs: StatusInputs, object: InvalidObject): Draft {
  const [first] = object.problems;
  const others = object.problems.length - 1;
  const more = others > 0 ? ` (and ${String(others)} more)` : '';
  const what =
    first === undefined
      ? 'It is written wrongly.'
      : `${first.file}:${String(first.line)}:${String(first.column)}: ${sentence(first.message)}`;
  const findings = stalled(
    'InvalidSpec',
    `${what}${more} What it stands for stays as it is. Mend it; ci-warm validate shows every problem.`,
  );
  const { kind, name } = object;
  const app = kind === 'WarmApp' ? parseAppName(name) : undefined;
  const record = app === undefined ? undefined : inputs.world.records.get(app);
  const draft = bare(kind, name, revisionOf(inputs), findings);
  return record === undefined ? draft : { ...draft, ...lastKnown(record) };
}

/** The mistake that an object was stalled for is mended, or cannot be seen any more: what it says is not true of now. */
function withoutOldMistake(status: ObjectStatus, nowMs: number): ObjectStatus {
  if (status.conditions.every(({ reason }) => reason !== 'InvalidSpec')) return status;
  const message =
    'It was written wrongly when it was last judged, and is judged again when every file can be read and there is one valid Settings. What it stands for stays as it is. Mend what ci-warm validate shows.';
  return {
    ...status,
    conditions: [
      { ...ready('Unknown', 'NotSeenYet', message), lastTransitionTime: rfc3339(nowMs) },
    ],
  };
}

/** Apps that the state directory knows and nothing asks for: what becomes of them, and when. */
function orphanDrafts(inputs: StatusInputs, seen: ReadonlySet<string>): readonly Draft[] {
  const entries = new Map(inputs.plan.entries.map((entry) => [keyOf(entry.object), entry]));
  return [...inputs.world.records]
    .filter(([name]) => !seen.has(`WarmApp/${name}`) && !seen.has(`Canonical/${name}`))
    .map(([name, record]) => ({
      ...bare(
        'WarmApp',
        name,
        revisionOf(inputs),
        orphanFindings(name, record, entries.get(`WarmApp/${name}`)),
      ),
      ...lastKnown(record),
    }));
}

/** `Orphaned` beside what is done about it just now. */
function orphanFindings(
  name: AppName,
  record: Known<AppRecord>,
  entry: PlanEntry | undefined,
): readonly Finding[] {
  const decision = entry?.decision;
  const message =
    decision?.kind === 'orphaned' || decision?.kind === 'backing-off'
      ? sentence(decision.message)
      : 'Nothing under desired/ asks for it. To have it back, restore its file.';
  const isOver = decision?.kind === 'orphaned' && decision.isPrunable;
  const reason = isOver ? 'Retired' : 'Orphaned';
  const orphaned: Finding = { type: 'Orphaned', status: 'True', reason, message };
  if (entry === undefined) return [ready('True', 'Orphaned', message), orphaned];
  // Whether it is healthy is nobody's concern any more; whether something is done to it is.
  const health = { kind: 'healthy' } as const;
  const facts: AppFacts = { name, data: 'Stateful', file: 'desired/', entry, record, health };
  return [...readyFindings(facts), orphaned];
}

function bare(
  kind: Kind,
  name: string,
  observedRevision: string,
  findings: readonly Finding[],
): Draft {
  return {
    kind,
    name,
    observedRevision,
    findings,
    versions: { current: null, target: null, latest: null },
    hold: null,
    quarantine: null,
    lastTransitions: [],
  };
}
