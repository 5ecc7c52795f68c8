import { describe, expect, test } from 'vitest';
import type { PhaseFailure } from '../../controller/model/journal.ts';
import { adopt } from '../../controller/transitions/adopt.ts';
import { drill } from '../../controller/transitions/drill.ts';
import { install } from '../../controller/transitions/install.ts';
import type { Next, TransitionTable } from '../../controller/transitions/machine.ts';
import { repair } from '../../controller/transitions/repair.ts';
import { restore } from '../../controller/transitions/restore.ts';
import { retire } from '../../controller/transitions/retire.ts';
import { statelessUpgrade } from '../../controller/transitions/stateless-upgrade.ts';
import { upgrade } from '../../controller/transitions/upgrade.ts';

const tables: readonly { readonly name: string; readonly table: TransitionTable }[] = [
  { name: 'upgrade', table: upgrade },
  { name: 'stateless upgrade', table: statelessUpgrade },
  { name: 'install', table: install },
  { name: 'repair', table: repair },
  { name: 'restore', table: restore },
  { name: 'drill', table: drill },
  { name: 'retire', table: retire },
  { name: 'adopt', table: adopt },
];

const failures: readonly PhaseFailure[] = (
  ['unhealthy', 'inconclusive', 'refused'] as const
).flatMap((verdict) =>
  [true, false].map((noAnswer) => ({ verdict, reason: 'X', message: 'x', lastLogs: [], noAnswer })),
);

/** Every phase that can follow another, by any outcome at any attempt. */
function successors(table: TransitionTable, phase: string): readonly Next<string>[] {
  const row = table.phases[phase];
  if (row === undefined) throw new Error(`no phase ${phase}`);
  const failed = failures.flatMap((failure) =>
    [1, 2, 99].map((attempt) => row.failed(failure, attempt)),
  );
  return [row.ok, ...failed];
}

/** Every path through the table, retries left out: the phases that were performed well, in order. */
function okPhasesBefore(table: TransitionTable, wanted: string): readonly ReadonlySet<string>[] {
  const found: ReadonlySet<string>[] = [];
  const walk = (phase: string, done: ReadonlySet<string>, path: readonly string[]): void => {
    if (phase === wanted) found.push(done);
    if (path.includes(phase)) return;
    for (const next of successors(table, phase)) {
      if (next.kind !== 'phase') continue;
      const isOk = next === table.phases[phase]?.ok;
      walk(next.phase, isOk ? new Set([...done, phase]) : done, [...path, phase]);
    }
  };
  walk(table.first, new Set(), []);
  return found;
}

describe.each(tables)('the table of $name', ({ table }) => {
  test('leads from every phase to phases that it has', () => {
    for (const phase of Object.keys(table.phases)) {
      for (const next of successors(table, phase)) {
        if (next.kind === 'phase') expect(Object.keys(table.phases)).toContain(next.phase);
      }
    }
  });

  test('reaches every phase, and an end from every phase', () => {
    const withoutEnd = (phases: ReadonlySet<string>): string[] =>
      [...phases].filter((phase) => phase !== '(end)').sort();

    expect(withoutEnd(walkable(table))).toEqual(Object.keys(table.phases).sort());
    for (const phase of Object.keys(table.phases)) {
      expect([...walkableFrom(table, phase)], phase).toContain('(end)');
    }
  });

  test('U1: last_good moves in commit alone, and only after the target was judged healthy', () => {
    const commits = Object.entries(table.phases).filter(([, row]) => row.intent.kind === 'commit');
    for (const [phase] of commits) {
      for (const done of okPhasesBefore(table, phase)) expect(done).toContain('judge');
    }
  });

  test('says what it ended as: a failure never ends as succeeded', () => {
    for (const [phase, row] of Object.entries(table.phases)) {
      for (const failure of failures) {
        const next = row.failed(failure, 99);
        expect(next.kind === 'end' && next.end === 'succeeded', phase).toBe(false);
      }
    }
  });
});

