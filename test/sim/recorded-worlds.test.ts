/** What passes of simulated worlds saw, written down, read again and planned against: the same plan (L3). */
import { expect, test, vi } from 'vitest';
import { createRecordedPorts } from '../../controller/adapters/recorded/recorded-ports.ts';
import type { World as Observed } from '../../controller/model/world.ts';
import { removedFrom } from '../../controller/plan/orphans.ts';
import { planPass } from '../../controller/plan/plan.ts';
import { observeWorld } from '../../controller/reconcile/observe.ts';
import { recordWorld } from '../../controller/reconcile/record-world.ts';
import type { Pass } from '../../controller/reconcile/pass.ts';
import { Reporter } from '../../controller/reconcile/report.ts';
import { StructureReader } from '../../controller/reconcile/structure-reader.ts';
import { emptyRecord } from '../../controller/report/recorded.ts';
import { parseRecordedWorld, recordedWorldText } from '../../controller/spec/recorded-world.ts';
import { recipeFilesOf, releaseAt } from './catalogue.ts';
import { runWorld } from './run.ts';
import { drawScenario } from './scenario.ts';
import { startMs, type World } from './world.ts';

const SEEDS = 40;
const { signal } = new AbortController();

/** Passes of a world, from its beginning to its end. */
async function passesOf(seed: number): Promise<{ passes: readonly Pass[]; world: World }> {
  const passes: Pass[] = [];
  const report = vi.spyOn(Reporter.prototype, 'report').mockImplementation(async function (
    this: Reporter,
    pass: Pass,
  ) {
    passes.push(pass);
    await original.call(this, pass);
  });
  try {
    const { world } = await runWorld(drawScenario(seed, startMs));
    return { passes, world };
  } finally {
    report.mockRestore();
  }
}

const original = Reporter.prototype.report;

/** As read back from its file, by the ports that a plan against it has. */
async function againstRecord(pass: Pass, { recipes }: World): Promise<Observed | undefined> {
  const desired = pass.loaded.known ? pass.loaded.value.desired : undefined;
  if (desired === undefined) return undefined;
  const filesOf = (name: string, _url: string, commits: readonly string[]) =>
    Promise.resolve(
      new Map(
        commits.flatMap((commit) => {
          const recipe = recipes.get(name);
          const release = recipe === undefined ? undefined : releaseAt(recipe, commit);
          return release === undefined ? [] : [[commit, recipeFilesOf(release)] as const];
        }),
      ),
    );
  const deps = {
    recipes: { filesOf },
    store: { apps: () => Promise.resolve([...pass.world.records.keys()]) },
    applied: {
      path: '/state/desired.json',
      read: () => Promise.resolve({ known: true, value: undefined } as const),
    },
    version: '0',
  };
  const written = recordedWorldText(
    await recordWorld({ desired, world: pass.world }, deps, signal),
  );
  const read = 'text' in written ? parseRecordedWorld(written.text) : written;
  if ('problems' in read) throw new Error(read.problems.join('; '));
  const ports = createRecordedPorts(read.world, emptyRecord);
  const structures = new StructureReader(ports.recipes);
  return await observeWorld(desired, { ...ports, structures }, signal);
}

function planOf({ loaded, progress }: Pass, world: Observed): unknown {
  if (!loaded.known || loaded.value.desired === undefined) return undefined;
  const isStale = progress.stale !== undefined;
  const removed = removedFrom(loaded.value, [...world.records.keys()], isStale);
  return JSON.parse(JSON.stringify(planPass(loaded.value.desired, world, removed))) as unknown;
}

test('what a pass saw gives the same plan when it was written down and read again', async () => {
  let compared = 0;
  const kinds = new Set<string>();
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const { passes, world } = await passesOf(seed);
    for (const pass of passes) {
      // Where the forge did not answer in that very pass, the record has more than the pass: it asked a second time.
      if ([...pass.world.structures.values()].some(({ known }) => !known)) continue;
      const again = await againstRecord(pass, world);
      if (again === undefined) continue;
      expect(planOf(pass, again), `seed ${String(seed)}`).toEqual(planOf(pass, pass.world));
      compared += 1;
      for (const { decision } of pass.plan.entries) kinds.add(decision.kind);
    }
  }

  expect(compared).toBeGreaterThan(500);
  expect([...kinds]).toEqual(
    expect.arrayContaining(['start', 'held', 'in-transition', 'orphaned', 'unknown']),
  );
});
