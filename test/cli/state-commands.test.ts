import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';

import { ciWarmHere, withoutPlace, type Answer } from '../build/ci-warm.ts';
import { writeStateDirectory } from '../build/state-directory.ts';

let state: string;

beforeAll(async () => {
  state = await mkdtemp(path.join(tmpdir(), 'ci-warm-cli-'));
  await writeStateDirectory(state);
});

afterAll(async () => {
  await rm(state, { recursive: true });
});

async function onState(...args: readonly string[]): Promise<Answer> {
  return withoutPlace(await ciWarmHere([...args, '--state', state]), '--state', state);
}

interface Listed {
  readonly apiVersion: string;
  readonly kind: string;
  readonly items: readonly Readonly<Record<string, unknown>>[];
}

async function itemsOf(...args: readonly string[]): Promise<Listed> {
  const { stdout } = await onState(...args, '-o', 'json');
  return JSON.parse(stdout) as Listed;
}

describe('tables', () => {
  test.each([
    { name: 'get-warmapps', args: ['get', 'warmapps'] },
    { name: 'get-warmapps-wide', args: ['get', 'warmapps', '-o', 'wide'] },
    { name: 'get-warmapp', args: ['get', 'warmapp', 'guestbook'] },
    { name: 'get-recipes', args: ['get', 'recipes'] },
    { name: 'get-all', args: ['get', 'all'] },
    { name: 'get-all-names', args: ['get', 'all', '-o', 'name'] },
    { name: 'status', args: ['status'] },
    { name: 'status-wide', args: ['status', '-o', 'wide'] },
    { name: 'history', args: ['history', 'wiki'] },
    { name: 'history-wide', args: ['history', 'wiki', '-o', 'wide'] },
    { name: 'alerts', args: ['alerts'] },
    { name: 'alerts-wide', args: ['alerts', '-o', 'wide'] },
  ])('$name', async ({ name, args }) => {
    const { exitCode, stdout } = await onState(...args);

    expect(exitCode).toBe(0);
    await expect(stdout).toMatchFileSnapshot(`golden/${name}.txt`);
  });
});

describe('every kind in every format', () => {
  test.each(['Settings', 'Recipe', 'WarmApp', 'Canonical', 'Run', 'Sweep', 'all'])(
    'get %s',
    async (kind) => {
      const { items } = await itemsOf('get', kind);
      const lines = async (format: string): Promise<readonly string[]> =>
        (await onState('get', kind, '-o', format)).stdout.split('\n').slice(0, -1);

      const yaml = await onState('get', kind, '-o', 'yaml');
      expect(parse(yaml.stdout)).toMatchObject({ kind: 'List', items });
      expect(await lines('name')).toEqual(
        items.map((item) => `${String(item['kind']).toLowerCase()}/${String(item['name'])}`),
      );
      // With a heading, where there is anything.
      const rows = items.length === 0 ? 0 : items.length + 1;
      expect(await lines('table')).toHaveLength(rows);
      expect(await lines('wide')).toHaveLength(rows);
    },
  );

  test('status and history name what they show, too', async () => {
    const status = await onState('status', '-o', 'name');
    const history = await onState('history', 'wiki', '-o', 'name');

    expect(status.stdout).toBe((await onState('get', 'all', '-o', 'name')).stdout);
    expect(history.stdout).toBe('20261121t090000-0000bb\n');
  });
});

describe('get', () => {
  test.each(['WarmApp', 'warmapp', 'warmapps', 'WARMAPPS', 'warm-apps'])(
    'the kind may be typed as %s',
    async (kind) => {
      const { stdout } = await onState('get', kind, '-o', 'name');

      expect(stdout).toBe('warmapp/guestbook\nwarmapp/notes\nwarmapp/wiki\n');
    },
  );

  test('several objects are a List in JSON', async () => {
    const { apiVersion, kind, items } = await itemsOf('get', 'warmapps');

    expect({ apiVersion, kind }).toEqual({ apiVersion: 'ci-warm.dev/v1', kind: 'List' });
    expect(items.map((item) => item['name'])).toEqual(['guestbook', 'notes', 'wiki']);
  });

  test('one object is itself, the same in JSON and in YAML', async () => {
    const json = await onState('get', 'warmapp', 'guestbook', '-o', 'json');
    const yaml = await onState('get', 'warmapp', 'guestbook', '-o', 'yaml');

    expect(JSON.parse(json.stdout)).toMatchObject({
      kind: 'WarmApp',
      name: 'guestbook',
      hold: { version: '2.0.0+2.0.0', reasons: [{ file: 'release/2.0.0+2.0.0', line: 3 }] },
    });
    expect(parse(yaml.stdout)).toEqual(JSON.parse(json.stdout));
  });

  test('a kind that nothing is of is no failure, and no data', async () => {
    const { exitCode, stdout, stderr } = await onState('get', 'sweeps');

    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: 'There is none.\n',
    });
  });

  test('a name that is not there fails with the one that was meant', async () => {
    const { exitCode, stdout, stderr } = await onState('get', 'warmapp', 'guestbok');

    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toBe(
      'ci-warm: there is no warmapp guestbok; did you mean guestbook?\nNext: ci-warm get warmapp\n',
    );
  });
});

