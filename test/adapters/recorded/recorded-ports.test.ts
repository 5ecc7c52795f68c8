import { describe, expect, test } from 'vitest';
import { createRecordedPorts } from '../../../controller/adapters/recorded/recorded-ports.ts';
import { known, unknown } from '../../../controller/model/known.ts';
import type { RecordedWorld } from '../../../controller/model/recorded-world.ts';
import { emptyRecord } from '../../../controller/report/recorded.ts';
import { commitOf } from '../../build/recipe.ts';
import { fullRecord, fullWorld } from '../../build/recorded-world.ts';

const { signal } = new AbortController();
const url = 'https://git.example.org/guestbook.git';
const there = commitOf('1.0.0+1.0.0');

function ports(over: Partial<RecordedWorld> = {}) {
  return createRecordedPorts({ ...fullWorld, ...over }, emptyRecord);
}

describe('a recorded world', () => {
  test('L3: has the time of its record', () => {
    expect(ports().clock.now()).toBe(Date.parse('2026-11-21T09:30:00.000Z'));
  });

  test('has the files of a release, and lacks a commit that the repository lacked', async () => {
    const files = await ports().recipes.filesOf(
      'guestbook',
      url,
      [there, commitOf('gone')],
      signal,
    );

    expect(files).toEqual(
      new Map([[there, new Map([['compose.yml', 'services: { app: { image: "web:1" } }\n']])]]),
    );
  });

  test('knows an app that had no state, and one whose state was read', async () => {
    const records = await ports().store.records(['guestbook', 'new']);

    expect(records.get('guestbook')).toEqual(known(fullRecord));
    expect(records.get('new')).toEqual(known(emptyRecord));
  });

  test.each([
    {
      name: 'another recipe',
      ask: () => ports().recipes.view('door', url, signal),
      says: 'does not have the recipe door',
    },
    {
      name: 'another repository of that name',
      ask: () => ports().recipes.view('guestbook', 'https://fork.example.org/g.git', signal),
      says: 'it was recorded from https://git.example.org/guestbook.git',
    },
    {
      name: 'a commit that was not asked for',
      ask: () => ports().recipes.filesOf('guestbook', url, [there, commitOf('new')], signal),
      says: `does not have the files of the recipe guestbook at ${commitOf('new')}`,
    },
    {
      name: 'the Swarm, where Docker did not answer',
      ask: () => ports({ swarm: unknown('no leader') }).engine.observe(signal),
      says: 'no leader',
    },
    {
      name: 'the state directory, where it was not there',
      ask: () => ports({ apps: unknown('not mounted') }).store.apps(),
      says: 'not mounted',
    },
  ])('L1: does not know $name, and says so', async ({ ask, says }) => {
    await expect(ask()).rejects.toMatchObject({
      code: 'no-answer',
      message: expect.stringContaining(says) as unknown,
    });
  });

  test('L1: does not know an app’s state where the state directory was not there', async () => {
    const dark = ports({ apps: unknown('not mounted') });

    expect((await dark.store.records(['new'])).get('new')).toMatchObject({
      known: false,
      why: 'the recorded world does not have the state of new',
    });
  });

  test('a path is another one on each machine, and the recipe the same', async () => {
    const [recipe] = fullWorld.recipes;
    const local = ports({
      recipes: recipe === undefined ? [] : [{ ...recipe, url: '/srv/recipes/guestbook.git' }],
    });

    expect(await local.recipes.view('guestbook', '/builds/guestbook.git', signal)).toMatchObject({
      releases: [{ tag: '1.0.0+1.0.0' }],
    });
    await expect(local.recipes.view('guestbook', url, signal)).rejects.toThrow('/srv/recipes');
  });
});
