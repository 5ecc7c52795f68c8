/** `describe` and `explain`: everything about one object, and why it is as it is. */
import { cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';

import { createAppliedStore } from '../../controller/adapters/files/desired-applied.ts';
import { createDesiredGit } from '../../controller/adapters/git/desired-git.ts';
import { createClock } from '../../controller/adapters/system/clock.ts';
import { parseDesiredLocation } from '../../controller/model/desired-location.ts';
import { createStateCheck } from '../../controller/spec/state-validators.ts';
import { recordedLog } from '../adapters/files/samples.ts';
import { makeRepository } from '../adapters/git/make-repository.ts';
import { ciWarmHere, withoutPlace, type Answer } from '../build/ci-warm.ts';
import { writeMore, writeStateDirectory } from '../build/state-directory.ts';

let place: string;
let state: string;

beforeAll(async () => {
  place = await mkdtemp(path.join(tmpdir(), 'ci-warm-describe-'));
  state = path.join(place, 'state');
  await mkdir(state);
  await writeStateDirectory(state);
  await writeMore(state);
  const tree = path.join(place, 'desired');
  await mkdir(tree);
  await writeFile(
    path.join(tree, 'all.yaml'),
    [
      'apiVersion: ci-warm.dev/v1',
      'kind: Settings',
      'metadata: { name: host }',
      'spec:',
      '  baseDomain: ci.example.org',
      '  alerts: { sinks: [{ name: page, kind: Command, command: [/bin/page, "--token=hunter2"] }] }',
      '---',
      'apiVersion: ci-warm.dev/v1',
      'kind: Recipe',
      'metadata: { name: guestbook }',
      'spec:',
      '  env: { GUESTBOOK_TITLE: hello, ADMIN_PASSWORD: hunter2 }',
      '  health: { probes: [{ http: { service: app, path: /health } }] }',
      '---',
      'apiVersion: ci-warm.dev/v1',
      'kind: WarmApp',
      'metadata: { name: guestbook }',
      'spec: { recipe: guestbook, version: latest }',
      '',
    ].join('\n'),
  );
});

afterAll(async () => {
  await rm(place, { recursive: true });
});

/** As a controller does that follows the repository. */
async function apply(desired: string, stateDir: string, revision: string): Promise<void> {
  const location = parseDesiredLocation(desired);
  if (location.kind !== 'git') throw new Error(`${desired} is no repository`);
  const options = { stateDir, clock: createClock(), log: recordedLog(), holdsLock: true };
  const source = createDesiredGit({ ...options, location, isSigned: false });
  const { origin = null } = await source.read(new AbortController().signal);
  const applied = createAppliedStore({ ...options, check: createStateCheck() });
  await applied.write({ revision, origin, objects: [] });
}

/** With the place of this run's files taken out. */
async function asked(...args: readonly string[]): Promise<Answer> {
  const desired = path.join(place, 'desired');
  const typed = await ciWarmHere([...args, '--state', state, '--desired', desired]);
  const answer = withoutPlace(withoutPlace(typed, '--state', state), '--desired', desired);
  return { ...answer, stdout: answer.stdout.replaceAll(`${place}/`, '') };
}

describe('golden output', () => {
  test.each([
    { name: 'describe-held', args: ['describe', 'guestbook'] },
    { name: 'describe-quarantined', args: ['describe', 'wiki'] },
    { name: 'describe-installing', args: ['describe', 'warmapp', 'notes'] },
    { name: 'describe-recipe', args: ['describe', 'recipe/guestbook'] },
    { name: 'describe-settings', args: ['describe', 'settings', 'host'] },
    { name: 'explain-held', args: ['explain', 'guestbook'] },
    { name: 'explain-quarantined', args: ['explain', 'wiki'] },
    { name: 'explain-installing', args: ['explain', 'notes'] },
    { name: 'explain-recipe', args: ['explain', 'recipe/guestbook'] },
  ])('$name', async ({ name, args }) => {
    const { exitCode, stdout, stderr } = await asked(...args);

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    await expect(stdout).toMatchFileSnapshot(`golden/${name}.txt`);
  });
});

describe('describe', () => {
  test('as JSON it is the status, and what is known beside it', async () => {
    const { stdout } = await asked('describe', 'guestbook', '-o', 'json');

    const described = JSON.parse(stdout) as unknown;
    expect(described).toMatchObject({
      apiVersion: 'ci-warm.dev/v1',
      kind: 'WarmApp',
      name: 'guestbook',
      source: { file: 'desired/all.yaml', line: 15 },
      spec: { recipe: 'guestbook', version: 'latest', 'gate.minAge': '0 s' },
      hold: { version: '2.0.0+2.0.0' },
      knownGood: { version: '1.1.0+1.1.0' },
      snapshot: { version: '1.0.0+1.0.0', volumes: ['data'], contentBytes: 12 * 2 ** 20 },
      volumes: [{ volume: 'data', path: 'state/guestbook/volumes/data/data' }],
      alerts: [{ kind: 'held-major' }],
      open: [],
    });
  });

  test('a snapshot that shares its blocks with the data is shown as that', async () => {
    const file = path.join(state, 'guestbook/snapshot/manifest.json');
    const written = await readFile(file, 'utf8');
    await writeFile(file, written.replace('"driver":"tar"', '"driver":"reflink"'));
    try {
      const { stdout } = await asked('describe', 'guestbook');

      expect(stdout).toMatch(/^ +size +12 MiB, in blocks that it shares with the data as far as /m);
    } finally {
      await writeFile(file, written);
    }
  });

  test('of a repository what was applied last is shown, with nothing fetched and nothing written', async () => {
    const own = path.join(place, 'own-state');
    await cp(state, own, { recursive: true });
    const repository = path.join(place, 'ops.git');
    const all = await readFile(path.join(place, 'desired/all.yaml'), 'utf8');
    const [revision = ''] = makeRepository(repository, [{ files: { 'desired/all.yaml': all } }]);
    const desired = `git+${repository}#main:desired`;
    await apply(desired, own, revision);
    await rm(repository, { recursive: true });
    const config = path.join(own, '.cache/desired/gitconfig');
    const before = await stat(config);
    const describeIn = (tree: string): Promise<Answer> =>
      ciWarmHere(['describe', 'guestbook', '-o', 'json', '--state', own, '--desired', tree]);

    const { stdout } = await describeIn(desired);
    const other = await describeIn(`git+${repository}#other:desired`);

    expect(JSON.parse(stdout)).toMatchObject({
      source: { file: 'desired/all.yaml', line: 15 },
      spec: { recipe: 'guestbook', version: 'latest' },
    });
    expect(JSON.parse(other.stdout)).toMatchObject({ name: 'guestbook', spec: null });
    expect((await stat(config)).ino).toBe(before.ino);
  });

  test('YAML says the same as JSON', async () => {
    const json = await asked('describe', 'wiki', '-o', 'json');
    const yaml = await asked('describe', 'wiki', '-o', 'yaml');

    expect(parse(yaml.stdout)).toEqual(JSON.parse(json.stdout));
  });

  test.each(['table', 'json', 'yaml'])(
    'values that may be secret are never shown: -o %s',
    async (format) => {
      for (const object of ['recipe/guestbook', 'guestbook', 'settings/host']) {
        expect((await asked('describe', object, '-o', format)).stdout).not.toContain('hunter2');
      }
    },
  );

  test.each([
    { name: 'kind and name', args: ['warmapps', 'guestbook'] },
    { name: 'one word', args: ['warmapp/guestbook'] },
    { name: 'an app by its name alone, before a recipe of that name', args: ['guestbook'] },
  ])('the object may be typed as $name', async ({ args }) => {
    const { stdout } = await asked('describe', ...args, '-o', 'json');

    expect(JSON.parse(stdout)).toMatchObject({ kind: 'WarmApp', name: 'guestbook' });
  });

  test('without a tree on this disk everything else is shown', async () => {
    const { exitCode, stdout } = await ciWarmHere([
      ...['describe', 'guestbook', '--state', state],
      ...['--desired', 'git+https://git.example.org/ops.git#main:desired'],
    ]);

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Source: +-$/m);
    expect(stdout).not.toContain('Spec:');
  });
});

