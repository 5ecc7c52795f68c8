/** What people want: followed only where it is sure, and in (current, target] only what nobody has to be asked for. */
import type { Mutant } from './mutant.ts';

const load = 'controller/reconcile/load.ts';
const removal = 'controller/spec/removal.ts';
const git = 'controller/adapters/git/desired-git.ts';
const configuration = 'controller/gates/new-configuration.ts';
const holds = 'controller/plan/app-holds.ts';
const loadTests = ['test/reconcile/load-desired.test.ts'];
const gitTests = ['test/adapters/git/desired-git.test.ts'];
const gateTests = ['test/gates/structure.test.ts'];
const planTests = ['test/plan/structure.test.ts'];
const leftTests = ['test/plan/left-data.test.ts'];
const appTests = ['test/plan/warm-apps.test.ts'];

export const wanted: readonly Mutant[] = [
  {
    name: 'most of the objects may be gone at once',
    rule: 'L1',
    file: load,
    find: `      if (!loaded.incomplete) refuseMassRemoval(applied, objects, revision);\n`,
    replace: '',
    tests: loadTests,
  },
  {
    name: 'all of the objects have to be gone to be a mistake',
    rule: 'L1',
    file: removal,
    find: 'gone.length * 2 > before.length',
    replace: 'gone.length > before.length',
    tests: loadTests,
  },
  {
    name: 'an unreadable file makes its object count as gone from then on',
    rule: 'L1',
    file: load,
    find: 'const all = loaded.incomplete ? ',
    replace: 'const all = loaded.incomplete && objects.length === 0 ? ',
    tests: loadTests,
  },
  {
    name: 'desired state that is refused leaves nothing wanted although what was applied is there',
    rule: 'L1',
    file: load,
    find: 'applied === undefined ? undefined : await this.#deps.source.readApplied?.(applied, signal)',
    replace:
      'applied !== undefined ? undefined : await this.#deps.source.readApplied?.(applied, signal)',
    tests: loadTests,
  },
  {
    name: 'what cannot be remembered as applied is followed',
    rule: 'L1',
    file: load,
    find: '.catch(refuseUnwritten)',
    replace: '.catch(() => undefined)',
    tests: loadTests,
  },
  {
    name: 'a record of what was applied that is damaged is read as none',
    rule: 'L1',
    file: load,
    find: '    if (!remembered.known) {',
    replace: `    if (!remembered.known && remembered.why === '') {`,
    tests: loadTests,
  },
  {
    name: 'a branch that was rewritten is followed',
    rule: 'L1',
    file: git,
    find: '    if (follows) return;',
    replace: '    if (follows || !follows) return;',
    tests: gitTests,
  },
  {
    name: 'what was applied is read from the tip of the branch',
    rule: 'L1',
    file: git,
    find: '      return await this.#tree(revision, signal);',
    replace: '      return (await this.read(signal)) satisfies DesiredTree;',
    tests: gitTests,
  },
  {
    name: 'what was applied of another repository is taken for this one’s',
    rule: 'L1',
    file: git,
    find: 'if (origin !== this.#origin || parseCommitSha',
    replace: 'if (parseCommitSha',
    tests: gitTests,
  },
  {
    name: 'a commit that nobody signed is followed',
    rule: 'L1',
    file: git,
    find: `    if (this.#options.isSigned) await this.#demandSigned(commit, signal);\n`,
    replace: '',
    tests: ['test/adapters/git/desired-signature.test.ts'],
  },
  {
    name: 'a release is never too young',
    rule: 'G1',
    file: 'controller/gates/min-age.ts',
    find: 'if (minAgeMs <= 0) return',
    replace: 'if (minAgeMs <= 0 || nowMs > 0) return',
    tests: planTests,
  },
  {
    name: 'a release is too young for a person, too',
    rule: 'G1',
    file: 'controller/plan/judge-candidate.ts',
    find: `  if (currentTag === release.tag || app.approved === release.tag) return { kind: 'take', release };\n`,
    replace: `  if (currentTag === release.tag) return { kind: 'take', release };\n`,
    tests: planTests,
  },
  {
    name: 'a variable that a recipe cannot do without is not asked for',
    rule: 'G3',
    file: configuration,
    find: '    if (variable === undefined || byName.has(variable)) continue;',
    replace: `    if (variable === undefined || variable !== '') continue;`,
    tests: gateTests,
  },
  {
    name: 'a new variable without a value is nothing new',
    rule: 'G3',
    file: configuration,
    find: '!isSet && !before.has(name) && !told.has(name)',
    replace: 'isSet && !before.has(name) && !told.has(name)',
    tests: gateTests,
  },
  {
    name: 'another version of a secret is the same secret',
    rule: 'G3',
    file: configuration,
    find: 'if (before === undefined || isAllowed) return [];',
    replace: `if (before === undefined || isAllowed || name !== '') return [];`,
    tests: gateTests,
  },
  {
    name: 'a policy lets through a variable that a recipe cannot do without',
    rule: 'G3',
    file: configuration,
    find: '    ...unset.map(({ reason }) => reason),',
    replace: '    ...(isAllowed ? [] : unset.map(({ reason }) => reason)),',
    tests: gateTests,
  },
  {
    name: 'data goes to another domain',
    rule: 'S3',
    file: holds,
    find: 'from !== undefined && from !== app.domain',
    replace: `from !== undefined && from === ''`,
    tests: appTests,
  },
  {
    name: 'data goes to another recipe',
    rule: 'S3',
    file: holds,
    find: 'recipe !== undefined && recipe !== app.recipe',
    replace: 'recipe !== undefined && recipe.length === 0',
    tests: ['test/plan/ground.test.ts'],
  },
  {
    name: 'a first install starts on what one left that failed at another domain',
    rule: 'S3',
    file: holds,
    find: `    ...judgeLeftData(app, target.tag, last),\n`,
    replace: '',
    tests: leftTests,
  },
  {
    name: 'what was tried and touched nothing says whose the data is',
    rule: 'S3',
    file: holds,
    find: 'lastTouch(record.history) : undefined',
    replace: 'record.history.at(-1) : undefined',
    tests: leftTests,
  },
  {
    name: 'a retired app comes back into a stack that another one has',
    rule: 'S1',
    file: 'controller/plan/warm-apps.ts',
    find: 'return keepsStack(record) ? planned :',
    replace: 'return record.lastGood !== null ? planned :',
    tests: ['test/plan/comes-back.test.ts'],
  },
  {
    name: 'a retired app is restored by hand into a stack that another one has',
    rule: 'S1',
    file: 'controller/plan/warm-apps.ts',
    find: `asked?.kind !== 'start' || keepsStack(record)`,
    replace: `asked?.kind !== 'start' || record.lastGood !== null`,
    tests: ['test/plan/comes-back.test.ts'],
  },
  {
    name: 'a volume of the stack is the app’s own, also where it is another app’s data',
    rule: 'S2',
    file: 'controller/adapters/stack/own-volumes.ts',
    find: 'if (folder !== app.name) {',
    replace: `if (folder === '') {`,
    tests: ['test/adapters/stack/driver.test.ts'],
  },
  {
    name: 'an app is installed over a stack of somebody else',
    rule: 'R2',
    file: holds,
    find: `  if (drift.kind !== 'foreign') return null;`,
    replace: `  if (drift.kind !== 'foreign' || drift.what !== '') return null;`,
    tests: appTests,
  },
  {
    name: 'the tag of what runs may mean another release',
    rule: 'G2',
    file: holds,
    find: 'const reasons = judgeMovedTag(lastGood, target);',
    replace: 'const reasons = judgeMovedTag(lastGood, target).slice(9);',
    tests: ['test/plan/ground.test.ts'],
  },
];
