/** What others deployed: what may be adopted, and that nothing of it is touched on the way. */
import type { Mutant } from './mutant.ts';

const gate = 'controller/gates/adoption.ts';
const candidate = 'controller/plan/adoption-candidate.ts';
const perform = 'controller/reconcile/perform-adopt.ts';
const write = 'controller/adapters/docker/label-service.ts';
const table = 'controller/transitions/adopt.ts';

const gateTests = ['test/gates/adoption.test.ts'];
const planTests = ['test/plan/adoption.test.ts'];
const performTests = ['test/reconcile/perform-adopt.test.ts'];
const writeTests = ['test/adapters/docker/label-service.test.ts'];
const tableTests = ['test/transitions/tables.test.ts', 'test/transitions/recovery.test.ts'];

export const adoption: readonly Mutant[] = [
  {
    name: 'another tag of the image is adopted',
    rule: 'G2',
    file: gate,
    find: 'runs.name === wanted.name && runs.tag === wanted.tag && ',
    replace: 'runs.name === wanted.name && ',
    tests: gateTests,
  },
  {
    name: 'a service more than the recipe has is adopted along',
    rule: 'R2',
    file: gate,
    find: 'services.filter(({ name }) => !names.has(name))',
    replace: 'services.filter(({ name }) => name === "")',
    tests: gateTests,
  },
  {
    name: 'a variable of the app with another value is no difference',
    rule: 'G2',
    file: gate,
    find: '  return [...set, ...given].sort()',
    replace: '  given.length = 0;\n  return [...set, ...given].sort()',
    tests: gateTests,
  },
  {
    name: 'a variable that is missing is no difference',
    rule: 'G2',
    file: gate,
    find: '    environment[variable] !== digestOf(value);',
    replace:
      '    environment[variable] !== undefined && environment[variable] !== digestOf(value);',
    tests: gateTests,
  },
  {
    name: 'another volume in the same place is no difference',
    rule: 'G3',
    file: gate,
    find: '  return runs.source === asks.source || (',
    replace: '  return runs.kind === "volume" || runs.source === asks.source || (',
    tests: gateTests,
  },
  {
    name: 'a volume with options is adopted, and the next deploy refused',
    rule: 'G2',
    file: gate,
    find: "if (volume?.driver === 'local' && options.length === 0) return [];",
    replace: "if (volume?.driver === 'local') return [];",
    tests: gateTests,
  },
  {
    name: 'data on another node is adopted',
    rule: 'S1',
    file: gate,
    find: '  if (elsewhere !== undefined) {',
    replace: "  if (elsewhere?.id === '') {",
    tests: gateTests,
  },
  {
    name: 'an update that Swarm has paused is adopted',
    rule: 'U3',
    file: gate,
    find: '  if (AT_REST.includes(updateState)) return [];',
    replace: "  if (updateState !== 'updating') return [];",
    tests: gateTests,
  },
  {
    name: 'a recipe that cannot be read is compared all the same',
    rule: 'G2',
    file: gate,
    find: '    ...structure.problems.map(',
    replace: '    ...structure.problems.slice(structure.problems.length).map(',
    tests: gateTests,
  },
  {
    name: 'a service of another app’s is adopted',
    rule: 'R2',
    file: candidate,
    find: '    if (owner === undefined) return true;',
    replace: '    if (owner !== name) return true;',
    tests: planTests,
  },
  {
    name: 'what we deployed and have no record of is adopted',
    rule: 'R2',
    file: candidate,
    find: 'tasks.every(({ specHash }) => specHash === undefined)',
    replace: 'tasks.length > 0',
    tests: planTests,
  },
  {
    name: 'the pinned version is taken to run whatever the labels say',
    rule: 'G2',
    file: candidate,
    find: "  const [tag = app.version.kind === 'pinned' ? app.version.tag : undefined] = tags;",
    replace:
      "  const tag = app.version.kind === 'pinned' ? app.version.tag : newestOf(releases)?.tag;",
    tests: planTests,
  },
  {
    name: 'what is ill is adopted',
    rule: 'U1',
    file: 'controller/plan/adoption.ts',
    find: 'if (ill.length > 0)',
    replace: 'if (ill.length > 99)',
    tests: planTests,
  },
  {
    name: 'what was written since it was compared is adopted',
    rule: 'L1',
    file: perform,
    find: 'service.versionIndex === input.adopts?.[full]',
    replace: 'input.adopts !== undefined',
    tests: performTests,
  },
  {
    name: 'the way back is what the tag means today',
    rule: 'U2',
    file: perform,
    find: '    containerId === undefined\n',
    replace: '    containerId !== ""\n',
    tests: performTests,
  },
  {
    name: 'labels of another owner are taken off',
    rule: 'R2',
    file: perform,
    find: '    if (service.labels[label.app] !== app.name) continue;\n',
    replace: '',
    tests: performTests,
  },
  {
    name: 'an adopted tag stands for its image whatever the service is changed to',
    rule: 'P2',
    file: 'controller/plan/drift.ts',
    find: 'service.labels[label.adopted] === adoptedAs(service.image, image)',
    replace: 'service.labels[label.adopted] !== undefined',
    tests: planTests,
  },
  {
    name: 'labels are written over what somebody else wrote meanwhile',
    rule: 'L4',
    file: write,
    find: 'change.ifVersion !== undefined && change.ifVersion !== Index',
    replace: 'Index < 0',
    tests: writeTests,
  },
  {
    name: 'a write of labels that answered an error is not read again',
    rule: 'L4',
    file: write,
    find: '    if (!isAsWanted(now.Spec.Labels, change)) throw failure;',
    replace: '    throw failure;',
    tests: writeTests,
  },
  {
    name: 'a spec is written back in an older version, and loses what that has no words for',
    rule: 'G1',
    file: write,
    find: 'await connection.askInFull(`label service ${id}`',
    replace: 'await connection.ask(`label service ${id}`',
    tests: writeTests,
  },
  {
    name: 'labels that were left half written are not taken off',
    rule: 'L2',
    file: table,
    find: "failed: row.unlessNoAnswer('unlabel')",
    replace: "failed: row.unlessNoAnswer('conclude-abandon')",
    tests: tableTests,
  },
  {
    name: 'an adoption is committed without having been judged',
    rule: 'U1',
    file: table,
    find: "      'judge',\n      'conclude-abandon',",
    replace: "      'label',\n      'conclude-abandon',",
    tests: tableTests,
  },
  {
    name: 'a task of another image counts for an app that is adopted',
    rule: 'U3',
    file: 'controller/gates/health-facts.ts',
    find: 'if (question.specHash === null) return task.image === service.image;',
    replace: 'if (question.specHash === null) return task.serviceId === service.id;',
    tests: ['test/gates/health-adoption.test.ts'],
  },
];
