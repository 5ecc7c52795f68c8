/** Apps and machines that surprise: health that comes and goes, images that cannot be had, an Engine that forgets. */
import type { Mutant } from './mutant.ts';

const health = 'controller/gates/health.ts';
const overdue = 'controller/gates/health-overdue.ts';
const http = 'controller/adapters/http/http.ts';
const perform = 'controller/reconcile/perform.ts';
const undeploy = 'controller/reconcile/perform-undeploy.ts';

const healthTests = ['test/gates/health-flapping.test.ts'];
const probeTests = ['test/adapters/http/probes.test.ts'];

export const surprises: readonly Mutant[] = [
  {
    name: 'probes that had nobody to ask prove an app',
    rule: 'U3',
    file: health,
    find: `(green && !isUnprobed(sample.probes))`,
    replace: `green`,
    tests: healthTests,
  },
  {
    name: 'probes that could not be made count as illness',
    rule: 'L1',
    file: overdue,
    find: `(red.length === 0 || isRed)`,
    replace: `true`,
    tests: healthTests,
  },
  {
    name: 'a proxy that does not answer is the fault of the app',
    rule: 'L1',
    file: http,
    find: `door.of === 'task' || isConnected`,
    replace: `isConnected || door.port > 0`,
    tests: probeTests,
  },
  {
    name: 'a body is not looked at',
    rule: 'U1',
    file: http,
    find: `if (body === undefined || (await hasText(response, body))) return green;`,
    replace: `if (body !== '') return green;`,
    tests: probeTests,
  },
  {
    name: 'a registry that refuses this host is the fault of the release',
    rule: 'L1',
    file: perform,
    find: `{ ...base, verdict: 'inconclusive', reason: 'RegistryDenied' }`,
    replace: `{ ...base, verdict: 'unhealthy', reason: 'RegistryDenied' }`,
    tests: ['test/reconcile/perform.test.ts'],
  },
  {
    name: 'a container that Swarm has forgotten keeps its app undeployed',
    rule: 'L2',
    file: undeploy,
    find: `deps.clock.now() - tasklessSinceMs > FORGOTTEN_AFTER_MS`,
    replace: `deps.clock.now() - tasklessSinceMs > WAIT_MAX_MS`,
    tests: ['test/reconcile/perform-undeploy.test.ts'],
  },
  {
    name: 'any container of the stack that does not run is taken for a forgotten one',
    rule: 'R2',
    file: undeploy,
    find: `[...names].some((name) => one.names[0]?.startsWith(\`\${name}.\`) === true)`,
    replace: `names.size > 0`,
    tests: ['test/reconcile/perform-undeploy.test.ts'],
  },
  {
    name: 'room that comes and goes is told again and again',
    rule: 'A1',
    file: 'controller/report/disk-alert.ts',
    find: `(isTold ? OVER_AT : 1)`,
    replace: `(isTold ? 1 : 1)`,
    tests: ['test/reconcile/tell-alerts.test.ts'],
  },
];
