/**
 * Real processes, real calls: every action on the state directory is made to fail, or to be the last, at one call after
 * another, then repeated by a controller that starts anew, and looked at.
 *
 * `CI_WARM_SYSCALLS=all` tries every call; otherwise those that change what lasts, and a quarter of the others, chosen
 * by `CI_WARM_SYSCALLS=<number>`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { digestOf } from '../../controller/model/digest.ts';
import { attackAll, nameOf, pointsOf, type Attacked, type Point } from './campaign.ts';
import type { Scenario } from './scenario.ts';
import { snapshotScenarios } from './snapshots.ts';
import { stateFileScenarios } from './state-files.ts';
import { needStrace } from './strace.ts';

const minute = 60_000;
const chosen = process.env['CI_WARM_SYSCALLS'] ?? '1';
/** Calls whose order is what a promise rests on. */
const LASTING = /^(fsync|fdatasync|syncfs|rename|symlink|mkdir|unlink|rmdir)$/;
const ONE_IN = 4;

const folder = mkdtempSync(join(tmpdir(), 'ci-warm-syscalls-'));
const whyNot = process.getuid?.() === 0 ? undefined : 'only root can keep the owners of files';
const stateFiles = await stateFileScenarios(folder);
const snapshots = whyNot === undefined ? await snapshotScenarios() : undefined;
const results: Attacked[] = [];
let possible = 0;

describe('whichever call fails or is the last one', () => {
  beforeAll(needStrace);
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
    snapshots?.remove();
    process.stdout.write(`${summary()}\n`);
  });

  test.each(stateFiles)(
    '$name: what is there is whole, and the next controller ends as if nothing had been',
    { timeout: 30 * minute },
    attack,
  );

  test.each(snapshots?.scenarios ?? [])(
    '$name: nothing is lost, and the next controller ends as if nothing had been',
    { timeout: 30 * minute },
    attack,
  );

  test('snapshots are among what was attacked', (context) => {
    if (whyNot !== undefined) context.skip(whyNot);
    expect(results.some(({ point }) => typeof point.target === 'object')).toBe(true);
  });
});

async function attack(scenario: Scenario): Promise<void> {
  const points = await pointsOf(scenario);
  const attacked = await attackAll(
    scenario,
    points.filter((point) => isChosen(scenario, point)),
  );
  possible += points.length;
  results.push(...attacked);
  const broken = attacked.filter(({ violations }) => violations.length > 0);
  expect(broken.map(({ point, violations }) => [nameOf(point), ...violations])).toEqual([]);
  // What two threads do at once does not come in the same order each time, so a call may not come at all.
  const reached = attacked.filter(({ isReached }) => isReached);
  expect(reached.length).toBeGreaterThan(attacked.length / 2);
}

function isChosen({ name }: Scenario, point: Point): boolean {
  if (chosen === 'all' || (LASTING.test(point.kind) && point.target !== 'main')) return true;
  const digest = digestOf(`${chosen} ${name} ${nameOf(point)}`);
  return Number.parseInt(digest.slice(-6), 16) % ONE_IN === 0;
}

function summary(): string {
  const reached = results.filter(({ isReached }) => isReached);
  const count = (what: (point: Point) => string): string =>
    [...Map.groupBy(reached, ({ point }) => what(point))]
      .sort(([, one], [, other]) => other.length - one.length)
      .map(([name, all]) => `${name} ${all.length}`)
      .join(', ');
  const broken = results.filter(({ violations }) => violations.length > 0).length;
  return [
    `System calls: injected ${reached.length} faults at ${possible} possible points, ${broken} broken`,
    `  faults: ${count(({ fault }) => fault)}`,
    `  calls: ${count(({ kind }) => kind)}`,
  ].join('\n');
}
