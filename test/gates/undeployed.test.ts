import { describe, expect, test } from 'vitest';
import { otherUsers } from '../../controller/gates/undeployed.ts';
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
