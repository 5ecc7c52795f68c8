import { describe, expect, test } from 'vitest';
import type { GateSpec, WarmAppSpec } from '../../controller/model/desired.ts';
import { known, unknown } from '../../controller/model/known.ts';
import type { PlanEntry } from '../../controller/model/plan.ts';
import type { RecipeStructure } from '../../controller/model/structure.ts';
import type { World } from '../../controller/model/world.ts';
import { checkPlan } from '../../controller/plan/check-plan.ts';
import { planPass } from '../../controller/plan/plan.ts';
import { structuresNeeded } from '../../controller/plan/structures-needed.ts';
import { desiredOf, warmApp } from '../build/desired.ts';
import { release } from '../build/recipe.ts';
import { provedWith, worldOf } from '../build/running.ts';
import { serviceStructure, structure, structuresFor } from '../build/structure.ts';

const v1 = '1.0.0+1.0.0';
const v11 = '1.1.0+1.1.0';
const v12 = '1.2.0+1.2.0';
const nowMs = Date.parse('2026-11-21T09:30:00Z');
const hourMs = 3_600_000;

function plan(app: WarmAppSpec, seen: World): PlanEntry {
  const desired = desiredOf([app]);
  const made = planPass(desired, seen);
  expect(checkPlan(made, desired, seen)).toEqual([]);
  const [entry] = made.entries;
  if (entry === undefined) throw new Error('an empty plan');
  return entry;
}

/** Installed at the first release, with every recipe read. */
function at(
  app: WarmAppSpec,
  tags: readonly ReturnType<typeof release>[],
  over: (tag: string) => Partial<RecipeStructure> = () => ({}),
): World {
  const desired = desiredOf([app]);
  const seen = worldOf(app, tags, { lastGood: provedWith(desired, app, tags[0]?.tag ?? '') });
  return { ...seen, nowMs, structures: structuresFor(desired, seen, over) };
}

const movedImage = {
  services: [serviceStructure('app', { image: 'images.example.org/app:2.0.0' })],
};

function gated(over: Partial<GateSpec>): WarmAppSpec {
  const app = warmApp('book');
  return { ...app, gate: { ...app.gate, ...over } };
}

