import { describe, expect, test } from 'vitest';
import { judgeUndeployed, otherUsers } from '../../controller/gates/undeployed.ts';
import type { ContainerView } from '../../controller/model/swarm.ts';
import { container, service, swarmView, task } from '../build/swarm.ts';

const up = task(service('book', 'app'));
const place = { volume: 'data', name: 'book_data', path: '/state/book/volumes/data/data' };

function users(over: Partial<ContainerView>): readonly string[] {
  const view = swarmView({ containers: [container(up, { names: ['backup'], ...over })] });
  return otherUsers(view, 'book', [place]);
}

describe('otherUsers', () => {
  test.each([
    { name: 'mounts a volume', over: { stack: undefined, volumes: ['book_data'] }, found: true },
    { name: 'of another stack', over: { stack: 'shop', volumes: ['book_data'] }, found: true },
    {
      name: 'binds a part of it',
      over: { stack: undefined, binds: [`${place.path}/db`] },
      found: true,
    },
    { name: 'is the app’s own', over: { stack: 'book', volumes: ['book_data'] }, found: false },
    {
      name: 'binds what is around it',
      over: { stack: undefined, binds: ['/state'] },
      found: false,
    },
    {
      name: 'has another volume',
      over: { stack: undefined, volumes: ['book_data2'] },
      found: false,
    },
  ])('G1: a container that $name is in the way: $found', ({ over, found }) => {
    expect(users({ ...over, state: 'exited' })).toEqual(found ? ['container backup (exited)'] : []);
  });
});

describe('S1: an app is gone', () => {
  const other = task(service('shop', 'app'));
  const nowhere = task(service('book', 'app'), { nodeId: '', state: 'pending' });

  test.each([
    { name: 'nothing is there', view: {}, by: [] },
    {
      name: 'all there is is another app’s',
      view: { services: [service('shop', 'app')], tasks: [other], containers: [container(other)] },
      by: [],
    },
    { name: 'a task never got a node', view: { tasks: [nowhere] }, by: [] },
    {
      name: 'a service is there',
      view: { services: [service('book', 'app')] },
      by: ['service book_app'],
    },
    {
      name: 'a task is there',
      view: { tasks: [up] },
      by: [`task ${up.id} (running) on node node1`],
    },
    {
      name: 'a container of it is there',
      view: { containers: [container(up, { names: ['book_app.1'], state: 'exited' })] },
      by: ['container book_app.1 (exited)'],
    },
    {
      name: 'a container of another app has its volume',
      view: { containers: [container(other, { names: ['backup'], volumes: ['book_data'] })] },
      by: ['container backup (running)'],
    },
  ])('where $name: $by is in the way', ({ view, by }) => {
    expect(judgeUndeployed(swarmView(view), 'book', ['book_data'])).toEqual(
      by.length === 0 ? { kind: 'undeployed' } : { kind: 'in-use', by },
    );
  });
});
