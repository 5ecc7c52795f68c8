import { describe, expect, test } from 'vitest';
import { judgeIllBefore } from '../../controller/gates/ill-before.ts';
import { label, type SwarmView, type TaskView } from '../../controller/model/swarm.ts';
import { container, service, swarmView, task } from '../build/swarm.ts';

const web = service('book', 'web', { labels: { [label.spec]: 'now' } });
const up = task(web, { specHash: 'now' });
const other = service('shop', 'web');
const { atMs } = swarmView();
const minuteMs = 60_000;

function dead(id: string, over: Partial<TaskView> = {}): TaskView {
  const end = { state: 'failed', desiredState: 'shutdown', stateAtMs: atMs - minuteMs } as const;
  return task(web, { id, specHash: 'now', ...end, ...over });
}

/** It runs, and two of its tasks have ended so. */
function diedTwice(over: Partial<TaskView>): SwarmView {
  return swarmView({ services: [web], tasks: [up, dead('a', over), dead('b', over)] });
}

const sick = swarmView({
  services: [web],
  tasks: [up],
  containers: [container(up, { health: 'unhealthy' })],
});
const shop = { services: [web, other], tasks: [up, task(other)] };

describe('an app is ill before its upgrade', () => {
  test.each([
    { name: 'a task is missing', seen: swarmView({ services: [web] }), says: '0 of 1 tasks' },
    { name: 'its own health check says so', seen: sick, says: 'by its own health check' },
    { name: 'two tasks died a minute ago', seen: diedTwice({}), says: 'again and again' },
    {
      name: 'two tasks could not even be started',
      seen: diedTwice({ state: 'rejected' }),
      says: 'again and again',
    },
    {
      name: 'two tasks died of which nobody knows the spec',
      seen: diedTwice({ specHash: undefined }),
      says: 'again and again',
    },
  ])('where $name', ({ seen, says }) => {
    expect(judgeIllBefore(seen, 'book')).toMatchObject([
      {
        kind: 'held-unhealthy',
        message: expect.stringMatching(`service book_web .*${says}`) as string,
      },
    ]);
  });

  test.each([
    { name: 'it runs', seen: swarmView({ services: [web], tasks: [up] }) },
    {
      name: 'one task died',
      seen: swarmView({ services: [web], tasks: [up, dead('a')] }),
    },
    { name: 'tasks died five minutes ago', seen: diedTwice({ stateAtMs: atMs - 5 * minuteMs }) },
    { name: 'tasks of another release died (U3)', seen: diedTwice({ specHash: 'before' }) },
    { name: 'tasks of another service died', seen: diedTwice({ serviceId: other.id }) },
    {
      name: 'the daemon was restarted below its tasks',
      seen: diedTwice({ error: 'No such container: 0123' }),
    },
    { name: 'tasks were replaced', seen: diedTwice({ state: 'shutdown' }) },
    {
      name: 'it has ended, as it may',
      seen: swarmView({ services: [{ ...web, mayEnd: true }] }),
    },
    { name: 'another app has no tasks', seen: swarmView({ ...shop, tasks: [up] }) },
    {
      name: 'another app is unhealthy',
      seen: swarmView({ ...shop, containers: [container(task(other), { health: 'unhealthy' })] }),
    },
  ])('but not where $name', ({ seen }) => {
    expect(judgeIllBefore(seen, 'book')).toEqual([]);
  });
});