describe('a status file that is damaged', () => {
  test.each([
    { name: 'get', args: ['get', 'warmapp', 'guestbook'] },
    { name: 'describe', args: ['describe', 'warmapp/guestbook'] },
    { name: 'describe, where a recipe has the name too', args: ['describe', 'guestbook'] },
    { name: 'explain', args: ['explain', 'guestbook'] },
  ])('$name says so with its path, and not that there is no such object', async ({ args }) => {
    const damaged = await mkdtemp(path.join(tmpdir(), 'ci-warm-damaged-'));
    onTestFinished(() => rm(damaged, { recursive: true }));
    await cp(state, damaged, { recursive: true });
    const file = path.join(damaged, 'status/warmapp/guestbook.json');
    await writeFile(file, '{');

    const { exitCode, stdout, stderr } = await ciWarmHere([...args, '--state', damaged]);

    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(
      /ci-warm: the status of warmapp guestbook cannot be read: .*guestbook\.json is damaged\nNext: /,
    );
    expect(stderr).toContain(`(reason: ${file} is damaged: it is not a JSON object.`);
  });
});

describe('status', () => {
  test('as JSON it is the List of every object, with the sum and the controller', async () => {
    const answer = await itemsOf('status');

    expect(answer).toMatchObject({
      kind: 'List',
      summary: '6 of 7 objects ready; 1 stalled; 1 held; 1 quarantined; 1 unhealthy.',
      controller: { pid: 4711, lastPassAt: '2026-11-21T09:30:00Z' },
    });
    expect(answer.items).toHaveLength(7);
  });
});

describe('history', () => {
  test('as JSON it is the List of transitions, newest first, and what is under way', async () => {
    const answer = await itemsOf('history', 'wiki');

    expect(answer).toMatchObject({
      open: [],
      items: [{ end: 'rolled-back', toVersion: '1.2.0+1.2.0' }],
    });
  });

  test('an app that is not known fails with the one that was meant', async () => {
    const { exitCode, stderr } = await onState('history', 'wikki');

    expect(exitCode).toBe(1);
    expect(stderr).toContain('did you mean wiki?');
  });
});

describe('without a state directory', () => {
  test.each(
    [['get', 'all'], ['status'], ['history', 'wiki'], ['alerts']].map((args) => ({
      name: args.join(' '),
      args,
    })),
  )('$name says so, with exit code 4', async ({ args }) => {
    const { exitCode, stdout, stderr } = await ciWarmHere([...args, '--state', '/nonexistent']);

    expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: '' });
    expect(stderr).toMatch(/^ci-warm: there is no state directory \/nonexistent: .*\nNext: /);
  });
});

describe('alerts', () => {
  test('one that was acknowledged is shown only with --seen', async () => {
    const [first, second] = (await itemsOf('alerts')).items.map((item) => String(item['id']));

    const ack = await onState('alerts', 'ack', first ?? '');
    const after = await onState('alerts', '-o', 'name');
    const seen = await itemsOf('alerts', '--seen');

    expect({ exitCode: ack.exitCode, stdout: ack.stdout }).toEqual({ exitCode: 0, stdout: '' });
    expect(after.stdout).toBe(`${second ?? ''}\n`);
    expect(seen.items.map((item) => item['seen'])).toEqual([true, false]);
  });

  test('an id that is not there fails', async () => {
    const { exitCode, stderr } = await onState('alerts', 'ack', '../../etc/passwd');

    expect(exitCode).toBe(1);
    expect(stderr).toContain('there is no alert');
  });
});

describe('reconcile, while no controller runs', () => {
  test('lifts the quarantine, once, and touches nothing else', async () => {
    const before = await readdir(path.join(state, 'wiki'));

    const first = await onState('reconcile', 'wiki', '--retry');
    const again = await onState('reconcile', 'wiki', '--retry');

    expect(first).toMatchObject({ exitCode: 0, stdout: '' });
    expect(first.stderr).toContain('1.2.0+1.2.0 is no longer quarantined');
    expect(again).toMatchObject({ exitCode: 0, stderr: 'Nothing of wiki is quarantined.\n' });
    expect(await readdir(path.join(state, 'wiki'))).toEqual(
      before.filter((name) => name !== 'quarantine.json'),
    );
  });

  test.each([
    { name: 'everything', args: [] },
    { name: 'an app', args: ['wiki'] },
  ])('there is nobody to look at $name: exit code 4', async ({ args }) => {
    const { exitCode, stdout, stderr } = await onState('reconcile', ...args);

    expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: '' });
    expect(stderr).toMatch(/no controller answers for .*\nNext: ci-warm controller/);
  });

  test('an app that is not known fails', async () => {
    expect(await onState('reconcile', 'nobody', '--retry')).toMatchObject({ exitCode: 1 });
  });
});
