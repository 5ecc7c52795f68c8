import { describe, expect, test } from 'vitest';
import type { JournalRecord } from '../../controller/model/journal.ts';
import { known, unknown } from '../../controller/model/known.ts';
import type { PlanEntry } from '../../controller/model/plan.ts';
import { label, type SwarmView } from '../../controller/model/swarm.ts';
import { planPass } from '../../controller/plan/plan.ts';
import { desiredOf, warmApp } from '../build/desired.ts';
import { release } from '../build/recipe.ts';
import { appRecord, manifest, transition, transitionInput } from '../build/record.ts';
import { provedWith, worldOf } from '../build/running.ts';
import { service, swarmView } from '../build/swarm.ts';

const v1 = '1.0.0+1.0.0';
const app = warmApp('book');
const heir = { ...warmApp('diary'), domain: app.domain, stack: app.stack };
const lastGood = provedWith(desiredOf([app]), app, v1);
const frozen = transitionInput(app, null, v1);
const begin: JournalRecord = {
  ...{ at: '', id: 'x', app: 'book', transition: 'install' },
  ...{ phase: 'begin', event: 'intent', input: frozen },
};
const snapshot = manifest(app, v1);
const retired = transition({
  ...{ id: snapshot.id, kind: 'retire', toVersion: v1, snapshotId: snapshot.id },
});

describe('S1: an app whose stack another one still has, as after a renaming,', () => {
  test.each([
    { name: 'which is being retired', record: { lastGood, frozen, open: [begin] }, isHeld: true },
    { name: 'which fell off the Swarm', record: { lastGood, frozen }, isHeld: true },
    { name: 'which is being installed', record: { frozen, open: [begin] }, isHeld: true },
    { name: 'which was retired', record: { lastGood, frozen, history: [retired] }, isHeld: false },
    { name: 'whose first install failed', record: { frozen }, isHeld: false },
  ])('$name: is held: $isHeld', ({ record, isHeld }) => {
    const world = worldOf(heir, [release(v1)], {}, { swarm: known(swarmView()) });
    const records = new Map([...world.records, [app.name, known(appRecord(record))]]);

    const { entries } = planPass(desiredOf([heir]), { ...world, records });

    const entry = entries.find(({ object }) => object.name === heir.name);
    expect(entry?.decision.kind).toBe(isHeld ? 'held' : 'start');
    expect(entry?.hold?.reasons.map(({ reason }) => reason) ?? []).toEqual(
      isHeld ? ['ForeignStack'] : [],
    );
  });
});

describe('L1: an app may have the stack of another one whose state cannot be read,', () => {
  const other = warmApp('elsewhere');
  const moved = { ...app, domain: other.domain, stack: other.stack };
  const why = '/state/book/last_good.json is damaged: it is not a JSON object. Repair it';
  const ofBook = (stack: string | undefined) => ({
    [label.app]: app.name,
    ...(stack === undefined ? {} : { [label.stack]: stack }),
  });
  const serviceIn = (stack: string) =>
    swarmView({ services: [service(stack, 'app', { labels: ofBook(stack) })] });
  const volumeIn = (stack: string | undefined) =>
    swarmView({
      volumes: [
        {
          ...{ name: 'a_data', driver: 'local', labels: ofBook(stack), options: {} },
          mountpoint: '/',
        },
      ],
    });

  function decided(swarm: SwarmView, desired = desiredOf([heir])): PlanEntry | undefined {
    const world = worldOf(heir, [release(v1)], {}, { swarm: known(swarm) });
    const records = new Map([...world.records, [app.name, unknown(why)]]);
    return planPass(desired, { ...world, records }).entries.find(
      ({ object }) => object.name === heir.name,
    );
  }

  test.each([
    { name: 'nothing shows where that one is', swarm: swarmView() },
    { name: 'its volumes are there', swarm: volumeIn(app.stack) },
    { name: 'a volume of it does not say whose stack it is in', swarm: volumeIn(undefined) },
    { name: 'a drill of it is there', swarm: serviceIn(`drill-${app.stack}`) },
    {
      name: 'its volumes are there, although it is wanted elsewhere',
      swarm: volumeIn(app.stack),
      desired: desiredOf([heir, moved]),
    },
  ])('and waits: $name', ({ swarm, desired }) => {
    const entry = decided(swarm, desired);

    expect(entry).toMatchObject({ decision: { kind: 'unknown' }, hold: null });
    expect(entry?.decision).toMatchObject({ why: expect.stringContaining(why) as string });
    expect(entry?.decision).toMatchObject({
      why: expect.stringContaining(`stack ${app.stack} is that of app book`) as string,
    });
  });

  test.each([
    { name: 'services', swarm: serviceIn(other.stack) },
    { name: 'volumes', swarm: volumeIn(other.stack) },
  ])('and begins where the $name of that one are in another', ({ swarm }) => {
    expect(decided(swarm)?.decision.kind).toBe('start');
  });

  test('and begins where nothing of that one is left, and it is wanted in another', () => {
    expect(decided(swarmView(), desiredOf([heir, moved]))?.decision.kind).toBe('start');
  });
});
