/** Desired against observed for one app. Pure; the recipe's own difference is read by an edge from what is named here. */
import type { AppDiff, AppDifference, ReleaseRef } from '../model/app-diff.ts';
import type { Desired, RecipeSpec, WarmAppSpec } from '../model/desired.ts';
import type { Known } from '../model/known.ts';
import type { PlanEntry } from '../model/plan.ts';
import type { LastGood } from '../model/release.ts';
import type { SwarmView } from '../model/swarm.ts';
import type { World } from '../model/world.ts';
import { judgeDrift } from './drift.ts';
import { identityOf, releaseSpecOf } from './identity.ts';
import { currentOf } from './structures-needed.ts';

/** `entry`: what the plan says of the app. Unknown where what it is compared with is (L1). */
export function diffApp(
  desired: Desired,
  app: WarmAppSpec,
  { world, entry }: { readonly world: World; readonly entry: PlanEntry },
): Known<AppDiff> {
  const recipe = desired.recipes.get(app.recipe);
  const record = world.records.get(app.name);
  if (recipe === undefined) return { known: false, why: `there is no recipe ${app.recipe}` };
  if (record?.known !== true) return { known: false, why: record?.why ?? 'its state was not read' };
  if (!world.swarm.known) return world.swarm;
  if (entry.decision.kind === 'unknown') return { known: false, why: entry.decision.why };
  const { lastGood } = record.value;
  const target = targetOf(entry, { world, app, lastGood });
  const differences = [
    ...versionDifference(entry, lastGood, target),
    ...(lastGood === null ? [] : configuration({ desired, app, recipe }, lastGood)),
    ...driftOf(world.swarm.value, app, lastGood),
  ];
  const current = lastGood === null ? null : { version: lastGood.version, commit: lastGood.commit };
  return {
    known: true,
    value: { app: app.name, recipe: app.recipe, current, target, differences },
  };
}

interface Around {
  readonly world: World;
  readonly app: WarmAppSpec;
  readonly lastGood: LastGood | null;
}

/** Where the plan goes, else what it holds back, for whatever reason; a tag that was moved is another release. */
function targetOf(entry: PlanEntry, { world, app, lastGood }: Around): ReleaseRef | null {
  const { decision, hold, latest } = entry;
  const isOther = ({ version, commit }: ReleaseRef): boolean =>
    version !== lastGood?.version || commit !== lastGood.commit;
  const planned = decision.kind === 'start' ? decision.input.to : hold;
  if (planned !== null && isOther(planned)) {
    return { version: planned.version, commit: planned.commit };
  }
  const wanted = app.version.kind === 'pinned' ? app.version.tag : latest;
  const view = world.recipes.get(app.recipe);
  const release =
    view?.known === true ? view.value.releases.find(({ tag }) => tag === wanted) : undefined;
  if (release === undefined || release.tag === lastGood?.version) return null;
  return { version: release.tag, commit: release.commit };
}

function versionDifference(
  { decision, hold }: PlanEntry,
  lastGood: LastGood | null,
  target: ReleaseRef | null,
): readonly AppDifference[] {
  if (target === null) return [];
  const why =
    hold?.version === target.version
      ? `held: ${hold.reasons.map(({ message }) => message).join('; ')}`
      : 'message' in decision
        ? decision.message
        : '';
  return [
    difference('version', {
      from: lastGood?.version ?? null,
      to: target.version,
      message: lastGood === null && why === '' ? 'not installed yet' : why,
    }),
  ];
}

interface Wanted {
  readonly desired: Desired;
  readonly app: WarmAppSpec;
  readonly recipe: RecipeSpec;
}

function configuration(
  { desired, app, recipe }: Wanted,
  lastGood: LastGood,
): readonly AppDifference[] {
  const names = [...new Set([...Object.keys(lastGood.env), ...Object.keys(app.env)])].sort();
  const found = [
    ...(lastGood.domain === app.domain
      ? []
      : [difference('domain', { from: lastGood.domain, to: app.domain })]),
    ...(lastGood.recipe === app.recipe
      ? []
      : [difference('recipe', { from: lastGood.recipe, to: app.recipe })]),
    ...names
      .filter((name) => lastGood.env[name] !== app.env[name])
      .map((name) =>
        difference('env', {
          name,
          from: lastGood.env[name] ?? null,
          to: app.env[name] ?? null,
        }),
      ),
  ];
  const today = releaseSpecOf(identityOf(desired, app, recipe), app, currentOf(lastGood));
  if (found.length > 0 || today.specHash === lastGood.specHash) return found;
  const message = 'the proxy network, or which secrets people give, is another than before';
  return [difference('settings', { from: null, to: null, message })];
}

function driftOf(
  view: SwarmView,
  app: WarmAppSpec,
  lastGood: LastGood | null,
): readonly AppDifference[] {
  const drift = judgeDrift(view, app.name, app.stack, lastGood);
  return drift.kind === 'none'
    ? []
    : [difference('drift', { from: null, to: null, message: drift.what })];
}

function difference(
  what: AppDifference['what'],
  rest: Pick<AppDifference, 'from' | 'to'> & Partial<AppDifference>,
): AppDifference {
  return { what, name: '', message: '', ...rest };
}
