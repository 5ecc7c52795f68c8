/** The composition of plans with a recorded world: how it comes to be, and how it is planned against. */
import { readFile, realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createAppliedStore } from '../adapters/files/desired-applied.ts';
import { writeFileAtomic } from '../adapters/files/atomic-write.ts';
import { errorCode } from '../adapters/files/fs.ts';
import { withScratch } from '../adapters/files/scratch.ts';
import { createRecordedPorts } from '../adapters/recorded/recorded-ports.ts';
import { programVersion } from '../adapters/system/identity.ts';
import { createClock } from '../adapters/system/clock.ts';
import { createStderrLog } from '../adapters/system/log.ts';
import { staleError } from '../model/desired-stale.ts';
import { CiWarmError, reasonOf } from '../model/failure.ts';
import type { RecordedWorld } from '../model/recorded-world.ts';
import { DesiredLoader } from '../reconcile/load.ts';
import { lookAndPlan } from '../reconcile/pass.ts';
import { planWarnings } from '../reconcile/plan-warnings.ts';
import { recordWorld } from '../reconcile/record-world.ts';
import { StructureReader } from '../reconcile/structure-reader.ts';
import { emptyRecord } from '../report/recorded.ts';
import { parseRecordedWorld, recordedWorldText } from '../spec/recorded-world.ts';
import { createStateCheck } from '../spec/state-validators.ts';
import { createSource } from './desired-source.ts';
import type { LookOptions } from './look-only.ts';
import { makePlan, type MadePlan } from './make-plan.ts';

/**
 * The same as `makePlan`, and what it saw is written down: whole or not at all, for its owner alone. Errors: as those, and
 * `recipe-invalid` (a tree without valid settings), `disk-full`, `tool-failed`.
 */
export async function planAndRecord(
  options: LookOptions & { readonly file: string },
): Promise<MadePlan & { readonly recorded: RecordedWorld }> {
  const { file, signal } = options;
  const stateDir = resolve(options.state);
  const check = createStateCheck();
  let recorded: RecordedWorld | undefined;
  const made = await makePlan(options, async ({ loaded, world }, { recipes, store }) => {
    const desired = loaded.known ? loaded.value.desired : undefined;
    if (desired === undefined) return;
    const applied = createAppliedStore({ stateDir, check, clock: createClock(), holdsLock: false });
    const deps = { recipes, store, applied, version: programVersion() };
    recorded = await recordWorld({ desired, world }, deps, signal);
  });
  if (recorded === undefined) {
    const message = `nothing is recorded to ${file}: the desired tree has no Settings that can be read, and without them nothing is known to be wanted; mend what ci-warm validate says`;
    throw new CiWarmError('recipe-invalid', message);
  }
  const written = recordedWorldText(recorded);
  if ('problems' in written) {
    const message = `will not write a recorded world that breaks its own schema: ${written.problems.join('; ')}; this is a mistake in ci-warm, please report it`;
    throw new CiWarmError('state-invalid', message);
  }
  await writeFileAtomic(await realPath(file), written.text, { mode: 0o600 });
  return { ...made, recorded };
}

/** Where a link leads, so that the link stays one. */
async function realPath(file: string): Promise<string> {
  return await realpath(file).catch(() => resolve(file));
}

export type PlanAgainst =
  | { readonly kind: 'unreadable'; readonly problems: readonly string[] }
  | { readonly kind: 'planned'; readonly made: MadePlan; readonly world: RecordedWorld };

/**
 * What a pass would have done then, for the tree of now. Asks no Docker, no recipe's repository and no state directory.
 * `problems`: why the file cannot be used. Throws as `makePlan` does for the tree's sake.
 */
export async function planAgainst(
  options: Omit<LookOptions, 'state'> & { readonly file: string },
): Promise<PlanAgainst> {
  const { file, signal } = options;
  const read = await readFile(file, 'utf8').then(parseRecordedWorld, (thrown: unknown) => ({
    problems: [errorCode(thrown) === 'ENOENT' ? 'there is no such file' : reasonOf(thrown)],
  }));
  if ('problems' in read) return { kind: 'unreadable', problems: read.problems };
  const { world } = read;
  const { applied, driver, ...ports } = createRecordedPorts(world, emptyRecord);
  const log = await createStderrLog('warn', process.env);
  return await withScratch(async (scratch) => {
    const own = { ...options, stateDir: scratch, scratch, log, holdsLock: false };
    const { source, treeName } = createSource(own, createClock());
    const loader = new DesiredLoader({ source, treeName, applied });
    const structures = new StructureReader(ports.recipes);
    const pass = await lookAndPlan({ ...ports, loader, structures }, signal);
    const { stale } = loader.progress;
    if (!pass.loaded.known) throw staleError(stale, pass.loaded.why);
    const warnings = await planWarnings(pass, driver, signal);
    const { problems } = pass.loaded.value;
    return { kind: 'planned', world, made: { plan: pass.plan, problems, warnings, stale } };
  });
}
