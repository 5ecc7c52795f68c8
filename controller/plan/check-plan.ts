/** Invariants of every plan, checked apart from what made it; the loop refuses a plan that breaks one. */
import type { Desired } from '../model/desired.ts';
import type { Plan } from '../model/plan.ts';
import type { World } from '../model/world.ts';

/** One sentence for each invariant that is broken. */
export function checkPlan(plan: Plan, desired: Desired, world: World): readonly string[] {
  const problems: string[] = [];
  const seen = new Map<string, number>();
  for (const { object } of plan.entries) {
    const key = `${object.kind}/${object.name}`;
    seen.set(key, (seen.get(key) ?? 0) + 1);
  }
  const wanted = [
    ...[...desired.warmApps.keys()].map((name) => `WarmApp/${name}`),
    ...[...desired.canonicals.keys()].map((name) => `Canonical/${name}`),
    ...[...desired.runs.keys()].map((name) => `Run/${name}`),
    ...[...desired.sweeps.keys()].map((name) => `Sweep/${name}`),
  ];
  for (const key of wanted) {
    if (seen.get(key) !== 1)
      problems.push(`${key} is in the plan ${String(seen.get(key) ?? 0)} times, not once`);
  }
  for (const { object, decision } of plan.entries) {
    if (decision.kind !== 'start') continue;
    const name = `${object.kind}/${object.name}`;
    const record = world.records.get(decision.input.app.name);
    if (!world.swarm.known) problems.push(`L1: ${name} is acted on while the Swarm is unknown`);
    if (record?.known !== true)
      problems.push(`L1: ${name} is acted on while its record is unknown`);
    else if (record.value.open.length > 0) problems.push(`R1: ${name} has a transition already`);
    const isFirst = decision.transition === 'install' || decision.transition === 'adopt';
    if (!isFirst && decision.input.from === null) {
      problems.push(`U1: ${name} would be changed without a way back`);
    }
    if (decision.transition === 'retire' && desired.warmApps.has(decision.input.app.name)) {
      problems.push(`S2: ${name} is wanted, and would be taken away`);
    }
  }
  return problems;
}