function walkable(table: TransitionTable): ReadonlySet<string> {
  return walkableFrom(table, table.first);
}

function walkableFrom(table: TransitionTable, from: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const queue = [from];
  for (let phase = queue.pop(); phase !== undefined; phase = queue.pop()) {
    if (seen.has(phase)) continue;
    seen.add(phase);
    for (const next of successors(table, phase)) {
      if (next.kind === 'phase') queue.push(next.phase);
      if (next.kind === 'end') seen.add('(end)');
    }
  }
  return seen;
}

describe('the retirement of an app', () => {
  test('S2: live data goes only after a snapshot of it was published and read back, S1: undeployed', () => {
    for (const done of okPhasesBefore(retire, 'clear')) {
      expect([...done]).toEqual(['prepare', 'undeploy', 'snapshot']);
    }
  });

  test('what was begun to be cleared is cleared, however long it takes: half of the data is no way back', () => {
    for (const failure of failures) {
      expect(retire.phases.clear.failed(failure, 99)).toEqual({ kind: 'retry' });
    }
  });
});

describe('the upgrade of a stateful app', () => {
  test('S1: a snapshot comes only after an undeploy that succeeded', () => {
    for (const done of okPhasesBefore(upgrade, 'snapshot')) expect(done).toContain('undeploy');
  });

  test('S2: the target is deployed only after the snapshot was published', () => {
    for (const done of okPhasesBefore(upgrade, 'deploy')) expect(done).toContain('snapshot');
  });

  test('U2: nothing is undeployed before both ways are prepared', () => {
    for (const done of okPhasesBefore(upgrade, 'undeploy')) expect(done).toContain('prepare');
  });

  test('U1: the prior version never starts on data that the target may have touched', () => {
    for (const done of okPhasesBefore(upgrade, 'back-deploy')) {
      const targetMayHaveRun = done.has('snapshot');
      if (targetMayHaveRun) expect([...done]).toContain('back-restore');
    }
    expect(okPhasesBefore(upgrade, 'back-deploy').length).toBeGreaterThan(1);
  });

  test('S1: a restore comes only after the target was undeployed', () => {
    for (const done of okPhasesBefore(upgrade, 'back-restore'))
      expect(done).toContain('back-undeploy');
  });

  test('L1: no answer on the way back is waited out, however often', () => {
    for (const phase of ['back-undeploy', 'back-restore', 'back-deploy', 'back-judge'] as const) {
      const failure = {
        verdict: 'inconclusive',
        reason: 'NoAnswer',
        message: '',
        lastLogs: [],
        noAnswer: true,
      } as const;

      expect(upgrade.phases[phase].failed(failure, 1000), phase).toEqual({ kind: 'retry' });
    }
  });
});

describe('R2: a drill', () => {
  test('is cleared on every way from what it made to its end', () => {
    for (const phase of ['restore', 'deploy', 'judge']) {
      for (const next of successors(drill, phase)) {
        if (next.kind === 'phase')
          expect(['deploy', 'judge', 'clear', 'clear-failed']).toContain(next.phase);
        else expect(next.kind).toBe('retry');
      }
    }
  });

  test('is cleared again after a refusal, a few times', () => {
    const failure = {
      verdict: 'refused',
      reason: 'Conflict',
      message: '',
      lastLogs: [],
      noAnswer: false,
    } as const;

    for (const phase of ['clear', 'clear-failed'] as const) {
      const { failed } = drill.phases[phase];
      expect(failed(failure, 1)).toEqual({ kind: 'retry' });
      expect(failed(failure, 5)).toEqual({ kind: 'phase', phase: 'conclude-failed' });
    }
  });

  test('never undeploys, snapshots or commits anything of the app', () => {
    const intents = Object.values(drill.phases).map(({ intent }) => intent.kind);

    expect(intents.filter((kind) => ['undeploy', 'snapshot', 'commit'].includes(kind))).toEqual([]);
  });
});
