import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { removeApps } from '../../controller/setup/clean-apps.ts';

/** Stands for the docker command line: a list prints what `world.json` has with all of these labels; rm takes it away. */
const docker = `#!${process.execPath}
const fs = require('node:fs');
const [kind, verb, ...rest] = process.argv.slice(2);
const file = __dirname + '/world.json';
const world = JSON.parse(fs.readFileSync(file, 'utf8'));
const labels = rest.filter((text) => text.startsWith('label=')).map((text) => text.slice(6));
if (verb === 'ls') {
  const found = world.filter((it) => it.kind === kind && labels.every((label) => it.labels.includes(label)));
  process.stdout.write(found.map((it) => it.name + '\\n').join(''));
} else {
  fs.appendFileSync(__dirname + '/removed', rest.map((name) => kind + ' ' + name + '\\n').join(''));
  const left = world.filter((it) => !(it.kind === kind && rest.includes(it.name)));
  // With its service goes the container.
  const gone = kind === 'service' ? left.filter((it) => it.kind !== 'container' || !rest.includes(it.service)) : left;
  fs.writeFileSync(file, JSON.stringify(gone));
}
`;

const ours = ['com.docker.stack.namespace=warm-guestbook_ci', 'dev.ci-warm.app=guestbook'];
const ofStack = ours.slice(0, 1);
const recipes = '/srv/tour/.ground/recipes';

/** The first line of an app's journal. */
function begin(app: string, folder: string, stack = `warm-${app}_ci`): string {
  const identity = { name: app, recipeUrl: `${folder}/${app}.git`, stack };
  return `${JSON.stringify({ phase: 'begin', input: { app: identity } })}\n`;
}

async function foreignApp(name: string, files: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(join(state, name, 'volumes'), { recursive: true });
  await writeFile(join(state, name, 'volumes', 'data'), 'precious');
  for (const [file, text] of Object.entries(files)) await writeFile(join(state, name, file), text);
}

let place: string;
let state: string;

beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'ci-warm-clean-'));
  state = join(place, 'state');
  await mkdir(join(state, 'guestbook', 'volumes'), { recursive: true });
  await mkdir(join(state, 'alerts', 'seen'), { recursive: true });
  await writeFile(join(state, 'guestbook', 'journal.jsonl'), begin('guestbook', recipes));
  await mkdir(join(place, 'bin'));
  // The project's packages are ES modules; a stand-in beside them is not.
  await writeFile(join(place, 'bin', 'package.json'), '{"type":"commonjs"}');
  await writeFile(join(place, 'bin', 'docker'), docker);
  await chmod(join(place, 'bin', 'docker'), 0o755);
  vi.stubEnv('PATH', `${join(place, 'bin')}:${process.env['PATH'] ?? ''}`);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(place, { recursive: true, force: true });
});

interface Thing {
  readonly kind: string;
  readonly name: string;
  readonly labels: readonly string[];
  readonly service?: string;
}

async function world(things: readonly Thing[]): Promise<void> {
  await writeFile(join(place, 'bin', 'world.json'), JSON.stringify(things));
}

async function removed(): Promise<readonly string[]> {
  const text = await readFile(join(place, 'bin', 'removed'), 'utf8').catch(() => '');
  return text.split('\n').filter((line) => line !== '');
}

