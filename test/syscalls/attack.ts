/**
 * The attack as a test, the same for every action on the state directory: each is made to fail, or to be the last, at
 * one call after another, then repeated by a controller that starts anew, and looked at.
 *
 * `CI_WARM_SYSCALLS=all` tries every call; otherwise those whose order is what a promise rests on, and a quarter of the
 * others, chosen by `CI_WARM_SYSCALLS=<number>`.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { digestOf } from '../../controller/model/digest.ts';
import { attackAll, nameOf, pointsOf, type Attacked, type Point } from './campaign.ts';
import type { Scenario } from './scenario.ts';
import { needStrace } from './strace.ts';

const minute = 60_000;
const chosen = process.env['CI_WARM_SYSCALLS'] ?? '1';
const LASTING = /^(fsync|fdatasync|syncfs|rename|symlink|mkdir|unlink|rmdir)$/;
const ONE_IN = 4;

/** `what`: for the figures at the end. */
export function describeAttack(what: string, scenarios: readonly Scenario[]): void {
  const results: Attacked[] = [];
  let possible = 0;

  describe(`${what}, whichever call fails or is the last one`, () => {
    beforeAll(needStrace);
    afterAll(() => {
      process.stdout.write(`${summary(what, results, possible)}\n`);
    });

    test.each(scenarios)(
      '$name: what is there is whole, and the next controller ends as if nothing had been',
      { timeout: 30 * minute },
      async (scenario) => {
        const points = await pointsOf(scenario);
        possible += points.length;
        const attacked = await attackAll(
          scenario,
          points.filter((point) => isChosen(scenario, point)),
        );
        results.push(...attacked);
        const broken = attacked.filter(({ violations }) => violations.length > 0);
        expect(broken.map(({ point, violations }) => [nameOf(point), ...violations])).toEqual([]);
        // What two threads do at once does not come in the same order each time, so a call may not come at all.
        const reached = attacked.filter(({ isReached }) => isReached);
        expect(reached.length).toBeGreaterThan(attacked.length / 2);
      },
    );
  });
}

function isChosen({ name }: Scenario, point: Point): boolean {
  if (chosen === 'all' || (LASTING.test(point.kind) && point.target !== 'main')) return true;
  const digest = digestOf(`${chosen} ${name} ${nameOf(point)}`);
  return Number.parseInt(digest.slice(-6), 16) % ONE_IN === 0;
}

function summary(what: string, results: readonly Attacked[], possible: number): string {
  const reached = results.filter(({ isReached }) => isReached);
  const broken = results.filter(({ violations }) => violations.length > 0).length;
  const count = (key: (point: Point) => string): string =>
    [...Map.groupBy(reached, ({ point }) => key(point))]
      .sort(([, one], [, other]) => other.length - one.length)
      .map(([name, all]) => `${name} ${all.length}`)
      .join(', ');
  return [
    `System calls, ${what}: ${reached.length} faults injected, of ${possible} possible, ${broken} broken`,
    `  faults: ${count(({ fault }) => fault)}`,
    `  calls: ${count(({ kind }) => kind)}`,
  ].join('\n');
}
