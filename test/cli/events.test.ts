import { spawn } from 'node:child_process';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Event } from '../../controller/report/events.ts';
import { ciWarmHere, type Answer } from '../build/ci-warm.ts';
import { writeStateDirectory } from '../build/state-directory.ts';

let state: string;

beforeAll(async () => {
  state = await mkdtemp(path.join(tmpdir(), 'ci-warm-events-'));
  await writeStateDirectory(state);
});

afterAll(async () => {
  await rm(state, { recursive: true });
});

function onState(...args: readonly string[]): Promise<Answer> {
  return ciWarmHere(['events', ...args, '--state', state]);
}

async function eventsOf(...args: readonly string[]): Promise<readonly Event[]> {
  const { stdout } = await onState(...args, '-o', 'json');
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Event);
}

describe('events', () => {
  test('of all apps stand in one table, in order of time', async () => {
    const { exitCode, stdout } = await onState();

    expect(exitCode).toBe(0);
    await expect(stdout).toMatchFileSnapshot('golden/events.txt');
  });

  test('as JSON each is a line with the members that the page names', async () => {
    const events = await eventsOf();

    for (const event of events) {
      expect(Object.keys(event).sort()).toEqual([
        'at',
        'id',
        'message',
        'object',
        'reason',
        'source',
        'type',
      ]);
    }
    expect(new Set(events.map(({ source }) => source))).toEqual(
      new Set(['transition', 'condition', 'alert']),
    );
  });

  test('--app leaves out all others', async () => {
    const events = await eventsOf('--app', 'wiki');

    expect(new Set(events.map(({ object }) => object))).toEqual(new Set(['warmapp/wiki']));
  });

  test('--since leaves out what is older', async () => {
    const events = await eventsOf('--since', '45m');

    expect(events.map(({ at }) => at).toSorted()[0]).toBe('2026-11-21T09:30:00Z');
  });

  test('none is no failure, and no data', async () => {
    expect(await onState('--since', '1s')).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: 'Nothing happened.\n',
    });
  });

  test('an app that is not known fails with the one that was meant', async () => {
    const { exitCode, stderr } = await onState('--app', 'wikki');

    expect(exitCode).toBe(1);
    expect(stderr).toContain('did you mean wiki?');
  });

  test('a duration that is none is a mistake of usage', async () => {
    const { exitCode, stderr } = await onState('--since', 'yesterday');

    expect(exitCode).toBe(2);
    expect(stderr).toContain('yesterday is no duration');
  });
});

describe('events --watch', () => {
  test('goes on with what happens, each once, until Ctrl-C, which is exit code 130', async () => {
    const watching = watch('--since', '1s', '-o', 'json');

    await writeAlert('20990101T000000Z-wiki-unhealthy');
    await watching.until((text) => text.includes('20990101T000000Z'));
    await writeAlert('20990101T000001Z-wiki-unhealthy');
    await watching.until((text) => text.includes('20990101T000001Z'));
    watching.child.kill('SIGINT');

    expect(await watching.ended).toBe(130);
    const lines = watching.text().trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as Event).id)).toEqual([
      'alert/20990101T000000Z-wiki-unhealthy',
      'alert/20990101T000001Z-wiki-unhealthy',
    ]);
  });

  test('SIGTERM ends it with 143', async () => {
    const watching = watch();
    await watching.until((text) => text.includes('UpgradeBegan'));

    watching.child.kill('SIGTERM');

    expect(await watching.ended).toBe(143);
  });

  test('it ends when its reader does', async () => {
    const watching = watch();
    await watching.until((text) => text.includes('UpgradeBegan'));

    watching.child.stdout.destroy();
    await writeAlert('20990101T000002Z-wiki-unhealthy');

    expect(await watching.ended).toBe(0);
  });
});

/** As the controller does it: beside, then renamed. */
async function writeAlert(id: string): Promise<void> {
  const alert = {
    apiVersion: 'ci-warm.dev/v1',
    observedRevision: 'sha256:0001',
    kind: 'unhealthy',
    app: 'wiki',
    severity: 'critical',
    title: 'wiki is not healthy',
    message: 'wiki is not healthy.',
    at: '2099-01-01T00:00:00Z',
    fingerprint: id,
    from: null,
    to: null,
    reasons: [],
    releaseNotes: [],
    diff: null,
    lastLogs: [],
    runbook: null,
    resolve: 'ci-warm history wiki',
  };
  const temporary = path.join(state, 'alerts', '.new');
  await writeFile(temporary, JSON.stringify(alert));
  await rename(temporary, path.join(state, 'alerts', `${id}.json`));
}

function watch(...args: readonly string[]) {
  const main = path.resolve(import.meta.dirname, '../../controller/main.ts');
  const child = spawn(process.execPath, [main, 'events', '--watch', '--state', state, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  const lookers = new Set<() => void>();
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    for (const look of lookers) look();
  });
  const ended = new Promise<number | null>((resolve) => {
    child.on('exit', (code) => resolve(code));
  });
  const until = (isThere: (text: string) => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!isThere(text)) return;
        lookers.delete(look);
        resolve();
      };
      lookers.add(look);
      look();
    });
  return { child, ended, until, text: () => text };
}
