/** The gates: what may be tried, what is healthy, what is really gone; and alerts that are told once. */
import type { Mutant } from './mutant.ts';

const safety = 'controller/gates/safety.ts';
const health = 'controller/gates/health.ts';
const facts = 'controller/gates/health-facts.ts';
const undeployed = 'controller/gates/undeployed.ts';
const alerts = 'controller/report/alerts.ts';

const safetyTests = ['test/gates/safety.test.ts'];
const healthTests = ['test/gates/health.test.ts'];
const alertTests = ['test/report/alerts.test.ts'];

export const judgements: readonly Mutant[] = [
  {
    name: 'deaths that nobody watched are held against a release',
    rule: 'U3',
    file: 'controller/gates/health.ts',
    find: `    excuseUntilMs: nowMs,`,
    replace: `    excuseUntilMs: 0,`,
    tests: ['test/sim/regressions.test.ts'],
  },
  {
    name: 'the gate looks for majors in the target alone',
    rule: 'G3',
    file: safety,
    find: `inTheWay.map(({ version }) => version)`,
    replace: `[target]`,
    tests: safetyTests,
  },
  {
    name: 'the gate reads the release notes of the target alone',
    rule: 'G3',
    file: safety,
    find: `judgeReleaseNotes(inTheWay.map(({ release }) => release))`,
    replace: `judgeReleaseNotes(inTheWay.slice(-1).map(({ release }) => release))`,
    tests: safetyTests,
  },
  {
    name: 'a version in the way that cannot be read is fine',
    rule: 'G2',
    file: safety,
    find: `    ...unplaced.map(unparsableReason),\n`,
    replace: '',
    tests: safetyTests,
  },
  {
    name: 'an app’s version that cannot be read is no major',
    rule: 'G2',
    file: 'controller/gates/majors.ts',
    find: `  if (from === undefined || to === undefined) {`,
    replace: `  if (from === undefined && to === undefined) return [];\n  if (from === undefined) return [];\n  if (to === undefined) return [];\n  if (from < 0) {`,
    tests: safetyTests,
  },
  {
    name: 'an older version is taken',
    rule: 'G2',
    file: safety,
    find: `if (compareVersions(target, current) === 'older') return [downgrade(current, target)];`,
    replace: '',
    tests: safetyTests,
  },
  {
    name: 'an approval lifts the gate for every version',
    rule: 'G1',
    file: 'controller/plan/judge-candidate.ts',
    find: `app.approved === release.tag) return`,
    replace: `typeof app.approved === 'string') return`,
    tests: ['test/plan/structure.test.ts'],
  },
  {
    name: 'an app is healthy at the first green look',
    rule: 'U3',
    file: health,
    find: `stable !== null && sample.atMs - stable.sinceMs >= question.stableForMs`,
    replace: `stable !== null`,
    tests: healthTests,
  },
  {
    name: 'other tasks than before count as the same',
    rule: 'U3',
    file: health,
    find: `memory.stable?.key === key`,
    replace: `memory.stable !== null`,
    tests: healthTests,
  },
  {
    name: 'tasks of another spec count',
    rule: 'U3',
    file: facts,
    find: `if (task.specHash !== undefined) return task.specHash === question.specHash;`,
    replace: `if (task.specHash !== undefined) return true;`,
    tests: healthTests,
  },
  {
    name: 'deaths are forgotten',
    rule: 'U3',
    file: health,
    find: `if (deaths.length >= DEATHS_MAX && !memory.everGreen) {`,
    replace: `if (deaths.length < 0) {`,
    tests: healthTests,
  },
  {
    name: 'deaths from before the deploy count',
    rule: 'U3',
    file: facts,
    find: `in an earlier life.\n    task.createdAtMs >= question.deployedAtMs`,
    replace: `in an earlier life.\n    task.createdAtMs >= 0`,
    tests: healthTests,
  },
  {
    name: 'deaths in an outage are the app’s',
    rule: 'L1',
    file: health,
    find: `excuseUntilMs: sample.atMs + OUTAGE_GRACE_MS,`,
    replace: `excuseUntilMs: 0,`,
    tests: healthTests,
  },
  {
    name: 'Swarm’s own rollback is somebody’s doing, and not the release’s failure',
    rule: 'U3',
    file: health,
    find: `service.updateState?.startsWith('rollback')`,
    replace: `service.updateState?.startsWith('never')`,
    tests: healthTests,
  },
  {
    name: 'an app is gone when its services are',
    rule: 'S1',
    file: undeployed,
    find: `    ...tasks.map((task) => \`task \${task.id} (\${task.state}) on node \${task.nodeId}\`),\n`,
    replace: '',
    tests: ['test/reconcile/perform-data.test.ts'],
  },
  {
    name: 'a container of somebody else that uses a volume is not seen',
    rule: 'S1',
    file: undeployed,
    find: `container.volumes.some((volume) => volumeNames.includes(volume))`,
    replace: `false`,
    tests: ['test/reconcile/perform-data.test.ts'],
  },
  {
    name: 'a rollback is told again with every tick',
    rule: 'A1',
    file: alerts,
    find: `fingerprint: \`rollback/\${app}/\${id}\`,`,
    replace: `fingerprint: \`rollback/\${app}/\${id}/\${String(nowMs)}\`,`,
    tests: alertTests,
  },
  {
    name: 'a hold is told again with every tick',
    rule: 'A1',
    file: alerts,
    find: `fingerprint: \`held/\${app.name}/`,
    replace: `fingerprint: \`held/\${app.name}/\${String(nowMs)}/`,
    tests: alertTests,
  },
];