describe('the structure of the recipes', () => {
  const releases = [release(v1), release(v11), release(v12)];

  test('G1: a reason in it starts nothing, and is told with its evidence', () => {
    const entry = plan(
      warmApp('book'),
      at(warmApp('book'), releases.slice(0, 2), (tag) => (tag === v11 ? movedImage : {})),
    );

    expect(entry.decision.kind).toBe('held');
    expect(entry.hold).toMatchObject({
      version: v11,
      reasons: [{ reason: 'ImageMajor', file: 'compose.yml', line: 4 }],
    });
  });

  test('with latest the app goes as far as no reason stands in the way', () => {
    const app = warmApp('book');

    const entry = plan(
      app,
      at(app, releases, (tag) => (tag === v12 ? movedImage : {})),
    );

    expect(entry.decision).toMatchObject({ kind: 'start', input: { to: { version: v11 } } });
    expect(entry.hold).toMatchObject({ version: v12, reasons: [{ reason: 'ImageMajor' }] });
  });

  test('G3: what only a skipped version does holds the one above it', () => {
    const app = warmApp('book', { version: { kind: 'pinned', tag: v12 } });

    const entry = plan(
      app,
      at(app, releases, (tag) => (tag === v11 ? movedImage : {})),
    );

    expect(entry.hold).toMatchObject({ version: v12, reasons: [{}, {}] });
  });

  test('names, notes and structure are told together', () => {
    const tags = [release(v1), release('2.0.0+1.0.0', { notes: 'BREAKING: move the data first.' })];

    const entry = plan(
      warmApp('book'),
      at(warmApp('book'), tags, (tag) => (tag === v1 ? {} : movedImage)),
    );

    expect(entry.hold?.reasons.map(({ reason }) => reason)).toEqual([
      'RecipeMajor',
      'ManualMigration',
      'ImageMajor',
    ]);
  });

  test('approved lifts every reason for that target and no other', () => {
    const moves = (tag: string): Partial<RecipeStructure> => (tag === v1 ? {} : movedImage);
    const app = warmApp('book', { approved: v12 });
    const other = warmApp('book', { approved: v11, version: { kind: 'pinned', tag: v12 } });

    expect(plan(app, at(app, releases, moves)).decision).toMatchObject({ kind: 'start' });
    expect(plan(other, at(other, releases, moves)).decision.kind).toBe('held');
  });

  test('gate.onImageMajor: Allow lets it through', () => {
    const app = gated({ onImageMajor: 'Allow' });

    expect(
      plan(
        app,
        at(app, releases, (tag) => (tag === v12 ? movedImage : {})),
      ).decision,
    ).toMatchObject({
      kind: 'start',
      input: { to: { version: v12 } },
    });
  });

  test.each([v1, v11, v12])('L1: nothing is decided while %s cannot be read', (lost) => {
    const app = warmApp('book');
    const desired = desiredOf([app]);
    const seen = at(app, releases);
    const structures = new Map(
      structuresNeeded(desired, seen).map(({ release: { specHash, version } }) => [
        `${specHash} ${version}`,
        version === lost
          ? unknown('git does not answer')
          : ({ known: true, value: structure(version) } as const),
      ]),
    );

    expect(plan(app, { ...seen, structures })).toMatchObject({
      decision: { kind: 'unknown', why: 'git does not answer' },
      hold: null,
    });
  });

  test('L1: what is held is unknown, too, where the app has drifted meanwhile', () => {
    const app = warmApp('book');
    const seen = at(app, releases, (tag) => (tag === v12 ? movedImage : {}));
    if (!seen.swarm.known) throw new Error(seen.swarm.why);
    const gone = { ...seen, swarm: known({ ...seen.swarm.value, services: [] }) };
    const unread = new Map([...seen.structures.keys()].map((key) => [key, unknown('git is away')]));

    expect(plan(app, gone)).not.toHaveProperty('isHoldUnknown');
    expect(plan(app, { ...gone, structures: unread })).toMatchObject({
      decision: { kind: 'start', transition: 'repair' },
      hold: null,
      isHoldUnknown: true,
    });
  });
});

describe('which recipes are read', () => {
  const read = (app: WarmAppSpec, seen: World): string[] =>
    structuresNeeded(desiredOf([app]), seen).map(({ release: { version } }) => version);

  test.each([
    { name: 'nothing newer: none', tags: [v11], wants: [] },
    { name: 'older ones: none', tags: [v11, v1], wants: [] },
    {
      name: 'everything above what runs, and what runs',
      tags: [v1, v11, v12],
      wants: [v11, v12, v1],
    },
  ])('$name', ({ tags, wants }) => {
    const app = warmApp('book');

    expect(
      read(
        app,
        at(
          app,
          tags.map((tag) => release(tag)),
        ),
      ),
    ).toEqual(wants);
  });

  test.each([
    { name: 'pinned where it is: none', tag: v1, wants: [] },
    { name: 'pinned further up: up to there', tag: v11, wants: [v11, v1] },
  ])('$name', ({ tag, wants }) => {
    const app = warmApp('book', { version: { kind: 'pinned', tag } });

    expect(read(app, at(app, [release(v1), release(v11), release(v12)]))).toEqual(wants);
  });

  test('pinned further down: that one', () => {
    const app = warmApp('book', { version: { kind: 'pinned', tag: v1 } });

    expect(read(app, at(app, [release(v11), release(v1)]))).toEqual([v1, v11]);
  });

  test('none of an app that is suspended, or was never installed', () => {
    const app = warmApp('book');
    const tags = [release(v1), release(v11)];

    expect(read({ ...app, suspend: true }, at(app, tags))).toEqual([]);
    expect(read(app, worldOf(app, tags))).toEqual([]);
  });

  test('with a configuration that has changed, each as it is and as it was', () => {
    const app = warmApp('book');
    const seen = at(app, [release(v1), release(v11)]);

    expect(read({ ...app, env: { COMPOSE_FILE: 'a.yml' } }, seen)).toEqual([v11, v11, v1, v1]);
  });

  test('what runs may be read as it was configured when today’s configuration suits only the target', () => {
    const before = warmApp('book');
    const app = { ...before, env: { COMPOSE_FILE: 'compose.yml:compose.new.yml' } };
    const seen = at(before, [release(v1), release(v11)]);
    const desired = desiredOf([app]);
    const missing = { file: 'compose.new.yml', line: undefined, message: 'there is no such file' };
    const structures = new Map(
      structuresNeeded(desired, seen).map(({ release: { specHash, version, env } }) => [
        `${specHash} ${version}`,
        {
          known: true,
          value: structure(version, {
            problems: version === v1 && 'COMPOSE_FILE' in env ? [missing] : [],
          }),
        } as const,
      ]),
    );

    expect(plan(app, { ...seen, structures }).decision).toMatchObject({ kind: 'start' });
  });
});

