import { describe, expect, test } from 'vitest';
import { whoElseAnswers } from '../../controller/gates/leaving.ts';
import type { SwarmView, TaskView } from '../../controller/model/swarm.ts';
import { probeOf } from '../../controller/spec/resolve-probe.ts';
import { dead, task, view } from '../build/health.ts';

const throughProxy = [probeOf({ http: {} }), probeOf({ proxy: {} })];
const leaving = task({ id: 't0', desiredState: 'shutdown' });

const otherNode = { id: 'n2', hostname: 'two', ready: true, self: false };

function onDownNode(tasks: readonly TaskView[]): SwarmView {
  return { ...view(tasks), nodes: [{ id: 'n1', hostname: 'one', ready: false, self: true }] };
}

describe('who else may answer through the proxy', () => {
  test.each([
    { name: 'a task that is being stopped', seen: view([task(), leaving]), isDoubted: true },
    { name: 'nobody, once it has ended', seen: view([task(), dead('t0')]), isDoubted: false },
    { name: 'nobody, where all tasks are wanted', seen: view([task()]), isDoubted: false },
    { name: 'nobody on a node that is down', seen: onDownNode([leaving]), isDoubted: false },
    {
      name: 'nobody on a node that is down, though another one is up',
      seen: { ...onDownNode([leaving]), nodes: [...onDownNode([]).nodes, otherNode] },
      isDoubted: false,
    },
  ])('$name', ({ seen, isDoubted }) => {
    const answers = whoElseAnswers(throughProxy, seen);

    expect(answers.map(({ kind }) => kind)).toEqual(isDoubted ? ['unknown'] : []);
  });

  test('where tasks are asked themselves, nobody', () => {
    expect(whoElseAnswers([probeOf({ http: {} })], view([task(), leaving]))).toEqual([]);
  });
});
