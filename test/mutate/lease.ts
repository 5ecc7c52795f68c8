/** Who may act: one controller, under a lease that it can prove. */
import type { Mutant } from './mutant.ts';

const tenure = 'controller/reconcile/lease-tenure.ts';
const store = 'controller/adapters/docker/lease.ts';
const keeperTests = ['test/reconcile/lease-keeper.test.ts'];
const storeTests = ['test/adapters/docker/lease.test.ts'];

export const lease: readonly Mutant[] = [
  {
    name: 'a lease that somebody renews is taken',
    rule: 'R1',
    file: tenure,
    find: '    return elapsedMs() - sinceMs >= Math.max(TTL_MS, seen.ttlMs);',
    replace: '    return elapsedMs() - sinceMs >= 0;',
    tests: keeperTests,
  },
  {
    name: 'a lease is held although it could not be renewed',
    rule: 'R1',
    file: tenure,
    find: `    this.#armFence(leftMs);\n`,
    replace: '',
    tests: keeperTests,
  },
  {
    name: 'work goes on after the lease is lost',
    rule: 'R1',
    file: tenure,
    find: `    this.#fence?.abort();\n    this.#stopWork();\n    this.#standing`,
    replace: `    this.#fence?.abort();\n    this.#standing`,
    tests: keeperTests,
  },
  {
    name: 'the time of a lease counts from its answer',
    rule: 'R1',
    file: tenure,
    find: 'const leftMs = FENCE_MS - (this.#deps.elapsedMs() - beganMs);',
    replace: 'const leftMs = FENCE_MS - Math.min(0, beganMs);',
    tests: keeperTests,
  },
  {
    name: 'what a copy of the state directory has taken is taken back',
    rule: 'R1',
    file: tenure,
    find: 'seen.holder === this.#deps.holder && !this.#wasHeld',
    replace: 'seen.holder === this.#deps.holder',
    tests: keeperTests,
  },
  {
    name: 'a lease that is not needed is kept from others',
    rule: 'L2',
    file: tenure,
    find: `    if (this.#beat > 0) await this.#giveUp().catch(() => undefined);\n`,
    replace: '',
    tests: keeperTests,
  },
  {
    name: 'no answer is a free lease',
    rule: 'L1',
    file: tenure,
    find: `        this.#standing = {\n          kind: 'unanswered',\n          why: \`The lease of \${this.#scope} could not be taken`,
    replace: `        this.#hold(this.#deps.elapsedMs());\n        void {\n          kind: 'unanswered',\n          why: \`The lease of \${this.#scope} could not be taken`,
    tests: keeperTests,
  },
  {
    name: 'a renewal overwrites whoever was faster',
    rule: 'R1',
    file: store,
    find: 'const _query = { version: seen.version };',
    replace: 'const _query = {};',
    tests: storeTests,
  },
  {
    name: 'a renewal that answered an error and was done counts as lost',
    rule: 'L4',
    file: store,
    find: `        if (now?.session === claim.session && now.beat === claim.beat) return true;\n`,
    replace: '',
    tests: storeTests,
  },
  {
    name: 'the lease of another scope is taken for this one’s',
    rule: 'R1',
    file: store,
    find: '.find(({ Spec }) => Spec?.Name === name)',
    replace: '.find(({ Spec }) => Spec !== undefined)',
    tests: storeTests,
  },
  {
    name: 'a pass acts on what another controller keeps',
    rule: 'R1',
    file: 'controller/reconcile/may-begin.ts',
    find: `? rightToBegin(standing, runners)`,
    replace: `? rightToBegin({ kind: 'held', signal: new AbortController().signal }, runners)`,
    tests: ['test/reconcile/lease-and-pass.test.ts'],
  },
  {
    name: 'a controller that stands by tells of apps that another one keeps',
    rule: 'A1',
    file: 'controller/reconcile/run-pass.ts',
    find: `  if (standby !== undefined) return standby;\n`,
    replace: '',
    tests: ['test/reconcile/lease-and-pass.test.ts', 'test/reconcile/run-pass.test.ts'],
  },
  {
    name: 'a controller that stands by tells that an app of another one is ill',
    rule: 'A1',
    file: 'controller/report/illness.ts',
    find: `    if (isStandby === true) continue;\n`,
    replace: '',
    tests: ['test/reconcile/tell-alerts.test.ts'],
  },
];
