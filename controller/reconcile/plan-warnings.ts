/**
 * What people should know of a plan and what does not change it: apps that would be, or were, judged without anybody to
 * ask. Reads the recipe of what would be begun, from its mirror, and touches nothing.
 */
import { parseAppName } from '../model/names.ts';
import type { PlanEntry, PlanWarning } from '../model/plan.ts';
import type { World } from '../model/world.ts';
import { isLikelyUnprobed } from '../gates/unprobed.ts';
import type { Driver } from '../ports/driver.ts';
import type { Pass } from './pass.ts';

/** In the order of the plan. A recipe that cannot be read now warns of nothing: what begins with it says so itself. */
export async function planWarnings(
  { plan, world }: Pick<Pass, 'plan' | 'world'>,
  driver: Pick<Driver, 'read'>,
  signal: AbortSignal,
): Promise<readonly PlanWarning[]> {
  const warnings: PlanWarning[] = [];
  for (const entry of plan.entries) {
    const message = await warningOf(entry, world, driver, signal);
    if (message !== undefined) warnings.push({ object: entry.object, code: 'unprobed', message });
  }
  return warnings;
}

async function warningOf(
  { object, decision }: PlanEntry,
  world: World,
  driver: Pick<Driver, 'read'>,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (object.kind !== 'WarmApp') return undefined;
  if (decision.kind === 'start' && ['install', 'upgrade', 'adopt'].includes(decision.transition)) {
    const { app, to, policy } = decision.input;
    try {
      const reading = await driver.read(app, to, signal);
      return isLikelyUnprobed(policy.health.probes, reading)
        ? `it has no probe, and ${to.version} of its recipe has no health check: unless an image brings one, it is taken to be healthy when its tasks run; give its recipe health.probes`
        : undefined;
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      return undefined;
    }
  }
  const app = parseAppName(object.name);
  const record = app === undefined ? undefined : world.records.get(app);
  const lastGood = record?.known === true ? record.value.lastGood : null;
  return lastGood?.unprobed === true
    ? `nobody could be asked whether ${lastGood.version} works: it has no probe and no health check, and only its tasks are known to run; give its recipe health.probes`
    : undefined;
}
