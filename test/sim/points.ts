/**
 * A base's calls, one by one: where a controller can be stopped, and where a call can fail. Polling asks the same again
 * and again; of equal questions between two journal records only the first two count.
 */
import type { Base } from './bases.ts';
import { go, type Call, type Fate, type Policy } from './call.ts';
import { runWorld, type Outcome } from './run.ts';

/** Runs the base as it is, and returns what was called while faults could come, in order. */
export async function pointsOf(base: Base): Promise<readonly Call[]> {
  const calls: Call[] = [];
  const ordinary = base.policy();
  const outcome = await runWorld(base.scenario, {
    policy: (call) => {
      calls.push(call);
      return ordinary(call);
    },
  });
  const history = outcome.world.state.of('alpha').view.history;
  const ends = history.map(({ kind, end }) => `${kind} ${end}`);
  if (outcome.violations.length > 0 || ends.join() !== base.history.join()) {
    throw new Error(
      `${base.name} by itself: ${ends.join()}; ${JSON.stringify(outcome.violations)}`,
    );
  }
  let since = new Map<string, number>();
  return calls.filter((call) => {
    if (call.name === 'store.append') since = new Map();
    const times = (since.get(call.name) ?? 0) + 1;
    since.set(call.name, times);
    return call.mutates || times <= 2;
  });
}

/** One way of spoiling a run. */
export interface Spoiled {
  readonly name: string;
  readonly policy: () => Policy;
}

/** Stopped once, and stopped again soon after the next start. */
export function kills(points: readonly Call[]): readonly Spoiled[] {
  return points.flatMap((point, index) =>
    (point.mutates ? (['before', 'after'] as const) : (['before'] as const)).flatMap((when) =>
      [false, true].map((twice): Spoiled => {
        const again = 1 + (index % 12);
        return {
          name: `killed ${when} ${describe(point)}${twice ? ` and at change ${again} after` : ''}`,
          policy: () => killer(point.number, { kind: 'kill', when }, twice ? again : undefined),
        };
      }),
    ),
  );
}

/** The power is cut when a change was made and nothing else happened; what becomes of it is chance's affair. */
export function powerCuts(points: readonly Call[]): readonly Spoiled[] {
  return points
    .filter(({ mutates }) => mutates)
    .map((point) => ({
      name: `power cut after ${describe(point)}`,
      policy: () => killer(point.number, { kind: 'kill', when: 'after', power: true }, undefined),
    }));
}

function killer(number: number, fate: Fate, again: number | undefined): Policy {
  let isKilled = false;
  let changes = 0;
  return (call): Fate => {
    if (call.number === number) {
      isKilled = true;
      return fate;
    }
    if (!isKilled || again === undefined || !call.mutates) return go;
    changes += 1;
    return changes === again ? { kind: 'kill', when: 'after' } : go;
  };
}

/** As error, as time-out, as error although it was done; once, and from then on. */
export function failures(points: readonly Call[]): readonly Spoiled[] {
  return points.flatMap((point) =>
    point.errors.flatMap((code) =>
      [
        { how: 'fails', when: 'before', delayMs: 0 } as const,
        { how: 'times out', when: 'before', delayMs: 20_000 } as const,
        ...(point.mutates
          ? [{ how: 'is done and fails', when: 'after', delayMs: 0 } as const]
          : []),
      ].flatMap(({ how, when, delayMs }) =>
        [false, true].map((isLasting): Spoiled => ({
          name: `${describe(point)} ${how} as ${code}${isLasting ? ', from then on' : ''}`,
          policy:
            () =>
            ({ number, name }): Fate =>
              number === point.number || (isLasting && number > point.number && name === point.name)
                ? { kind: 'fail', when, code, delayMs }
                : go,
        })),
      ),
    ),
  );
}

function describe({ number, name, of }: Call): string {
  return `#${number} ${name} ${of}`;
}

/** What the base fails at anyway happens as well. */
export function runSpoiled(base: Base, spoiled: Spoiled, isRecorded = false): Promise<Outcome> {
  const [ordinary, extra] = [base.policy(), spoiled.policy()];
  return runWorld(base.scenario, {
    isRecorded,
    policy: (call) => {
      const fate = extra(call);
      const usual = ordinary(call);
      return fate === go ? usual : fate;
    },
  });
}
