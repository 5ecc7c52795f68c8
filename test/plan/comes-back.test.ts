/** An app that was retired, and is wanted again in a stack that another app may have by now. */
import { describe, expect, test } from 'vitest';
import type { WarmAppSpec } from '../../controller/model/desired.ts';
import type { JournalRecord } from '../../controller/model/journal.ts';
import { known, unknown } from '../../controller/model/known.ts';
import type { PlanEntry } from '../../controller/model/plan.ts';
import type { AppRecord } from '../../controller/model/record.ts';
import type { SwarmView } from '../../controller/model/swarm.ts';
import { planPass } from '../../controller/plan/plan.ts';
import { desiredOf, warmApp } from '../build/desired.ts';
import { release } from '../build/recipe.ts';
import { manifest, transition, transitionInput, appRecord } from '../build/record.ts';
import { provedWith, runningAs, worldOf } from '../build/running.ts';
import { swarmView } from '../build/swarm.ts';

const v1 = '1.0.0+1.0.0';
const app = warmApp('book');
const tenant = { ...warmApp('diary'), domain: app.domain, stack: app.stack };
const lastGood = provedWith(desiredOf([app]), app, v1);
const ofTenant = provedWith(desiredOf([tenant]), tenant, v1);
const snapshot = manifest(app, v1);
const retired: Partial<AppRecord> = {
  lastGood,
  snapshot: known({ ...snapshot, identity: { ...snapshot.identity, commit: lastGood.commit } }),
  history: [
    transition({ id: snapshot.id, kind: 'retire', toVersion: v1, snapshotId: snapshot.id }),
  ],
};
const frozen = transitionInput(tenant, null, v1);
const kept = { lastGood: ofTenant, frozen };
const open = (kind: 'install' | 'retire' | 'drill'): readonly JournalRecord[] => [
  {
    ...{ at: '', id: 'x', app: tenant.name, transition: kind },
    ...{ phase: 'begin', event: 'intent', input: frozen },
  },
];
const request = { id: 'r1', kind: 'restore', snapshotId: snapshot.id, at: '' } as const;

interface Scene {
  readonly other: Partial<AppRecord> | undefined;
  readonly record?: Partial<AppRecord>;
  readonly swarm?: SwarmView;
  /** Desired state asks for both, and for the other in another stack. */
  readonly moved?: WarmAppSpec;
}

function decided({ other, record = retired, swarm = swarmView(), moved }: Scene): PlanEntry {
  const seen = worldOf(app, [release(v1)], record, { swarm: known(swarm) });
  const records = new Map([
    ...seen.records,
    [tenant.name, other === undefined ? unknown('damaged') : known(appRecord(other))] as const,
  ]);
  const desired = desiredOf(moved === undefined ? [app] : [app, moved]);
  const { entries } = planPass(desired, { ...seen, records });
  const entry = entries.find(({ object }) => object.name === app.name);
  if (entry === undefined) throw new Error('it is not in the plan');
  return entry;
}

describe('S1: a retired app that is wanted again', () => {
  test.each([
    {
      name: 'while the other runs',
      scene: { other: kept, swarm: runningAs(tenant, ofTenant) },
    },
    {
      name: 'while the other, undeployed, is being retired',
      scene: { other: { ...kept, open: open('retire') } },
    },
    {
      name: 'while the other is being installed',
      scene: { other: { frozen, open: open('install') } },
    },
    {
      name: 'while the other fell off the Swarm',
      scene: { other: kept },
    },
    {
      name: 'while the other is to go to another domain, and may not',
      scene: {
        other: kept,
        moved: warmApp('diary'),
      },
    },
  ])('is held $name', ({ scene }) => {
    expect(decided(scene)).toMatchObject({
      decision: { kind: 'held' },
      hold: {
        reasons: [
          { kind: 'held-adoption', reason: 'ForeignStack', from: tenant.name, to: app.stack },
        ],
      },
    });
  });

  test('and the hold says when it comes back', () => {
    const { decision } = decided({ other: kept });

    expect(decision).toMatchObject({
      message: expect.stringContaining('book comes back from its snapshot when it is') as string,
    });
  });

  test.each(['restore', 'drill'] as const)(
    'is refused a %s that a person asks for meanwhile, and told why',
    (kind) => {
      const entry = decided({
        other: kept,
        record: { ...retired, request: { ...request, kind } },
      });

      expect(entry.decision.kind).toBe('held');
      expect(entry.refused).toEqual({
        id: request.id,
        why: expect.stringContaining('is that of app diary') as string,
      });
    },
  );

  test('L1: waits while the state of the other one cannot be read, and so does what is asked for', () => {
    const entry = decided({ other: undefined, record: { ...retired, request } });

    expect(entry.decision.kind).toBe('unknown');
    expect(entry.refused).toBeUndefined();
  });

  test.each([
    { name: 'was retired, too', other: { ...kept, history: [transition({ kind: 'retire' })] } },
    {
      name: 'is in another stack',
      other: { lastGood: provedWith(desiredOf([]), warmApp('diary'), v1) },
    },
    { name: 'was never proved good', other: { frozen } },
  ])('comes back from its snapshot where the other one $name', ({ other }) => {
    expect(decided({ other }).decision).toMatchObject({ kind: 'start', transition: 'restore' });
    expect(decided({ other, record: { ...retired, request } }).decision).toMatchObject({
      kind: 'start',
      requestId: request.id,
    });
  });
});

test('an app that was never retired goes on, whatever cannot be read of another one', () => {
  const entry = decided({
    other: undefined,
    record: { lastGood, frozen: transitionInput(app, null, v1) },
  });

  expect(entry.decision).toMatchObject({ kind: 'start', transition: 'repair' });
});
