import { describe, expect, test } from 'vitest';
import { createEngine } from '../../../controller/adapters/docker/engine.ts';
import { failing, ok, useScriptedEngines } from './scripted-engine.ts';
import type { Reply } from './scripted-engine.ts';

const live = new AbortController().signal;
const start = useScriptedEngines();

function swarmOf(apps: number, nodeId = 'node1'): Record<string, Reply> {
  const names = Array.from({ length: apps }, (_, index) => `app${String(index)}`);
  return {
    'GET /services': ok(names.map((name) => ({ ID: `s-${name}`, Spec: { Name: name } }))),
    'GET /tasks': ok(names.map((name) => ({ ID: `t-${name}`, ServiceID: `s-${name}` }))),
    'GET /containers/json': ok(names.map((name) => ({ Id: `c-${name}` }))),
    'GET /volumes': ok({ Volumes: null, Warnings: null }),
    'GET /networks': ok([{ Id: 'n1', Name: 'proxy' }]),
    'GET /secrets': ok([]),
    'GET /configs': ok([]),
    'GET /nodes': ok([{ ID: nodeId }]),
    'GET /info': ok({ Swarm: { NodeID: nodeId } }),
  };
}

describe('observe', () => {
  test.each([{ apps: 1 }, { apps: 200 }])(
    'asks the same eight lists and one question for $apps apps, and later the lists alone',
    async ({ apps }) => {
      const scripted = await start(swarmOf(apps));
      const engine = createEngine(scripted.connection);

      const view = await engine.observe(live);
      const first = scripted.asked.length;
      await engine.observe(live);

      expect(view.services).toHaveLength(apps);
      expect(view.nodes).toMatchObject([{ id: 'node1', self: true }]);
      expect(first).toBe(9);
      expect(scripted.asked.length - first).toBe(8);
    },
  );

  test.each([
    'services',
    'tasks',
    'containers/json',
    'volumes',
    'networks',
    'secrets',
    'configs',
    'nodes',
  ])('L1: no view at all when %s gives no answer', async (list) => {
    const { connection } = await start({
      ...swarmOf(1),
      [`GET /${list}`]: failing(500, 'The swarm does not have a leader'),
    });

    await expect(createEngine(connection).observe(live)).rejects.toMatchObject({
      code: 'no-answer',
    });
  });

  test('L1: an answer that is no list is no empty list', async () => {
    const { connection } = await start({ ...swarmOf(1), 'GET /tasks': ok({}) });

    await expect(createEngine(connection).observe(live)).rejects.toMatchObject({
      code: 'no-answer',
    });
  });

  test('which node this is is asked again when it joined another Swarm', async () => {
    const scripted = await start(swarmOf(1, 'node1'));
    const engine = createEngine(scripted.connection);
    await engine.observe(live);
    scripted.answer(swarmOf(1, 'node2'));

    const { nodes } = await engine.observe(live);

    expect(nodes).toMatchObject([{ id: 'node2', self: true }]);
  });

  test('one stack is filtered at the source', async () => {
    const scripted = await start(swarmOf(1));

    await createEngine(scripted.connection).observeStack('blog', live);

    const filtered = scripted.asked.filter(({ url }) =>
      decodeURIComponent(url).includes('"com.docker.stack.namespace=blog"'),
    );
    expect(filtered.map(({ path }) => path).sort()).toEqual(
      ['configs', 'containers/json', 'networks', 'secrets', 'services', 'tasks', 'volumes'].map(
        (name) => `/${name}`,
      ),
    );
  });

  test('containers that do not run are listed too', async () => {
    const scripted = await start(swarmOf(1));

    await createEngine(scripted.connection).observe(live);

    const containers = scripted.asked.find(({ path }) => path === '/containers/json');
    expect(containers?.url).toContain('all=true');
  });
});

describe.each([
  { what: 'service', path: '/services/x1', remove: 'removeService' as const },
  { what: 'network', path: '/networks/x1', remove: 'removeNetwork' as const },
])('$remove', ({ what, path, remove }) => {
  test('removes it', async () => {
    const scripted = await start({ [`DELETE ${path}`]: { status: 204, body: undefined } });

    await createEngine(scripted.connection)[remove]('x1', live);

    expect(scripted.asked).toMatchObject([{ method: 'DELETE', path }]);
  });

  test('already gone is fine', async () => {
    const { connection } = await start({ [`DELETE ${path}`]: failing(404, `no such ${what}`) });

    await expect(createEngine(connection)[remove]('x1', live)).resolves.toBeUndefined();
  });

  test('L4: an error is no failure when it is gone all the same', async () => {
    const { connection } = await start({
      [`DELETE ${path}`]: failing(500, 'node lost leader status'),
      [`GET ${path}`]: failing(404, `no such ${what}`),
    });

    await expect(createEngine(connection)[remove]('x1', live)).resolves.toBeUndefined();
  });

  test('L4: an error is a failure when it is still there', async () => {
    const { connection } = await start({
      [`DELETE ${path}`]: failing(500, 'node lost leader status'),
      [`GET ${path}`]: ok({ ID: 'x1' }),
    });

    await expect(createEngine(connection)[remove]('x1', live)).rejects.toMatchObject({
      code: 'no-answer',
    });
  });

  test('L1: an error is a failure when it cannot be read again', async () => {
    const { connection } = await start({
      [`DELETE ${path}`]: failing(400, 'is in use by task t1'),
      [`GET ${path}`]: failing(500, 'does not have a leader'),
    });

    await expect(createEngine(connection)[remove]('x1', live)).rejects.toMatchObject({
      code: 'conflict',
    });
  });
});