describe('gate.minAge', () => {
  const app = gated({ minAgeMs: 24 * hourMs });
  const old = release(v1, { taggedAtMs: nowMs - 90 * 24 * hourMs });
  const young = release(v12, { taggedAtMs: nowMs - 23 * hourMs });

  test('a release that is too young waits, without a hold, until it is old enough', () => {
    const entry = plan(app, at(app, [old, young]));

    expect(entry).toMatchObject({ hold: null, current: v1, target: v1, latest: v12 });
    expect(entry.decision).toMatchObject({ kind: 'held', untilMs: nowMs + hourMs });
    expect(JSON.stringify(entry.decision)).toContain('2026-11-21T10:30:00');
  });

  test('at that very moment it is taken', () => {
    const later = { ...at(app, [old, young]), nowMs: nowMs + hourMs };

    expect(plan(app, later).decision).toMatchObject({
      kind: 'start',
      input: { to: { version: v12 } },
    });
  });

  test('an older one that is old enough is taken meanwhile', () => {
    const between = release(v11, { taggedAtMs: nowMs - 25 * hourMs });

    expect(plan(app, at(app, [old, between, young])).decision).toMatchObject({
      kind: 'start',
      input: { to: { version: v11 } },
    });
  });

  test('one that is held does not hide when the one above it is judged', () => {
    const between = release(v11, { taggedAtMs: nowMs - 25 * hourMs, notes: 'You must migrate.' });

    const entry = plan(app, at(app, [old, between, young]));

    expect(entry.hold?.version).toBe(v11);
    expect(entry.decision).toMatchObject({ kind: 'held', untilMs: nowMs + hourMs });
  });

  test('a tag without a date is never old enough by itself', () => {
    const entry = plan(app, at(app, [old, release(v12)]));

    expect(entry.hold).toBeNull();
    expect(entry.decision.kind).toBe('held');
    expect(entry.decision).not.toHaveProperty('untilMs');
  });

  test('approved lifts it', () => {
    const approving = { ...app, approved: v12 };

    expect(plan(approving, at(approving, [old, young])).decision.kind).toBe('start');
  });

  test('the first install takes the newest that is old enough, and waits where none is', () => {
    expect(plan(app, { ...worldOf(app, [old, young]), nowMs }).decision).toMatchObject({
      kind: 'start',
      transition: 'install',
      input: { to: { version: v1 } },
    });
    expect(plan(app, { ...worldOf(app, [young]), nowMs }).decision).toMatchObject({
      kind: 'held',
      untilMs: nowMs + hourMs,
    });
  });
});
