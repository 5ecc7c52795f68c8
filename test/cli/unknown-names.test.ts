/** What is not there: every command that takes a name says which was meant, and never invents. */
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import { openControl } from '../../controller/wire/open-control.ts';
import { recordedLog } from '../adapters/files/samples.ts';
import { ciWarmHere, withoutPlace } from '../build/ci-warm.ts';
import { writeMore, writeStateDirectory } from '../build/state-directory.ts';

let state: string;

beforeAll(async () => {
  state = await mkdtemp(path.join(tmpdir(), 'ci-warm-unknown-'));
  await writeStateDirectory(state);
  await writeMore(state);
});

afterAll(async () => {
  await rm(state, { recursive: true });
});

const onState = async (...args: readonly string[]) =>
  withoutPlace(await ciWarmHere([...args, '--state', state]), '--state', state);

describe('an app that nothing is known of', () => {
  test.each([
    { args: ['history', 'guestbok'], next: 'ci-warm get warmapps' },
    { args: ['events', '--app', 'guestbok'], next: 'ci-warm get warmapps' },
    { args: ['reconcile', 'guestbok', '--retry'], next: 'ci-warm get warmapps' },
    { args: ['snapshot', 'list', 'guestbok'], next: 'ci-warm snapshot list' },
    { args: ['snapshot', 'verify', 'guestbok'], next: 'ci-warm snapshot list' },
    { args: ['snapshot', 'restore', 'guestbok'], next: 'ci-warm snapshot list' },
    { args: ['snapshot', 'drill', 'guestbok'], next: 'ci-warm snapshot list' },
    { args: ['prune', 'guestbok'], next: 'ci-warm prune' },
  ])('$args names the one that was meant', async ({ args, next }) => {
    expect(await onState(...args)).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `ci-warm: nothing is known of an app guestbok; did you mean guestbook?\nNext: ${next}\n`,
    });
  });
});

describe('a name of another kind', () => {
  test.each([
    { args: ['get', 'warmapp', 'host'] },
    { args: ['describe', 'warmapp', 'host'] },
    { args: ['explain', 'warmapp/host'] },
  ])('$args says of which kind it is', async ({ args }) => {
    expect(await onState(...args)).toEqual({
      exitCode: 1,
      stdout: '',
      stderr:
        'ci-warm: there is no warmapp host; there is settings/host\nNext: ci-warm get settings host\n',
    });
  });

  test.each([['warmapp'], ['warmapps'], ['warmapp/']])(
    'describe %s, a kind and no name, asks for the name',
    async (typed) => {
      expect(await onState('describe', typed)).toEqual({
        exitCode: 2,
        stdout: '',
        stderr: 'ci-warm: WarmApp is a kind; which of them is meant?\nNext: ci-warm get warmapp\n',
      });
    },
  );
});

test('verify of an app without a snapshot says that, and not that one is damaged', async () => {
  expect(await onState('snapshot', 'verify', 'wiki')).toEqual({
    exitCode: 1,
    stdout: '',
    stderr:
      'ci-warm: wiki has no snapshot to verify: an upgrade of an app with data takes one\nNext: ci-warm snapshot list\n',
  });
});

test('a wait that took too long goes on, and it is said where to look', async () => {
  const forever = Promise.withResolvers<never>();
  const control = await openControl(state, { handle: () => forever.promise }, recordedLog());
  onTestFinished(() => control.close());

  expect(await onState('snapshot', 'drill', 'guestbook', '--timeout', '1s')).toEqual({
    exitCode: 3,
    stdout: '',
    stderr:
      'ci-warm: the controller has not answered within 1 s; what was asked for goes on\nNext: ci-warm explain guestbook\n',
  });
});

test('init into what is no directory says why without the words of the program', async () => {
  const { exitCode, stderr } = await ciWarmHere(['init', path.join(state, 'status/index.json')]);

  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/cannot be used as a desired tree: ENOTDIR: /);
});

describe('status', () => {
  test('of an empty state directory is no table without rows', async () => {
    const empty = await mkdtemp(path.join(tmpdir(), 'ci-warm-empty-'));
    onTestFinished(() => rm(empty, { recursive: true }));

    expect((await ciWarmHere(['status', '--state', empty])).stdout).toBe(
      '0 of 0 objects ready.\nNo controller has written here yet.\n',
    );
  });

  test('does not say that no controller wrote where what it wrote is damaged', async () => {
    const damaged = await mkdtemp(path.join(tmpdir(), 'ci-warm-damaged-'));
    onTestFinished(() => rm(damaged, { recursive: true }));
    await cp(state, damaged, { recursive: true, verbatimSymlinks: true });
    await writeFile(path.join(damaged, 'status/controller.json'), '{');

    const { stdout } = await ciWarmHere(['status', '--state', damaged]);
    expect(stdout).toContain(
      `What the controller does is not known: ${damaged}/status/controller.json cannot be read; a running controller writes it anew.\n`,
    );
  });
});

test('a history that cannot be read sends nobody to a doctor who does not look at it', async () => {
  const damaged = await mkdtemp(path.join(tmpdir(), 'ci-warm-damaged-'));
  onTestFinished(() => rm(damaged, { recursive: true }));
  await cp(state, damaged, { recursive: true, verbatimSymlinks: true });
  await writeFile(path.join(damaged, 'guestbook/last_good.json'), '{');

  const { exitCode, stderr } = await ciWarmHere(['history', 'guestbook', '--state', damaged]);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('repair it, or move it away');
  expect(stderr).not.toContain('ci-warm doctor');
});
