/** What a person asks for: that it is neither lost nor done twice, and that a restore by hand and a drill touch no more than they may. */
import type { Mutant } from './mutant.ts';

const settle = 'controller/reconcile/settle-requests.ts';
const commit = 'controller/reconcile/perform-commit.ts';
const prepare = 'controller/reconcile/perform-prepare.ts';
const drill = 'controller/reconcile/perform-drill.ts';
const isolate = 'controller/recipe/isolate.ts';

export const requests: readonly Mutant[] = [
  {
    name: 'a request is begun again although the journal knows it',
    rule: 'L2',
    file: 'controller/plan/requests.ts',
    find: 'return isBegun ? null : request;',
    replace: 'return request;',
    tests: ['test/plan/requests.test.ts', 'test/reconcile/settle-requests.test.ts'],
  },
  {
    name: 'somebody is woken before what was asked for is written down',
    rule: 'L2',
    file: 'controller/reconcile/control.ts',
    find: '  await deps.store.writeRequest(name, request);\n',
    replace: '  deps.wake.activate();\n  await deps.store.writeRequest(name, request);\n',
    tests: ['test/reconcile/control.test.ts'],
  },
  {
    name: 'a retry is taken back before the quarantine is lifted',
    rule: 'L2',
    file: settle,
    find: '    await deps.store.writeQuarantine(app, null);',
    replace: '    await takeBack(app, deps);\n    await deps.store.writeQuarantine(app, null);',
    tests: ['test/reconcile/settle-requests.test.ts'],
  },
  {
    name: 'a quarantine is lifted while a transition is under way',
    rule: 'R1',
    file: settle,
    find: " || kind === 'in-transition'",
    replace: '',
    tests: ['test/reconcile/settle-requests.test.ts'],
  },
  {
    name: 'an app is taken down for a snapshot that cannot be restored',
    rule: 'S3',
    file: prepare,
    find: '  const why = await deps.snapshots.refusal(request, signal);',
    replace: '  const why = undefined as string | undefined;\n  void request;',
    tests: ['test/reconcile/perform-restore-by-hand.test.ts'],
  },
  {
    name: 'the release that a person left is gone to again',
    rule: 'L3',
    file: commit,
    find: "  if (job.kind === 'restore') await quarantineLeft(job, deps);",
    replace: "  if (job.kind === 'restore') await deps.store.writeQuarantine(app.name, null);",
    tests: ['test/reconcile/perform-restore-by-hand.test.ts'],
  },
  {
    name: 'what only the left release has stays on the Swarm',
    rule: 'S1',
    file: 'controller/reconcile/perform-undeploy.ts',
    find: '...(leaves === undefined ? [] : [leaves]), ',
    replace: '',
    tests: ['test/reconcile/perform-restore-by-hand.test.ts'],
  },
  {
    name: 'a drill unpacks the snapshot over the data of the app',
    rule: 'S2',
    file: drill,
    find: 'return { ...one, path: place.path };',
    replace: 'return one;',
    tests: ['test/reconcile/perform-drill.test.ts'],
  },
  {
    name: 'a drill unpacks under what still runs',
    rule: 'S1',
    file: drill,
    find: '  await assertUndeployed(stage.job, places, stage.deps, signal);\n',
    replace: '',
    tests: ['test/reconcile/perform-drill.test.ts'],
  },
  {
    name: 'a drill is cleared by the stack of the app',
    rule: 'R2',
    file: drill,
    find: '      await performUndeploy(stage.job, stage.deps, signal);',
    replace: '      await performUndeploy(job, deps, signal);',
    tests: ['test/reconcile/perform-drill.test.ts'],
  },
  {
    name: 'a drill that failed is not cleared',
    rule: 'R2',
    file: 'controller/transitions/drill.ts',
    find: "      ok: go('clear'),\n      failed: row.unlessNoAnswer('clear-failed'),",
    replace: "      ok: go('clear'),\n      failed: row.unlessNoAnswer('conclude-failed'),",
    tests: ['test/transitions/tables.test.ts'],
  },
  {
    name: 'a drill has the router labels of the app',
    rule: 'R2',
    file: isolate,
    find: "new Map([...(isTreeMap(deploy) ? deploy : []), ['labels', ours]])",
    replace: "new Map([['labels', ours], ...(isTreeMap(deploy) ? deploy : [])])",
    tests: ['test/recipe/isolate.test.ts'],
  },
  {
    name: 'a drill writes to volumes of others',
    rule: 'R2',
    file: isolate,
    find: 'if (shared !== undefined) {',
    replace: "if (shared?.target === '') {",
    tests: ['test/recipe/isolate.test.ts'],
  },
  {
    name: 'anybody on the host may talk to the controller',
    rule: 'R1',
    file: 'controller/adapters/socket/serve.ts',
    find: '    await chmod(join(making, SOCKET_NAME), 0o600);\n',
    replace: '    await chmod(join(making, SOCKET_NAME), 0o666);\n',
    tests: ['test/adapters/socket/control-socket.test.ts'],
  },
  {
    name: 'what was scaled by hand stays so',
    rule: 'U1',
    file: 'controller/plan/drift.ts',
    find: '  if (replicas !== proved.replicas) {',
    replace: '  if (replicas !== proved.replicas && replicas === -1) {',
    tests: ['test/plan/drift.test.ts'],
  },
  {
    name: 'an app is put back with a new secret beside its old data',
    rule: 'S3',
    file: 'controller/plan/gone-secrets.ts',
    find: 'secrets.filter((name) => !stored.has(name))',
    replace: 'secrets.filter((name) => !stored.has(name) && name === "")',
    tests: ['test/plan/drift.test.ts', 'test/plan/warm-apps.test.ts'],
  },
];
