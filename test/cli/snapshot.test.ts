/** The snapshot verbs that only read, on a state directory without its controller. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { ControlRequest } from '../../controller/model/control.ts';
import type { Control } from '../../controller/ports/control.ts';
import { openControl } from '../../controller/wire/open-control.ts';
import { recordedLog } from '../adapters/files/samples.ts';
import { ciWarmHere, withoutPlace, type Answer } from '../build/ci-warm.ts';
import { writeMore, writeStateDirectory } from '../build/state-directory.ts';

let state: string;

beforeAll(async () => {
  state = await mkdtemp(path.join(tmpdir(), 'ci-warm-cli-'));
  await writeStateDirectory(state);
  await writeMore(state);
});

afterAll(async () => {
  await rm(state, { recursive: true });
});

async function onState(...args: readonly string[]): Promise<Answer> {
  const answer = await ciWarmHere(['snapshot', ...args, '--state', state]);
  return withoutPlace(answer, '--state', state);
}

describe('snapshot list', () => {
  test.each([
    { name: 'snapshot-list', args: ['list'] },
    { name: 'snapshot-list-wide', args: ['list', '-o', 'wide'] },
  ])('$name', async ({ name, args }) => {
    const { exitCode, stdout } = await onState(...args);

    expect(exitCode).toBe(0);
    await expect(stdout).toMatchFileSnapshot(`golden/${name}.txt`);
  });

  test('as JSON says bytes', async () => {
    const { stdout } = await onState('list', 'guestbook', '-o', 'json');

    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'List',
      items: [
        {
          name: 'guestbook',
          version: '1.0.0+1.0.0',
          sizeBytes: 5 * 2 ** 20,
          contentBytes: 12 * 2 ** 20,
          volumes: ['data'],
        },
      ],
    });
  });

  test('of an app that has none is empty; of one that nobody knows it fails', async () => {
    expect(await onState('list', 'wiki')).toMatchObject({ exitCode: 0, stdout: '' });
    expect(await onState('list', 'nobody')).toMatchObject({ exitCode: 1, stdout: '' });
  });
});

describe('what cannot be read', () => {
  const broken = (): Promise<string> => mkdtemp(path.join(tmpdir(), 'ci-warm-broken-'));

  test('is never told as none: the app is listed, the file is named, and the exit code is 1', async () => {
    const elsewhere = await broken();
    await writeStateDirectory(elsewhere);
    await writeFile(path.join(elsewhere, 'wiki', 'journal.jsonl'), 'x\n');

    const list = await ciWarmHere(['snapshot', 'list', '--state', elsewhere]);
    const json = await ciWarmHere(['snapshot', 'list', 'wiki', '-o', 'json', '--state', elsewhere]);
    const prune = await ciWarmHere(['prune', '--state', elsewhere]);
    const pruneOne = await ciWarmHere(['prune', 'wiki', '--state', elsewhere]);
    await rm(elsewhere, { recursive: true });

    const why = `ci-warm: wiki: ${elsewhere}/wiki/journal.jsonl`;
    expect(list.exitCode).toBe(1);
    expect(list.stdout).toMatch(/^wiki( +-){5} +Unknown$/m);
    expect(list.stderr).toContain(why);
    expect(list.stderr).not.toContain('There is none');
    expect(json.exitCode).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({
      items: [
        { name: 'wiki', valid: 'Unknown', message: expect.stringContaining('damaged') as string },
      ],
    });
    expect(prune.exitCode).toBe(1);
    expect(prune.stderr).toContain(why);
    expect(prune.stderr).not.toContain('nothing is left over');
    expect(pruneOne.exitCode).toBe(1);
    expect(pruneOne.stderr).not.toContain('wanted');
  });

  test('a snapshot whose manifest is gone is listed as not valid, with the reason', async () => {
    const elsewhere = await broken();
    await writeStateDirectory(elsewhere);
    await writeMore(elsewhere);
    await rm(path.join(elsewhere, 'guestbook', '.snapshots'), { recursive: true });

    const { exitCode, stdout, stderr } = await ciWarmHere([
      'snapshot',
      'list',
      '--state',
      elsewhere,
    ]);
    await rm(elsewhere, { recursive: true });

    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^guestbook( +-){5} +False$/m);
    expect(stderr).toContain('it leads to no manifest.json');
  });
});

describe('snapshot verify', () => {
  test('names the file that is damaged', async () => {
    const { exitCode, stdout, stderr } = await onState('verify', 'guestbook');

    expect(exitCode).toBe(1);
    expect(stdout).toContain('data.tar.zst is missing');
    expect(stderr).toContain('cannot be restored');
    expect(stderr).toContain('To have it told: ci-warm snapshot drill guestbook');
  });

  test('has damage told by a controller that runs: it is asked for a drill', async () => {
    const asked: ControlRequest[] = [];
    const handle: Control['handle'] = (request) => {
      asked.push(request);
      return Promise.resolve({ outcome: 'not-done', message: 'it is damaged' });
    };
    const control = await openControl(state, { handle }, recordedLog());

    const { exitCode, stderr } = await onState('verify', 'guestbook');
    await control.close();

    expect(exitCode).toBe(1);
    expect(stderr).toContain('it is damaged');
    expect(asked).toEqual([{ verb: 'drill', name: 'guestbook' }]);
  });

  test('says a damaged manifest in a sentence', async () => {
    const manifest = path.join(state, 'guestbook/snapshot/manifest.json');
    await writeFile(manifest, '{}');

    const verified = await onState('verify', 'guestbook');
    const { stdout } = await onState('list', '-o', 'json');

    expect(verified).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('manifest.json is damaged') as string,
    });
    expect(JSON.parse(stdout)).toMatchObject({ items: [{ name: 'guestbook', valid: 'False' }] });
  });
});

describe('snapshot restore', () => {
  test('without --yes says why nothing would happen, or what would: exit code 2', async () => {
    expect(await onState('restore', 'wiki')).toMatchObject({
      exitCode: 2,
      stderr: 'Nothing would: wiki has no snapshot.\n',
    });
  });

  test.each(['restore', 'drill', 'verify'])(
    '%s of an app that nobody knows fails',
    async (verb) => {
      expect(await onState(verb, 'nobody', ...(verb === 'restore' ? ['--yes'] : []))).toMatchObject(
        {
          exitCode: 1,
          stderr: 'ci-warm: nothing is known of an app nobody\nNext: ci-warm snapshot list\n',
        },
      );
    },
  );

  test('a time that is none is a mistake of usage', async () => {
    const { exitCode, stderr } = await onState('drill', 'guestbook', '--timeout', 'soon');

    expect(exitCode).toBe(2);
    expect(stderr).toContain('Write 90s, 10m or 2h.');
  });
});
