import { describe, expect, test } from 'vitest';
import { CiWarmError } from '../../controller/model/failure.ts';
import { known } from '../../controller/model/known.ts';
import type { Decision } from '../../controller/model/plan.ts';
import { planWarnings } from '../../controller/reconcile/plan-warnings.ts';
import type { Driver } from '../../controller/ports/driver.ts';
import { warmApp } from '../build/desired.ts';
import { entryOf, world } from '../build/plan.ts';
import { appRecord, lastGood, transitionInput } from '../build/record.ts';
import { inSync } from '../build/status.ts';

const app = warmApp('guestbook');
const install: Decision = {
  kind: 'start',
  transition: 'install',
  input: transitionInput(app, null, '1.0.0+1.0.0'),
  why: 'first install',
};

function warnings(decision: Decision, read: () => unknown, unprobed?: true) {
  const record = appRecord({
    lastGood: { ...lastGood(app, '1.1.0+1.1.0'), ...(unprobed && { unprobed }) },
  });
  return planWarnings(
    {
      plan: { revision: 'r', entries: [entryOf('guestbook', decision)] },
      world: world({ records: new Map([[app.name, known(record)]]) }),
    },
    { read: async () => read() } as unknown as Driver,
    new AbortController().signal,
  );
}

const silent = { services: [{ name: 'app', replicas: 1, labels: {}, targetPorts: [] }] };

describe('a plan warns', () => {
  test('of a release that nobody could be asked about, before it is begun', async () => {
    expect(await warnings(install, () => silent)).toMatchObject([
      { object: { kind: 'WarmApp', name: 'guestbook' }, code: 'unprobed' },
    ]);
  });

  test('of an app whose known-good was judged by its tasks alone', async () => {
    const [warning] = await warnings(inSync, () => silent, true);
    expect(warning?.message).toContain('1.1.0+1.1.0');
  });

  test.each([
    {
      name: 'a release with a port to ask at',
      decision: install,
      read: () => ({ services: [{ ...silent.services[0], targetPorts: [80] }] }),
    },
    {
      name: 'a recipe that cannot be read, which its install says',
      decision: install,
      read: () => {
        throw new CiWarmError('recipe-invalid', 'no such file');
      },
    },
    { name: 'an app that a probe found healthy', decision: inSync, read: () => silent },
  ])('not of $name', async ({ decision, read }) => {
    expect(await warnings(decision, read)).toEqual([]);
  });
});
