/** The end of an app's life: kept while it may be wanted, its data saved before it goes, and nothing of others taken. */
import type { Mutant } from './mutant.ts';

const plan = 'controller/plan/orphans.ts';
const retire = 'controller/reconcile/perform-retire.ts';
const see = 'controller/reconcile/see-to-orphans.ts';
const ofPlan = ['test/plan/orphans.test.ts'];
const ofRetire = ['test/reconcile/perform-retire.test.ts'];
const ofSee = ['test/reconcile/see-to-orphans.test.ts'];

export const orphans: readonly Mutant[] = [
  {
    name: 'apps count as removed while a file cannot be read',
    rule: 'L1',
    file: plan,
    find: 'if (desired === undefined || incomplete)',
    replace: 'if (desired === undefined)',
    tests: ofPlan,
  },
  {
    name: 'an app that is written wrongly counts as removed',
    rule: 'L1',
    file: plan,
    find: "kind === 'WarmApp' || kind === 'Canonical'",
    replace: "kind === 'Recipe'",
    tests: ofPlan,
  },
  {
    name: 'an app is retired although newer desired state is refused',
    rule: 'L1',
    file: plan,
    find: 'if (doubt !== undefined) return kept(`it is kept, for ${doubt}`);',
    replace: '',
    tests: ofPlan,
  },
  {
    name: 'the grace time counts for nothing',
    rule: 'S2',
    file: plan,
    find: 'if (world.nowMs < untilMs) {',
    replace: 'if (world.nowMs < sinceMs) {',
    tests: ofPlan,
  },
  {
    name: 'the data of an app that is ill replaces its snapshot',
    rule: 'S2',
    file: plan,
    find: 'if (ill === undefined) return undefined;',
    replace: 'if (ill === undefined || ill !== undefined) return undefined;',
    tests: ofPlan,
  },
  {
    name: 'a retired app that is back begins on empty volumes',
    rule: 'S2',
    file: 'controller/plan/warm-apps.ts',
    find: "if (last?.kind === 'retire' && last.end === 'succeeded') {",
    replace: "if (last?.kind === 'retire' && last.end === 'abandoned') {",
    tests: ofPlan,
  },
  {
    name: 'live data goes although its snapshot is gone',
    rule: 'S2',
    file: retire,
    find: 'if (held === null || held.id !== job.data.snapshotId) {',
    replace: 'if (held === null) {',
    tests: ofRetire,
  },
  {
    name: 'a snapshot that cannot be read back is good enough',
    rule: 'S2',
    file: retire,
    find: 'if (problems[0] === undefined) return taken;',
    replace: 'if (problems[0] !== null) return taken;',
    tests: ofRetire,
  },
  {
    name: 'live data goes while something uses it',
    rule: 'S1',
    file: retire,
    find: '  await assertUndeployed(job, volumes, deps, signal);\n',
    replace: '',
    tests: ofRetire,
  },
  {
    name: 'live data goes although its clearing failed half way, and the app is put back on it',
    rule: 'S2',
    file: 'controller/transitions/retire.ts',
    find: 'failed: untilDone,',
    replace: "failed: () => go('back-deploy'),",
    tests: ['test/transitions/tables.test.ts'],
  },
  {
    name: 'a prune that was killed is forgotten: the folder with its request goes first',
    rule: 'L2',
    file: see,
    find: "    if (stack !== '') {",
    replace: "    await deps.store.forget(app);\n    if (stack !== '') {",
    tests: ofSee,
  },
  {
    name: 'what has no owner on record is removed',
    rule: 'R2',
    file: see,
    find: "    if (stack !== '') {",
    replace: '    {',
    tests: ofSee,
  },
  {
    name: 'a volume of that name that is somebody else’s is removed',
    rule: 'R2',
    file: 'controller/adapters/docker/volumes.ts',
    find: '      if (!isOurs) return false;\n',
    replace: '',
    tests: ['test/adapters/docker/volumes.test.ts'],
  },
];
