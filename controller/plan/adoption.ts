/**
 * An app that runs and was never deployed by us: adopted, held, or not known yet. Before the first `last_good` only:
 * afterwards, what others write is drift.
 */
import type { HoldReason } from '../model/alert.ts';
import type { Hold } from '../model/plan.ts';
import type { ReleaseTag } from '../model/recipe.ts';
import type { ReleaseSpec } from '../model/release.ts';
import { structureKey } from '../model/structure.ts';
import { judgeAdoption } from '../gates/adoption.ts';
import { judgeIllBefore } from '../gates/ill-before.ts';
import { candidateOf, foundStack } from './adoption-candidate.ts';
import { retryNotBeforeMs } from './back-off.ts';
import type { Context } from './context.ts';
import { releaseSpecOf } from './identity.ts';

export type Adoption =
  | {
      readonly kind: 'adopt';
      readonly spec: ReleaseSpec;
      /** Service → Swarm's version of it, as it was compared. */
      readonly adopts: Readonly<Record<string, number>>;
    }
  | { readonly kind: 'held'; readonly hold: Hold; readonly untilMs?: number }
  | { readonly kind: 'unknown'; readonly why: string };

/** Undefined: nothing runs under the app's name that could be adopted. */
export function planAdoption(context: Context): Adoption | undefined {
  const { app, identity, structures, swarm, view } = context;
  const services = foundStack(swarm, app);
  if (services.length === 0) return undefined;
  const candidate = candidateOf(services, app, view.releases);
  if (candidate.kind === 'none') {
    const { version, reason } = candidate;
    return { kind: 'held', hold: { version, commit: '', reasons: [reason], notes: [] } };
  }
  const { release } = candidate;
  const spec = releaseSpecOf(identity, app, release);
  const structure = structures.get(structureKey(spec));
  if (structure?.known !== true) {
    return { kind: 'unknown', why: structure?.why ?? `its recipe was not read at ${release.tag}` };
  }
  const question = { stack: app.stack, services, view: swarm, structure: structure.value };
  const differences = judgeAdoption(question);
  if (differences.length > 0) {
    const guess = candidate.isGuess ? [guessed(app.name, release.tag)] : [];
    return { kind: 'held', hold: holdOf(release, [...differences, ...guess]) };
  }
  const ill = judgeIllBefore(swarm, app.stack);
  if (ill.length > 0)
    return { kind: 'held', hold: holdOf(release, [...ill, notWhileIll(app.name)]) };
  const adopts = services.map(({ name, versionIndex }): [string, number] => [name, versionIndex]);
  return (
    foundIll(context, release, spec) ?? { kind: 'adopt', spec, adopts: Object.fromEntries(adopts) }
  );
}

function guessed(app: string, tag: string): HoldReason {
  return {
    kind: 'held-adoption',
    reason: 'ForeignVersion',
    message: `no label and no desired state says which version of ${app} runs, so the newest was compared, ${tag}; put the tag that runs under version`,
    file: null,
    line: null,
    from: null,
    to: tag,
  };
}

function notWhileIll(app: string): HoldReason {
  return {
    kind: 'held-adoption',
    reason: 'NotWhileIll',
    message: `${app} is what its recipe makes, and is adopted once it is healthy`,
    file: null,
    line: null,
    from: null,
    to: null,
  };
}

/** The health gate said no when it was tried last, and it is too early to ask again. */
function foundIll(
  { app, record, nowMs }: Context,
  release: ReleaseTag,
  spec: ReleaseSpec,
): Adoption | undefined {
  const last = record.history.at(-1);
  const untilMs = retryNotBeforeMs(record.history, spec.specHash, nowMs);
  if (last?.kind !== 'adopt' || last.failure?.verdict !== 'unhealthy' || untilMs <= nowMs) {
    return undefined;
  }
  const reason: HoldReason = {
    kind: 'held-unhealthy',
    reason: last.failure.reason,
    message: `it is not healthy: ${last.failure.message}`,
    file: null,
    line: null,
    from: release.tag,
    to: null,
  };
  return { kind: 'held', hold: holdOf(release, [reason, notWhileIll(app.name)]), untilMs };
}

function holdOf({ tag, commit }: ReleaseTag, reasons: readonly HoldReason[]): Hold {
  return { version: tag, commit, reasons, notes: [] };
}
