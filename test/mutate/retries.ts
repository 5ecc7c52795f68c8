/** What is tried again: what a way back then sees to, what a person's retry may lift, and who is told of a last step that hangs. */
import type { Mutant } from './mutant.ts';

const fold = 'controller/model/journal-fold.ts';
const requests = 'controller/plan/requests.ts';
const control = 'controller/reconcile/control.ts';
const execute = 'controller/reconcile/execute.ts';
const stuck = 'controller/report/stuck-alert.ts';
const undeploy = 'controller/reconcile/perform-undeploy.ts';

export const retries: readonly Mutant[] = [
  {
    name: 'nobody knows any more what had failed when a way back did',
    rule: 'U1',
    file: fold,
    find: "return end === 'stranded' && failed !== undefined ? { failed } : {};",
    replace: "return end === 'abandoned' && failed !== undefined ? { failed } : {};",
    tests: ['test/model/journal-fold.test.ts'],
  },
  {
    name: 'what had failed is forgotten when a way back fails once more',
    rule: 'U1',
    file: fold,
    find: "const failed = transition === 'upgrade' ? input.to : input.failed;",
    replace: "const failed = transition === 'upgrade' ? input.to : undefined;",
    tests: ['test/model/journal-fold.test.ts'],
  },
  {
    name: 'the way back is tried again as if nothing had failed',
    rule: 'U1',
    file: 'controller/plan/repair.ts',
    find: '    ...(failed === undefined ? {} : { failed }),\n',
    replace: '',
    tests: ['test/plan/requests.test.ts'],
  },
  {
    name: 'a restore by hand of a stranded app knows nothing of what had failed',
    rule: 'U1',
    file: requests,
    find: '    ...(failed === undefined ? {} : { failed }),\n',
    replace: '',
    tests: ['test/plan/requests.test.ts'],
  },
  {
    name: 'what only a failed release made stays where it is when its way back is tried again',
    rule: 'U1',
    file: undeploy,
    find: '  if (failed === undefined) return undefined;',
    replace: '  if (failed !== undefined) return undefined;',
    tests: ['test/reconcile/perform-data.test.ts'],
  },
  {
    name: 'the way back waits for a failed release that its repository no longer has',
    rule: 'U1',
    file: undeploy,
    find: "    if (!(thrown instanceof CiWarmError && thrown.code === 'recipe-invalid')) throw thrown;\n    const",
    replace: '    if (thrown instanceof CiWarmError) throw thrown;\n    const',
    tests: ['test/reconcile/perform-data.test.ts'],
  },
  {
    name: 'no answer about a failed release is taken for none',
    rule: 'L1',
    file: undeploy,
    find: "    if (!(thrown instanceof CiWarmError && thrown.code === 'recipe-invalid')) throw thrown;\n    const",
    replace: '    const',
    tests: ['test/reconcile/perform-data.test.ts'],
  },
  {
    name: 'a retry lifts what failed after it was asked for, in the plan',
    rule: 'U3',
    file: requests,
    find: "  return request?.kind === 'retry' && isLiftedBy(request, record)",
    replace: "  return request?.kind === 'retry'",
    tests: ['test/plan/requests.test.ts'],
  },
  {
    name: 'a retry lifts what failed after it was asked for',
    rule: 'U3',
    file: 'controller/reconcile/settle-requests.ts',
    find: '  if (isLiftedBy(pending, record)) {',
    replace: '  if (isLiftedBy(pending, { ...record, quarantine: null })) {',
    tests: ['test/reconcile/settle-requests.test.ts'],
  },
  {
    name: 'a retry that knew of no quarantine lifts any',
    rule: 'U3',
    file: requests,
    find: 'lifts === undefined || lifts === quarantine.since',
    replace: '(lifts ?? quarantine.since) === quarantine.since',
    tests: ['test/plan/requests.test.ts', 'test/reconcile/settle-requests.test.ts'],
  },
  {
    name: 'a retry is written down while a transition is under way',
    rule: 'U3',
    file: control,
    find: '  if (open[0] !== undefined) {',
    replace: "  if (open[0] !== undefined && name === '') {",
    tests: ['test/reconcile/control.test.ts'],
  },
  {
    name: 'an earlier retry stands for one that knows of a later quarantine',
    rule: 'U3',
    file: control,
    find: 'earlier !== null && earlier.lifts === what.lifts',
    replace: 'earlier !== null',
    tests: ['test/reconcile/control.test.ts'],
  },
  {
    name: 'of last steps that hang only a retirement’s is told',
    rule: 'A1',
    file: execute,
    find: '        if (isStuck(row, result.failure, failures)) {',
    replace: "        if (progress.kind === 'retire' && isStuck(row, result.failure, failures)) {",
    tests: ['test/reconcile/execute.test.ts'],
  },
  {
    name: 'a step that turns the transition round in the end is told as one that hangs',
    rule: 'A1',
    file: execute,
    find: 'return !failure.noAnswer && failures >= STUCK_AFTER && isWaitedOut(row, failure);',
    replace: 'return !failure.noAnswer && failures >= STUCK_AFTER - 5 && row !== undefined;',
    tests: ['test/reconcile/execute.test.ts'],
  },
  {
    name: 'that an end cannot be recorded stands for the alert of that end',
    rule: 'A1',
    file: stuck,
    find: 'return isRetirementsLast(kind, phase) ? transition : `${transition}/${phase}`;',
    replace: "return isRetirementsLast(kind, phase) || phase !== '' ? transition : phase;",
    tests: ['test/reconcile/execute.test.ts'],
  },
  {
    name: 'what hung is told to be over while it hangs',
    rule: 'A1',
    file: stuck,
    find: "    decision.kind === 'in-transition'\n",
    replace: "    decision.kind === 'in-transition' && decision.phase === ''\n",
    tests: ['test/report/stuck-alert.test.ts'],
  },
];
