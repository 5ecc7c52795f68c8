import { describe, expect, test } from 'vitest';
import { CiWarmError } from '../../controller/model/failure.ts';
import { known, unknown } from '../../controller/model/known.ts';
import { drillStackOf } from '../../controller/model/names.ts';
import type { AppRecord } from '../../controller/model/record.ts';
import { label, type SwarmView } from '../../controller/model/swarm.ts';
import type { PerformDeps } from '../../controller/reconcile/job.ts';
import { seeToDrills } from '../../controller/reconcile/see-to-drills.ts';
import { warmApp } from '../build/desired.ts';
import { appRecord, transition, transitionInput } from '../build/record.ts';
import { container, service, swarmView, task } from '../build/swarm.ts';

const app = warmApp('book');
const stack = drillStackOf(app.stack);
const input = transitionInput(app, null, '1.0.0+1.0.0');
const drilled = appRecord({
  history: [transition({ kind: 'drill', end: 'abandoned' })],
  frozen: { app: input.app, policy: input.policy },
});

const labels = { [label.stack]: stack, [label.app]: app.name };
const running = service(stack, 'app', { labels });
const ended = container(task(running), { stack, state: 'exited' });
const network = { id: 'n1', name: `${stack}_default`, stack, labels: { [label.stack]: stack } };
const volume = { name: `${stack}_data`, driver: 'local', labels, options: {}, mountpoint: '' };

async function see(
  view: Partial<SwarmView>,
  record: AppRecord = drilled,
  {
    mayAct = true,
    failsWith = undefined as CiWarmError | undefined,
    hasData = (): boolean => false,
  } = {},
): Promise<{ readonly done: readonly string[]; readonly said: readonly string[] }> {
  const done: string[] = [];
  const said: string[] = [];
  const act =
    (what: string) =>
    async (id: unknown): Promise<void> => {
      if (failsWith !== undefined) throw failsWith;
      done.push(`${what} ${typeof id === 'string' ? id : ''}`.trim());
    };
  const deps = {
    engine: {
      removeService: act('service'),
      removeContainer: act('container'),
      removeNetwork: act('network'),
    },
    drills: { clear: act('clear'), hasData },
    log: { info: () => 0, warn: (message: string) => said.push(message) },
  } as unknown as PerformDeps;
  const records = new Map([[app.name, known(record)]]);
  const { signal } = new AbortController();
  const swarm = known(swarmView(view));
  await seeToDrills({ records, swarm }, () => (mayAct ? signal : undefined), deps);
  return { done, said };
}

describe('what is left of a drill that is over', () => {
  test.each([
    {
      name: 'its services before all else',
      view: { services: [running], networks: [network], volumes: [volume] },
      done: [`service ${running.id}`],
    },
    {
      name: 'containers that Swarm has forgotten, then',
      view: { containers: [ended], networks: [network] },
      done: [`container ${ended.id}`],
    },
    {
      name: 'its networks',
      view: { networks: [network], volumes: [volume] },
      done: ['network n1'],
    },
    { name: 'its volumes, configs and data at last', view: { volumes: [volume] }, done: ['clear'] },
    { name: 'nothing where nothing is there', view: {}, done: [] },
    {
      name: 'nothing while a container of it runs still',
      view: { containers: [{ ...ended, state: 'running' }], networks: [network] },
      done: [],
    },
    {
      name: 'no service that somebody else has put there',
      view: { services: [{ ...running, labels: { [label.stack]: stack } }], networks: [network] },
      done: [],
    },
    {
      name: 'nothing of the app itself',
      view: { services: [service(app.stack, 'app')], networks: [{ ...network, stack: app.stack }] },
      done: [],
    },
  ])('goes in order (R2): $name', async ({ view, done }) => {
    expect((await see(view)).done).toEqual(done);
  });

  test('is also what it unpacked, of which the Swarm knows nothing', async () => {
    expect((await see({}, drilled, { hasData: () => true })).done).toEqual(['clear']);
  });

  test('fails no pass where the disk does not say whether it is there', async () => {
    const hasData = (): boolean => {
      throw new CiWarmError('tool-failed', 'looking at it: EIO');
    };

    const { done, said } = await see({}, drilled, { hasData });

    expect(done).toEqual([]);
    expect(said).toHaveLength(1);
  });

  test.each([
    { name: 'the journal knows of no drill', record: { ...drilled, history: [] } },
    {
      name: 'one is under way',
      record: {
        ...drilled,
        open: [
          { at: '', id: 'x', app: 'book', transition: 'drill', phase: 'begin', event: 'intent' },
        ],
      } satisfies AppRecord,
    },
  ])('is nothing where $name', async ({ record }) => {
    expect((await see({ networks: [network] }, record)).done).toEqual([]);
  });

  test('waits while the app is at work, or another controller has the lease', async () => {
    expect((await see({ networks: [network] }, drilled, { mayAct: false })).done).toEqual([]);
  });

  test('is nothing while nobody can see the Swarm (L1)', async () => {
    const records = new Map([[app.name, known(drilled)]]);
    const untouchable = {} as PerformDeps;

    await seeToDrills({ records, swarm: unknown('no answer') }, () => undefined, untouchable);
  });

  test('fails no pass: a network in use is looked at again in silence, anything else is said', async () => {
    const busy = new CiWarmError('conflict', 'it has active endpoints');
    const silent = new CiWarmError('no-answer', 'no answer');

    expect(await see({ networks: [network] }, drilled, { failsWith: busy })).toEqual({
      done: [],
      said: [],
    });
    expect((await see({ networks: [network] }, drilled, { failsWith: silent })).said).toHaveLength(
      1,
    );
  });
});
