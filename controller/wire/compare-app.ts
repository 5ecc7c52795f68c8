/** The composition of `ci-warm diff`: desired against observed for one app. */
import type { AppDiff } from '../model/app-diff.ts';
import { staleError } from '../model/desired-stale.ts';
import { diffApp } from '../plan/app-diff.ts';
import { lookAndPlan } from '../reconcile/pass.ts';
import { lookOnly, type LookOptions } from './look-only.ts';
import type { Wired } from './wire.ts';

export type Comparison =
  /** `names`: the warm apps that there are. */
  | { readonly kind: 'no-app'; readonly names: readonly string[] }
  | { readonly kind: 'unknown'; readonly why: string }
  | { readonly kind: 'compared'; readonly diff: AppDiff; readonly recipeDiff: string };

/** Desired against observed for one app, and its recipe between the two. Touches nothing. Throws as `makePlan` does. */
export async function compareApp(
  options: LookOptions & { readonly name: string },
): Promise<Comparison> {
  return await lookOnly(options, (deps) => compare(deps, options));
}

async function compare(
  deps: Wired,
  { name, signal }: Pick<Parameters<typeof compareApp>[0], 'name' | 'signal'>,
): Promise<Comparison> {
  const { loaded, plan, world } = await lookAndPlan(deps, signal);
  if (!loaded.known) throw staleError(deps.loader.progress.stale, loaded.why);
  const { desired } = loaded.value;
  const apps = [...(desired?.warmApps.values() ?? [])];
  const app = apps.find((one) => one.name === name);
  const entry = plan.entries.find(
    ({ object }) => object.kind === 'WarmApp' && object.name === name,
  );
  if (desired === undefined || app === undefined || entry === undefined) {
    return { kind: 'no-app', names: apps.map((one) => one.name) };
  }
  const compared = diffApp(desired, app, { world, entry });
  if (!compared.known) return { kind: 'unknown', why: compared.why };
  const diff = compared.value;
  const { current, target } = diff;
  const url = desired.recipes.get(app.recipe)?.url;
  if (current === null || target === null || url === undefined) {
    return { kind: 'compared', diff, recipeDiff: '' };
  }
  const range = { from: current.commit, to: target.commit };
  const recipeDiff = await deps.recipes.diff(app.recipe, url, range, signal);
  return { kind: 'compared', diff, recipeDiff };
}
