import { describe, expect, test } from 'vitest';
import {
  judgeHealth,
  startHealth,
  type HealthQuestion,
  type HealthVerdict,
} from '../../controller/gates/health.ts';
import { known } from '../../controller/model/known.ts';
import type { TaskView } from '../../controller/model/swarm.ts';
import { service, swarmView, task } from '../build/swarm.ts';

const theirs = service('book', 'app');
const running = task(theirs);
const beganMs = running.createdAtMs + 3_600_000;
const question: HealthQuestion = {
  stack: 'book',
  specHash: null,
  services: [theirs.name],
  deployedAtMs: beganMs,
  convergeMs: 60_000,
  bootMs: 30_000,
  stableForMs: 5_000,
};

function judged(tasks: readonly TaskView[]): HealthVerdict {
  let memory = startHealth(beganMs);
  let verdict: HealthVerdict = { kind: 'waiting', for: '' };
  for (let past = 0; past <= 70_000 && verdict.kind === 'waiting'; past += 1000) {
    const view = known(swarmView({ services: [theirs], tasks }));
    const sample = { atMs: beganMs + past, view, probes: [{ kind: 'green', probe: 'p' }] } as const;
    ({ memory, verdict } = judgeHealth(question, memory, sample));
  }
  return verdict;
}

describe('an app that others deployed, judged before it is adopted', () => {
  test('its tasks count that run since long before, though they carry no label of ours', () => {
    expect(judged([running])).toEqual({ kind: 'healthy' });
  });

  test('U3: a task of another image is none of them', () => {
    const other = { ...running, image: 'images.example.org/app:old' };

    expect(judged([other])).toMatchObject({ kind: 'unhealthy', reason: 'NotConverged' });
  });

  test('what died before is not held against it', () => {
    const dead = [1, 2, 3].map((id) => ({
      ...running,
      id: `dead${String(id)}`,
      state: 'failed',
      desiredState: 'shutdown',
    }));

    expect(judged([running, ...dead])).toEqual({ kind: 'healthy' });
  });
});
