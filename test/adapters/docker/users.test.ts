import { describe, expect, test } from 'vitest';
import { sentence } from '../../../controller/adapters/docker/users.ts';
import { container, service, task } from '../../build/swarm.ts';

const data = { volumeNames: ['blog_data'], paths: ['/srv/blog/data'] };

describe('sentence', () => {
  test.each([
    {
      name: 'a volume of that name is used',
      over: { volumes: ['blog_data'] },
      expected: ['container backup (exited) mounts volume blog_data'],
    },
    {
      name: 'the folder itself is used',
      over: { binds: ['/srv/blog/data'] },
      expected: ['container backup (exited) binds /srv/blog/data'],
    },
    {
      name: 'something in the folder is used',
      over: { binds: ['/srv/blog/data/uploads'] },
      expected: ['container backup (exited) binds /srv/blog/data/uploads'],
    },
    { name: 'what is around the folder is not it', over: { binds: ['/srv'] }, expected: [] },
    { name: 'a neighbour is not it', over: { binds: ['/srv/blog/data2'] }, expected: [] },
    { name: 'other volumes are not it', over: { volumes: ['blog_data2'] }, expected: [] },
  ])('S1: $name', ({ over, expected }) => {
    const of = task(service('blog', 'app'));

    expect(sentence(container(of, { names: ['backup'], state: 'exited', ...over }), data)).toEqual(
      expected,
    );
  });
});
