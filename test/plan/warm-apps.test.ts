import { describe, expect, test } from 'vitest';
import { known, unknown } from '../../controller/model/known.ts';
import { desiredOf, domain, warmApp } from '../build/desired.ts';
import { release } from '../build/recipe.ts';
import { provedWith, runningAs, worldOf } from '../build/running.ts';
import { installed, plan } from '../build/planned.ts';
import { transitionInput } from '../build/record.ts';
import { service, swarmView } from '../build/swarm.ts';

const v1 = '1.0.0+1.0.0';
const v11 = '1.1.0+1.1.0';
const v12 = '1.2.0+1.2.0';
const v2 = '2.0.0+2.0.0';
const releases = [release(v1), release(v11)];

describe('planPass', () => {
  test('an app that is not there is installed at its newest release', () => {
    const app = warmApp('book');

    const { decision } = plan(app, worldOf(app, releases));

    expect(decision).toMatchObject({
      kind: 'start',
      transition: 'install',
      input: { from: null, to: { version: v11 } },
    });
  });

  test('latest never chooses a prerelease', () => {
    const app = warmApp('book');

    const { decision } = plan(app, worldOf(app, [...releases, release('1.2.0-rc.1+1.2.0')]));

    expect(decision).toMatchObject({ input: { to: { version: v11 } } });
  });

  test('an app that is as wanted is in sync', () => {
    const app = warmApp('book');

    expect(plan(app, installed(app, v11, releases)).decision).toEqual({
      kind: 'in-sync',
      version: v11,
    });
  });

  test('a newer release is taken, with the way back', () => {
    const app = warmApp('book');

    const { decision } = plan(app, installed(app, v1, releases));

    expect(decision).toMatchObject({
      kind: 'start',
      transition: 'upgrade',
      input: { from: { version: v1 }, to: { version: v11 } },
    });
  });

  test('a pinned app stays where it is pinned', () => {
    const app = warmApp('book', { version: { kind: 'pinned', tag: v1 } });

    expect(plan(app, installed(app, v1, releases)).decision.kind).toBe('in-sync');
  });

  test('a pinned tag that the recipe does not have is said, and nothing is done', () => {
    const app = warmApp('book', { version: { kind: 'pinned', tag: '9.9.9+9' } });

    expect(plan(app, installed(app, v1, releases)).decision).toMatchObject({
      kind: 'stalled',
      reason: 'VersionNotFound',
    });
  });

  test('with latest the app goes to the highest version that the gate lets through, and holds the rest', () => {
    const app = warmApp('book');

    const entry = plan(app, installed(app, v1, [...releases, release(v2)]));

    expect(entry.decision).toMatchObject({ kind: 'start', input: { to: { version: v11 } } });
    expect(entry.hold).toMatchObject({
      version: v2,
      reasons: [{ reason: 'RecipeMajor' }, { reason: 'AppMajor' }],
    });
  });

  test('G1: a held major starts nothing', () => {
    const app = warmApp('book');

    const entry = plan(app, installed(app, v11, [...releases, release(v2)]));

    expect(entry.decision.kind).toBe('held');
    expect(entry.hold?.version).toBe(v2);
  });

  test.each([
    { approved: v2, goes: true },
    { approved: '2.0.1+2.0.1', goes: false },
    { approved: v11, goes: false },
  ])('approved: $approved lets the held 2.0.0 through: $goes', ({ approved, goes }) => {
    const app = warmApp('book', { approved });

    const { decision } = plan(app, installed(app, v11, [...releases, release(v2)]));

    expect(decision.kind).toBe(goes ? 'start' : 'held');
  });

  test('approved never chooses the target', () => {
    const app = warmApp('book', { approved: v2, version: { kind: 'pinned', tag: v11 } });

    expect(plan(app, installed(app, v11, [...releases, release(v2)])).decision.kind).toBe(
      'in-sync',
    );
  });

  test('an approved major lets the versions above it be judged from where the app is', () => {
    const app = warmApp('book', { approved: v2 });

    const entry = plan(
      app,
      installed(app, v11, [...releases, release(v2), release('2.1.0+2.1.0')]),
    );

    expect(entry.decision).toMatchObject({ kind: 'start', input: { to: { version: v2 } } });
    expect(entry.hold?.version).toBe('2.1.0+2.1.0');
  });

  test('a quarantined version is not tried again, and neither is one below it', () => {
    const app = warmApp('book');
    const bad = provedWith(desiredOf([app]), app, v12);
    const quarantine = {
      version: v12,
      commit: bad.commit,
      specHash: bad.specHash,
      reason: 'CrashLoop',
      since: '',
    };

    const { decision } = plan(app, installed(app, v1, [...releases, release(v12)], { quarantine }));

    expect(decision).toMatchObject({ kind: 'quarantined', version: v12 });
  });

  test('an app does not take below a quarantined version what that one failed with', () => {
    // Each of the two would lift the other's quarantine, for there is one: they would be tried in turn, for ever.
    const before = warmApp('book');
    const app = { ...before, env: { TITLE: 'a typing error' } };
    const lastGood = provedWith(desiredOf([before]), before, v11);
    const bad = provedWith(desiredOf([app]), app, v12);
    const quarantine = {
      version: v12,
      commit: bad.commit,
      specHash: bad.specHash,
      reason: 'CrashLoop',
      since: '',
    };
    const seen = worldOf(app, [...releases, release(v12)], { lastGood, quarantine });

    expect(plan(app, seen).decision).toMatchObject({ kind: 'quarantined', version: v12 });
    const pinned = { ...app, version: { kind: 'pinned', tag: v11 } } as const;
    expect(plan(pinned, seen).decision).toMatchObject({
      kind: 'start',
      input: { to: { version: v11, env: app.env } },
    });
  });

  test('a newer version than the quarantined one is tried', () => {
    const app = warmApp('book');
    const bad = provedWith(desiredOf([app]), app, v11);
    const quarantine = {
      version: v11,
      commit: bad.commit,
      specHash: bad.specHash,
      reason: 'CrashLoop',
      since: '',
    };

    const { decision } = plan(app, installed(app, v1, [...releases, release(v12)], { quarantine }));

    expect(decision).toMatchObject({ kind: 'start', input: { to: { version: v12 } } });
  });

  test('a bad configuration quarantines that configuration, not the version', () => {
    const plain = warmApp('book', { version: { kind: 'pinned', tag: v11 } });
    const other = { ...plain, env: { TITLE: 'x' } };
    const bad = provedWith(desiredOf([plain]), plain, v11);
    const quarantine = {
      version: v11,
      commit: bad.commit,
      specHash: bad.specHash,
      reason: 'CrashLoop',
      since: '',
    };
    const record = { lastGood: provedWith(desiredOf([plain]), plain, v1), quarantine };

    expect(plan(plain, worldOf(plain, releases, record)).decision.kind).toBe('quarantined');
    expect(plan(other, worldOf(other, releases, record)).decision.kind).toBe('start');
  });

  test('a change of configuration alone is an upgrade to the same version', () => {
    const before = warmApp('book');
    const after = { ...before, env: { TITLE: 'new' } };
    const lastGood = provedWith(desiredOf([before]), before, v11);

    const { decision } = plan(after, worldOf(after, releases, { lastGood }));

    expect(decision).toMatchObject({
      kind: 'start',
      transition: 'upgrade',
      input: { to: { version: v11 } },
    });
  });

  test('a service that somebody removed comes back at last_good, not at the newest version', () => {
    const app = warmApp('book');

    const { decision } = plan(app, installed(app, v1, releases, {}, { swarm: known(swarmView()) }));

    expect(decision).toMatchObject({
      kind: 'start',
      transition: 'repair',
      input: { to: { version: v1 } },
    });
  });

  test.each([
    { data: 'Stateful', decision: { kind: 'held' } },
    { data: 'Stateless', decision: { kind: 'start', transition: 'repair' } },
  ] as const)(
    'P2: a $data app whose image somebody replaced is $decision.kind',
    ({ data, decision }) => {
      const app = warmApp('book', { data });
      const lastGood = provedWith(desiredOf([app]), app, v11);
      const other = runningAs(app, { ...lastGood, images: { app: 'app@sha256:newer' } });

      const entry = plan(app, worldOf(app, releases, { lastGood }, { swarm: known(other) }));

      expect(entry.decision).toMatchObject(decision);
    },
  );

  test('a stack that is somebody else’s is never touched', () => {
    const app = warmApp('book');
    const labels = { 'dev.ci-warm.app': 'other' };
    const foreign = swarmView({ services: [service(app.stack, 'app', { labels })] });

    const entry = plan(app, worldOf(app, releases, {}, { swarm: known(foreign) }));

    expect(entry.decision.kind).toBe('held');
    expect(entry.hold?.reasons).toMatchObject([{ kind: 'held-adoption', reason: 'ForeignStack' }]);
  });

  test('S3: a renamed domain holds, because the data carries its domain', () => {
    const before = warmApp('book');
    const after = { ...before, domain: domain('other.example.org') };
    const lastGood = provedWith(desiredOf([before]), before, v11);

    const entry = plan(after, worldOf(after, releases, { lastGood }));

    expect(entry.decision.kind).toBe('held');
    expect(entry.hold?.reasons).toMatchObject([
      { kind: 'held-domain', from: before.domain, to: after.domain },
    ]);
  });

  test('an app that is ill before its upgrade is held, unless a person approves that target', () => {
    const app = warmApp('book');
    const lastGood = provedWith(desiredOf([app]), app, v1);
    const ill = { ...runningAs(app, lastGood), tasks: [] };
    const seen = worldOf(app, releases, { lastGood }, { swarm: known(ill) });

    expect(plan(app, seen).hold?.reasons).toMatchObject([{ kind: 'held-unhealthy' }]);
    expect(plan({ ...app, approved: v11 }, seen).decision.kind).toBe('start');
  });

  test('U1: an ill app whose configuration changed is held too, whether its version is pinned or not', () => {
    const before = warmApp('book');
    const lastGood = provedWith(desiredOf([before]), before, v1);
    const ill = { ...runningAs(before, lastGood), tasks: [] };
    const app = { ...before, env: { GREETING: 'hello' } };
    const seen = worldOf(app, [release(v1)], { lastGood }, { swarm: known(ill) });
    const pinned = { ...app, version: { kind: 'pinned', tag: v1 } } as const;

    for (const one of [app, pinned]) {
      const { decision, hold } = plan(one, seen);
      expect(decision.kind).toBe('held');
      expect(hold).toMatchObject({ version: v1, reasons: [{ kind: 'held-unhealthy' }] });
    }
    expect(plan({ ...app, approved: v1 }, seen).decision.kind).toBe('start');
  });

  test('A1: an app that falls ill below a version that is held is held by that version still', () => {
    const app = warmApp('book');
    const lastGood = provedWith(desiredOf([app]), app, v1);
    const ill = { ...runningAs(app, lastGood), tasks: [] };
    const all = [...releases, release(v2)];

    const entry = plan(app, worldOf(app, all, { lastGood }, { swarm: known(ill) }));

    expect(entry.decision.kind).toBe('held');
    expect(entry.hold).toMatchObject({
      version: v2,
      reasons: [{ kind: 'held-major' }, { kind: 'held-major' }, { kind: 'held-unhealthy' }],
    });
  });

  test('an older pinned tag is held as a downgrade', () => {
    const app = warmApp('book', { version: { kind: 'pinned', tag: v1 } });

    expect(plan(app, installed(app, v11, releases)).hold?.reasons).toMatchObject([
      { kind: 'held-downgrade' },
    ]);
  });

  test('R1: while a transition is open nothing else is begun', () => {
    const app = warmApp('book');
    const input = transitionInput(app, v1, v11);
    const open = [
      {
        at: '',
        id: 'x',
        app: app.name,
        transition: 'upgrade',
        phase: 'begin',
        event: 'intent',
        input,
      } as const,
    ];

    expect(plan(app, installed(app, v1, releases, { open })).decision).toMatchObject({
      kind: 'in-transition',
      id: 'x',
      phase: 'prepare',
    });
  });

  test('a suspended app is left alone', () => {
    const app = warmApp('book', { suspend: true });

    expect(plan(app, installed(app, v1, releases)).decision.kind).toBe('suspended');
  });

  test.each([
    { name: 'the Swarm', over: { swarm: unknown('no answer') } },
    {
      name: 'the recipe',
      over: { recipes: new Map([[warmApp('book').recipe, unknown('no answer')]]) },
    },
    {
      name: 'the record',
      over: { records: new Map([[warmApp('book').name, unknown('no answer')]]) },
    },
  ])('L1: while $name is unknown nothing is decided', ({ over }) => {
    const app = warmApp('book');

    expect(plan(app, installed(app, v1, releases, {}, over)).decision).toEqual({
      kind: 'unknown',
      why: 'no answer',
    });
  });
});
