import { describe, expect, test } from 'vitest';
import { CiWarmError } from '../../controller/model/failure.ts';
import type { JournalRecord } from '../../controller/model/journal.ts';
import { known, unknown, type Known } from '../../controller/model/known.ts';
import { drillStackOf } from '../../controller/model/names.ts';
import type { AppRecord } from '../../controller/model/record.ts';
import { label, type SwarmView, type VolumeView } from '../../controller/model/swarm.ts';
import { seeToForgottenDrills } from '../../controller/reconcile/see-to-forgotten-drills.ts';
import { warmApp } from '../build/desired.ts';
import { appRecord, transition, transitionInput } from '../build/record.ts';
import { container, service, swarmView, task } from '../build/swarm.ts';

type Deps = Parameters<typeof seeToForgottenDrills>[2];

const app = warmApp('book');
const stack = drillStackOf(app.stack);
const labels = { [label.stack]: stack, [label.app]: app.name };
const running = service(stack, 'app', { labels });
const path = '/state/.drills/book/volumes/data/data';
const frozen = transitionInput(app, null, '1.0.0+1.0.0');
const drilled = { history: [transition({ kind: 'drill' })], frozen };
const open = [{ transition: 'drill', phase: 'begin', event: 'intent' } as JournalRecord];
const volume = (own: VolumeView['labels']): VolumeView => ({
  ...{ name: 'a_data', driver: 'local', labels: own, options: { device: path }, mountpoint: '' },
});

interface Scene {
  readonly record?: Known<AppRecord>;
  readonly view?: Partial<SwarmView>;
  readonly isFree?: boolean;
  readonly fails?: Error;
  readonly unpacked?: () => readonly string[];
}

async function see({
  record = known(appRecord()),
  view = {},
  isFree = true,
  fails,
  unpacked = () => ['book'],
}: Scene) {
  const done: string[] = [];
  const said: string[] = [];
  const deps = {
    drills: {
      unpacked,
      clearUnpacked: async (name: string, volumes: readonly VolumeView[]) => {
        if (fails !== undefined) throw fails;
        done.push([name, ...volumes.map((one) => one.name)].join(' '));
      },
    },
    store: { records: async () => new Map([['book', record]]) },
    log: { info: () => 0, warn: (message: string) => said.push(message) },
  } as unknown as Deps;
  const { signal } = new AbortController();
  await seeToForgottenDrills({ swarm: known(swarmView(view)) }, () => isFree, deps, signal);
  return { done, said };
}

describe('what a drill has unpacked of which no journal knows', () => {
  test.each([
    { name: 'the app was pruned, or never had a drill', record: appRecord() },
    {
      name: 'the journal does not say which stack its drill had',
      record: appRecord({ ...drilled, frozen: null }),
    },
    {
      name: 'only changes of the app itself are known',
      record: appRecord({ frozen, history: [transition()] }),
    },
  ])('R2: goes where $name', async ({ record }) => {
    expect((await see({ record: known(record) })).done).toEqual(['book']);
  });

  test('goes with its volumes, and with no others', async () => {
    const own = volume(labels);
    const ofApp = { ...volume({ ...labels, [label.stack]: app.stack }), name: 'app_data' };
    const ofOther = { ...volume({ ...labels, [label.app]: 'other' }), name: 'other_data' };

    expect((await see({ view: { volumes: [ofApp, own, ofOther] } })).done).toEqual(['book a_data']);
  });

  test.each([
    { name: 'a transition is open', of: { record: known(appRecord({ open })) } },
    { name: 'the journal knows a drill', of: { record: known(appRecord(drilled)) } },
    { name: 'the state cannot be read (L1)', of: { record: unknown('damaged') } },
    { name: 'the app is at work', of: { isFree: false } },
    { name: 'a service of a drill runs', of: { view: { services: [running] } } },
    {
      name: 'a container is on it',
      of: { view: { containers: [container(task(running), { binds: [path] })] } },
    },
    { name: 'its name is no app’s', of: { unpacked: () => ['.hidden'] } },
  ])('stays where $name', async ({ of }) => {
    expect(await see(of)).toEqual({ done: [], said: [] });
  });

  test('stays while nobody can see the Swarm (L1)', async () => {
    const untouchable = {} as Deps;
    const { signal } = new AbortController();

    await seeToForgottenDrills({ swarm: unknown('no answer') }, () => true, untouchable, signal);
  });

  test('fails no pass: what is in use is looked at again in silence, anything else is said', async () => {
    const busy = new CiWarmError('conflict', 'it is in use');
    const broken = new CiWarmError('tool-failed', 'EIO');
    const unpacked = (): readonly string[] => {
      throw broken;
    };

    expect((await see({ fails: busy })).said).toEqual([]);
    expect((await see({ fails: broken })).said).toHaveLength(1);
    expect((await see({ unpacked })).said).toHaveLength(1);
  });
});