describe('explain', () => {
  test('as JSON each decision has its question, answer, evidence and way out', async () => {
    const { stdout } = await asked('explain', 'guestbook', '-o', 'json');

    expect(JSON.parse(stdout)).toMatchObject({
      apiVersion: 'ci-warm.dev/v1',
      kind: 'Explanation',
      object: 'warmapp/guestbook',
      ready: { status: 'True', reason: 'UpgradeHeld' },
      lastPassAt: '2026-11-21T09:30:00Z',
      waitsFor: 'A person, for 2.0.0+2.0.0; everything else goes on.',
    });
    const { decisions } = JSON.parse(stdout) as {
      decisions: readonly Readonly<Record<string, unknown>>[];
    };
    expect(decisions.find(({ answer }) => answer === 'no')).toMatchObject({
      question: 'Does the safety gate let every newer version through?',
      evidence: [{ reason: 'RecipeMajor', file: 'release/2.0.0+2.0.0', line: 3 }],
      toChange: expect.stringMatching(
        /^approved: "2\.0\.0\+2\.0\.0" under spec of .*all\.yaml$/,
      ) as string,
    });
  });

  test('a state that cannot be read is said, and nothing is made up for it', async () => {
    const damaged = path.join(place, 'damaged');
    await cp(state, damaged, { recursive: true, verbatimSymlinks: true });
    await writeFile(path.join(damaged, 'guestbook', 'last_good.json'), '{');

    const { exitCode, stdout } = await ciWarmHere(['explain', 'guestbook', '--state', damaged]);

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/Is there a way back\? unknown\n {4}.*last_good\.json is damaged/);
    expect(stdout).toMatch(/Did the last attempt succeed\? unknown/);
  });
});