describe('taking the apps of a state directory away', () => {
  test('services go first, then what they used, then the directory', async () => {
    await world([
      { kind: 'volume', name: 'data', labels: ours },
      { kind: 'secret', name: 'token', labels: ours },
      { kind: 'config', name: 'conf', labels: ofStack },
      { kind: 'network', name: 'internal', labels: ofStack },
      { kind: 'container', name: 'c1', labels: ofStack, service: 'app' },
      { kind: 'service', name: 'app', labels: ours },
    ]);

    expect(await removeApps(state, recipes)).toEqual({ removed: ['guestbook'], left: [] });

    expect(await removed()).toEqual([
      'service app',
      'network internal',
      'config conf',
      'secret token',
      'volume data',
    ]);
    expect(existsSync(state)).toBe(false);
  });

  test.each([
    { name: 'an app of that name in another stack', labels: ['x=y', 'dev.ci-warm.app=guestbook'] },
    { name: 'a thing without our label in that stack', labels: ofStack },
    {
      name: 'another app in that stack',
      labels: [...ofStack, 'dev.ci-warm.app=other'],
    },
  ])('R2: $name is left alone', async ({ labels }) => {
    await world([
      { kind: 'service', name: 'theirs', labels },
      { kind: 'secret', name: 'theirs', labels },
      { kind: 'volume', name: 'theirs', labels },
    ]);

    await removeApps(state, recipes);

    expect(await removed()).toEqual([]);
  });

  test('a state directory that is not there has no apps', async () => {
    expect(await removeApps(join(place, 'nowhere'), recipes)).toEqual({ removed: [], left: [] });
  });

  test.each([
    {
      name: 'by a recipe from elsewhere',
      files: { 'journal.jsonl': begin('mine', 'https://git.example.org') },
      why: 'its recipe is at https://git.example.org/mine.git',
    },
    {
      name: "by a recipe of another checkout's, whose path begins alike",
      files: { 'journal.jsonl': begin('mine', `${recipes}-of-mine`) },
      why: `its recipe is at ${recipes}-of-mine/mine.git`,
    },
    {
      name: "by a recipe from elsewhere, after one of the sample's",
      files: {
        'journal.jsonl': begin('mine', recipes) + begin('mine', 'https://git.example.org'),
      },
      why: 'its recipe is at https://git.example.org/mine.git',
    },
    {
      name: 'with a damaged journal',
      files: { 'journal.jsonl': `${begin('mine', recipes)}{"phase"\n` },
      why: 'what it is cannot be read',
    },
    {
      name: 'with a beginning that names no recipe',
      files: { 'journal.jsonl': `${begin('mine', recipes)}{"input":{"app":{}}}\n` },
      why: 'what it is cannot be read',
    },
    { name: 'without a journal', files: {}, why: 'what it is cannot be read' },
  ])('R2: an app $name is left, with its data and its stack', async ({ files, why }) => {
    const labels = ['com.docker.stack.namespace=warm-mine_ci', 'dev.ci-warm.app=mine'];
    await world([
      { kind: 'service', name: 'app', labels: ours },
      { kind: 'service', name: 'theirs', labels },
      { kind: 'network', name: 'theirs', labels },
      { kind: 'volume', name: 'theirs', labels },
      { kind: 'config', name: 'lease', labels: [`dev.ci-warm.lease.holder=${hostname()}/abc`] },
    ]);
    await writeFile(join(state, 'lease-holder'), 'abc\n');
    await foreignApp('mine', files);

    const { removed: gone, left } = await removeApps(state, recipes);

    expect(gone).toEqual(['guestbook']);
    expect(left.map((app) => [app.name, app.why])).toEqual([['mine', why]]);
    expect(await removed()).toEqual(['service app']);
    expect((await readdir(state)).sort()).toEqual(['alerts', 'lease-holder', 'mine']);
    expect(await readFile(join(state, 'mine', 'volumes', 'data'), 'utf8')).toBe('precious');
  });

  test('R2: a file that nobody of ours put there keeps the directory', async () => {
    await world([]);
    await writeFile(join(state, 'notes.txt'), 'mine');

    expect((await removeApps(state, recipes)).left.map(({ name }) => name)).toEqual(['notes.txt']);

    expect(await readFile(join(state, 'notes.txt'), 'utf8')).toBe('mine');
  });

  test('R2: of a stack that another app has by now only what carries our label goes', async () => {
    const elsewhere = begin('mine', 'https://git.example.org', 'warm-guestbook_ci');
    await foreignApp('mine', { 'journal.jsonl': elsewhere });
    await world([
      { kind: 'network', name: 'internal', labels: ofStack },
      { kind: 'config', name: 'conf', labels: ofStack },
      { kind: 'container', name: 'c1', labels: ofStack, service: 'theirs' },
      { kind: 'volume', name: 'data', labels: ours },
    ]);

    await removeApps(state, recipes);

    expect(await removed()).toEqual(['volume data']);
  });
});
