/** The recipes' structure: what the gate compares, what it holds on, and what it takes for known. */
import type { Mutant } from './mutant.ts';

const structure = 'controller/gates/structure.ts';
const images = 'controller/gates/image-moves.ts';
const volumes = 'controller/gates/volume-moves.ts';
const configuration = 'controller/gates/new-configuration.ts';
const candidate = 'controller/plan/judge-candidate.ts';

const gateTests = ['test/gates/structure.test.ts'];
const imageTests = [...gateTests, 'test/gates/image-moves.test.ts'];
const planTests = ['test/plan/structure.test.ts'];

export const structures: readonly Mutant[] = [
  {
    name: 'the structure of versions that are skipped is not compared',
    rule: 'G3',
    file: structure,
    find: `return from === undefined ? [] : compare(from, to);`,
    replace: `return from === undefined || to !== target ? [] : compare(current, to);`,
    tests: gateTests,
  },
  {
    name: 'what runs is not compared with the target',
    rule: 'G3',
    file: structure,
    find: `...reasonsOf(steps, compare(current, target)),`,
    replace: `...reasonsOf(steps),`,
    tests: gateTests,
  },
  {
    name: 'a recipe that cannot be read has no reason',
    rule: 'G2',
    file: structure,
    find: `const unreadable = all.flatMap(unreadableReasons);`,
    replace: `const unreadable = all.slice(0, 0).flatMap(unreadableReasons);`,
    tests: gateTests,
  },
  {
    name: 'an image whose tag cannot be read is no major',
    rule: 'G2',
    file: images,
    find: `return reasonOf('held-unparsable', 'ImageUnparsable', { before, after, message });`,
    replace: `return message === '' ? reasonOf('held-unparsable', 'ImageUnparsable', { before, after, message }) : undefined;`,
    tests: imageTests,
  },
  {
    name: 'a commit in a tag counts as a version',
    rule: 'G2',
    file: images,
    find: `COMMIT_LIKE.test(tag) || `,
    replace: ``,
    tests: imageTests,
  },
  {
    name: 'an image from another repository is the same image',
    rule: 'G3',
    file: images,
    find: `  if (was.name !== is.name) {`,
    replace: `  if (was.name === '') {`,
    tests: imageTests,
  },
  {
    name: 'a renamed service takes its data to another image unseen',
    rule: 'G3',
    file: images,
    find: `.filter((after) => sharesVolume(before, after))`,
    replace: `.filter((after) => before === after && sharesVolume(before, after))`,
    tests: imageTests,
  },
  {
    name: 'a volume that is gone is nothing',
    rule: 'G3',
    file: volumes,
    find: `return [goneOrRenamed(step, volume)];`,
    replace: `return [];`,
    tests: gateTests,
  },
  {
    name: 'a volume under another name in Docker is the same',
    rule: 'G3',
    file: volumes,
    find: `  if (before.name !== after.name) {`,
    replace: `  if (before.name === '') {`,
    tests: gateTests,
  },
  {
    name: 'a volume may be mounted anywhere',
    rule: 'G3',
    file: volumes,
    find: `if (lost === undefined) return [];`,
    replace: `if (lost !== null) return [];`,
    tests: gateTests,
  },
  {
    name: 'a service with a volume may be started beside its old task',
    rule: 'G3',
    file: volumes,
    find: `if (service.startFirst === undefined || mount === undefined) return [];`,
    replace: `if (service.startFirst !== null || mount === undefined) return [];`,
    tests: gateTests,
  },
  {
    name: 'a secret that nobody gave is nothing new',
    rule: 'G3',
    file: configuration,
    find: `if (!secret.isGenerated && !hasSecret(secret)) {`,
    replace: `if (secret.isGenerated && !hasSecret(secret)) {`,
    tests: gateTests,
  },
  {
    name: 'a config may change under its version',
    rule: 'G3',
    file: configuration,
    find: `if (before.text === after.text) return [];`,
    replace: `if (before.text !== '') return [];`,
    tests: gateTests,
  },
  {
    name: 'a policy lets through what Docker would refuse',
    rule: 'G3',
    file: configuration,
    find: `    ...changedFiles(from, to),\n`,
    replace: `    ...(isAllowed ? [] : changedFiles(from, to)),\n`,
    tests: gateTests,
  },
  {
    name: 'a release without a date is old enough',
    rule: 'G2',
    file: 'controller/gates/min-age.ts',
    find: `untilMs !== undefined && untilMs <= nowMs`,
    replace: `(untilMs ?? 0) <= nowMs`,
    tests: planTests,
  },
  {
    name: 'a recipe that was not read has no reason',
    rule: 'L1',
    file: candidate,
    find: `if (!structure.known) return structure;`,
    replace: `if (!structure.known) continue;`,
    tests: planTests,
  },
  {
    name: 'what runs may be unknown',
    rule: 'L1',
    file: candidate,
    find: `if (!current.known) return current;`,
    replace: `if (!current.known) return { known: true, value: [] };`,
    tests: planTests,
  },
  {
    name: 'no answer from git is a recipe that cannot be read',
    rule: 'L1',
    file: 'controller/reconcile/structure-reader.ts',
    find: `isAnswer ? invalid(request, why) : unknown(why)`,
    replace: `isAnswer || why !== '' ? invalid(request, why) : unknown(why)`,
    tests: ['test/reconcile/structure-reader.test.ts'],
  },
];
