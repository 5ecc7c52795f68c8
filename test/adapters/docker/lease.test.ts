import { describe, expect, test } from 'vitest';
import { createLeases } from '../../../controller/adapters/docker/lease.ts';
import type { LeaseView } from '../../../controller/ports/lease.ts';
import { claimOf } from '../../conformance/leases.ts';
import { failing, ok, useScriptedEngines } from './scripted-engine.ts';

const live = new AbortController().signal;
const scope = 'ci.example.org';
const start = useScriptedEngines();

/** The config that the adapter asks to make, as the Engine lists it afterwards. */
async function listed(beat: number, version: number): Promise<object> {
  const engine = await start({
    'POST /configs/create': { status: 201, body: { ID: 'l1' } },
  });
  await createLeases(engine.connection).write(scope, undefined, claimOf('ada', beat), live);
  const { Name, Labels } = JSON.parse(engine.asked[0]?.body ?? '') as {
    readonly Name: string;
    readonly Labels: Readonly<Record<string, string>>;
  };
  return { ID: 'l1', Version: { Index: version }, Spec: { Name, Labels } };
}

const seen: LeaseView = { ...claimOf('ada', 1), id: 'l1', version: 7 };
const unwell = failing(
  500,
  'rpc error: code = Unavailable desc = the swarm does not have a leader',
);

describe('a renewal', () => {
  test('is one call, names the version that was seen, and changes labels alone', async () => {
    const engine = await start({ 'POST /configs/l1/update': ok('') });

    await expect(
      createLeases(engine.connection).write(scope, seen, claimOf('ada', 2), live),
    ).resolves.toBe(true);

    expect(engine.asked.map(({ url }) => url)).toEqual(['/configs/l1/update?version=7']);
    const body = JSON.parse(engine.asked[0]?.body ?? '') as Readonly<Record<string, unknown>>;
    expect(Object.keys(body).sort()).toEqual(['Labels', 'Name']);
  });

  test.each([
    {
      name: 'L4: answered with an error and done all the same: it counts as done',
      now: { beat: 2, version: 8 },
      outcome: 'done',
    },
    {
      name: 'L4: answered with an error and not done: it is thrown, for it may still be done',
      now: { beat: 1, version: 7 },
      outcome: 'no-answer',
    },
    {
      name: 'somebody else was faster: it is not done, and that is no error',
      now: { beat: 5, version: 8 },
      outcome: 'not done',
    },
  ])('$name', async ({ now, outcome }) => {
    const engine = await start({
      'POST /configs/l1/update': unwell,
      'GET /configs': ok([await listed(now.beat, now.version)]),
    });

    const written = await createLeases(engine.connection)
      .write(scope, seen, claimOf('ada', 2), live)
      .then(
        (isDone) => (isDone ? 'done' : 'not done'),
        (failure: unknown) => (failure as { readonly code: string }).code,
      );

    expect(written).toBe(outcome);
  });

  test('that cannot be looked into either throws what it was answered itself', async () => {
    const engine = await start({
      'POST /configs/l1/update': failing(500, 'the first answer'),
      'GET /configs': failing(500, 'the second answer'),
    });

    await expect(
      createLeases(engine.connection).write(scope, seen, claimOf('ada', 2), live),
    ).rejects.toThrow('the first answer');
  });
});

describe('a look', () => {
  test('finds the one of exactly this scope among names that begin alike', async () => {
    const right = (await listed(3, 9)) as { readonly Spec: { readonly Name: string } };
    const other = { ...right, ID: 'l2', Spec: { ...right.Spec, Name: `${right.Spec.Name}0` } };
    const engine = await start({ 'GET /configs': ok([other, right]) });

    await expect(createLeases(engine.connection).look(scope, live)).resolves.toEqual({
      ...claimOf('ada', 3),
      id: 'l1',
      version: 9,
    });
  });

  test('reads one whose labels somebody spoiled as held by nobody known', async () => {
    const right = (await listed(3, 9)) as { readonly Spec: { readonly Name: string } };
    const spoiled = { ...right, Spec: { Name: right.Spec.Name, Labels: null } };
    const engine = await start({ 'GET /configs': ok([spoiled]) });

    await expect(createLeases(engine.connection).look(scope, live)).resolves.toMatchObject({
      holder: 'somebody unknown',
      isGivenUp: false,
      ttlMs: 0,
    });
  });
});
