/** A state that cannot be read in part: what can be is shown, and the exit code says that it is not all. */
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import { ciWarmHere } from '../build/ci-warm.ts';
import { writeMore, writeStateDirectory } from '../build/state-directory.ts';

let state: string;

beforeAll(async () => {
  state = await mkdtemp(path.join(tmpdir(), 'ci-warm-whole-'));
  await writeStateDirectory(state);
  await writeMore(state);
});

afterAll(async () => {
  await rm(state, { recursive: true });
});

/** Answers without the damage and with it. */
async function before(args: readonly string[], file: string) {
  const damaged = await mkdtemp(path.join(tmpdir(), 'ci-warm-damaged-'));
  onTestFinished(() => rm(damaged, { recursive: true }));
  await cp(state, damaged, { recursive: true, verbatimSymlinks: true });
  await mkdir(path.dirname(path.join(damaged, file)), { recursive: true });
  await writeFile(path.join(damaged, file), '{');
  return {
    whole: await ciWarmHere([...args, '--state', state]),
    half: await ciWarmHere([...args, '--state', damaged]),
  };
}

const ofGuestbook = 'status/warmapp/guestbook.json';
const ofRecipe = 'status/recipe/guestbook.json';
const alert = 'alerts/20261121T091500Z-guestbook-unhealthy.json';
const seenAlert = 'alerts/seen/20261121T081500Z-wiki-unhealthy.json';
const history = 'wiki/last_good.json';

describe('a file of what was asked for is damaged: exit code 1, with what could be read', () => {
  test.each([
    { args: ['get', 'warmapps'], file: ofGuestbook, shows: 'wiki' },
    { args: ['get', 'warmapps', '-o', 'json'], file: ofGuestbook, shows: '"wiki"' },
    { args: ['get', 'all', '-o', 'name'], file: ofRecipe, shows: 'warmapp/wiki' },
    { args: ['status'], file: ofGuestbook, shows: 'wiki' },
    { args: ['status', '-o', 'json'], file: ofRecipe, shows: '"wiki"' },
    { args: ['status', '-o', 'name'], file: ofRecipe, shows: 'warmapp/wiki' },
    { args: ['status'], file: 'status/controller.json', shows: 'is not known' },
    { args: ['alerts'], file: alert, shows: 'held-major' },
    { args: ['alerts', '--seen', '-o', 'json'], file: seenAlert, shows: 'held-major' },
    { args: ['alerts'], file: 'alerts/.outbox.json', shows: 'held-major' },
    { args: ['events'], file: ofGuestbook, shows: 'wiki' },
    { args: ['events'], file: seenAlert, shows: 'wiki' },
    { args: ['events', '-o', 'json'], file: history, shows: 'guestbook' },
    { args: ['events', '--app', 'guestbook'], file: ofGuestbook, shows: 'guestbook' },
    { args: ['events', '--app', 'guestbook'], file: alert, shows: 'guestbook' },
    { args: ['events', '--app', 'wiki'], file: history, shows: 'wiki' },
  ])('$args with $file', async ({ args, file, shows }) => {
    const { whole, half } = await before(args, file);

    expect(whole.exitCode).toBe(0);
    expect(half.exitCode).toBe(1);
    expect(half.stdout).toContain(shows);
    expect(half.stdout + half.stderr).toContain(`/${file}`);
  });
});

describe('a file of something else is damaged: exit code 0', () => {
  test.each([
    { args: ['get', 'recipes'], file: ofGuestbook },
    { args: ['get', 'warmapps'], file: ofRecipe },
    { args: ['get', 'warmapp', 'wiki'], file: ofGuestbook },
    { args: ['status'], file: alert },
    { args: ['alerts'], file: ofGuestbook },
    { args: ['alerts'], file: seenAlert },
    { args: ['events', '--app', 'wiki'], file: ofGuestbook },
    { args: ['events', '--app', 'guestbook'], file: ofRecipe },
    { args: ['events', '--app', 'wiki'], file: alert },
    { args: ['events', '--app', 'guestbook'], file: history },
  ])('$args with $file', async ({ args, file }) => {
    const { half } = await before(args, file);

    expect(half.exitCode).toBe(0);
  });
});

test('of what cannot be read nobody is told that nothing happened', async () => {
  const { half } = await before(['events', '--since', '1s'], history);

  expect(half).toMatchObject({ exitCode: 1, stdout: '' });
  expect(half.stderr).not.toContain('Nothing happened');
});