test('a damaged journal is one sentence, and what is wrong with it in full only where somebody looks closer', async () => {
  const damaged = path.join(place, 'damaged-journal');
  await cp(state, damaged, { recursive: true, verbatimSymlinks: true });
  await writeFile(path.join(damaged, 'guestbook', 'journal.jsonl'), '{"id":"t1"}\n');
  const say = async (...args: readonly string[]): Promise<string> => {
    const { stdout, stderr } = await ciWarmHere([...args, '--state', damaged]);
    return stdout + stderr;
  };

  const told = 'guestbook/journal.jsonl:1 is no journal record: /at is missing (and more); ';
  const history = await say('history', 'guestbook');
  expect(history).toContain(told);
  expect(history).not.toContain('/phase');
  expect(await say('describe', 'guestbook')).toMatch(/^ {2}- \/phase is missing$/m);
  expect(await say('explain', 'guestbook')).toMatch(/^ {4}\/phase is missing\.$/m);
  expect(await say('explain', 'guestbook', '-o', 'json')).toContain('"/phase is missing."');
});

describe.each(['describe', 'explain'])('%s of what is not there', (verb) => {
  test('a name fails with the one that was meant', async () => {
    expect(await asked(verb, 'guestbok')).toEqual({
      exitCode: 1,
      stdout: '',
      stderr:
        'ci-warm: there is no object guestbok; did you mean guestbook?\nNext: ci-warm get all\n',
    });
  });

  test('a kind fails with the one that was meant', async () => {
    expect(await asked(verb, 'warmap/guestbook')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(
        /there is no kind warmap; .*\nNext: ci-warm get warmapp\n/,
      ) as string,
    });
  });
});
