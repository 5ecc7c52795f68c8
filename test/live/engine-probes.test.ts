/** Probes against tasks on the real Engine: reached from this host without published ports. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTaskReach } from '../../controller/adapters/docker/reach.ts';
import { createProbes } from '../../controller/adapters/http/probes.ts';
import type { ProbeSpec } from '../../controller/model/desired.ts';
import type { ProbeResult } from '../../controller/model/probe.ts';
import { openEngineWorld } from './engine-world.ts';
import type { LiveEngineWorld } from './engine-world.ts';

const live = new AbortController().signal;
const serving =
  'echo ok > /ready; trap "exit 0" TERM; /bin/busybox httpd -p 8080 -h /; while :; do sleep 1 & wait $!; done';
let world: LiveEngineWorld;
let run: (...probes: readonly ProbeSpec[]) => Promise<readonly ProbeResult[]>;

beforeAll(async () => {
  world = await openEngineWorld();
  const { stack } = world;
  const network = await world.makeNetwork(stack, 'internal');
  const secluded = await world.docker.createNetwork({
    Name: `${stack}_secluded`,
    Driver: 'overlay',
    Internal: true,
    Labels: { 'com.docker.stack.namespace': stack },
  });
  await world.deploy({
    stack,
    name: 'app',
    script: serving,
    networks: [network],
    healthScript: 'test -f /ready',
  });
  await world.deploy({ stack, name: 'db', script: serving, networks: [secluded.id] });
  await world.until('both run, and one is healthy', async () => {
    const { tasks, containers } = await world.engine.observeStack(stack, live);
    const running = tasks.filter(({ state }) => state === 'running').length;
    return running === 2 && containers.some(({ health }) => health === 'healthy')
      ? true
      : undefined;
  });
  const probes = createProbes(createTaskReach(world.connection));
  run = async (...specs) => {
    const view = await world.engine.observeStack(stack, live);
    return probes.run(specs, { stack, domain: 'app.example.org', view }, live);
  };
});
afterAll(() => world.dispose());

function get(service: string, path: string, port = 8080): ProbeSpec {
  const question = { path, status: [{ from: 200, to: 399 }], body: undefined, headers: {} };
  return { kind: 'http', service, port, ...question };
}

describe('run', () => {
  test('one round tells each probe what its task answers', async () => {
    const results = await run(
      get('app', '/ready'),
      get('app', '/missing'),
      get('app', '/', 81),
      { kind: 'tcp', service: 'app', port: 8080 },
      { kind: 'tcp', service: 'app', port: 81 },
      { kind: 'exec', service: 'app', command: ['cat', '/ready'] },
      { kind: 'exec', service: 'app', command: ['cat', '/missing'] },
      { kind: 'docker', service: undefined },
      { kind: 'docker', service: 'app' },
      { kind: 'docker', service: 'db' },
    );

    expect(results.map(({ kind }) => kind)).toEqual([
      'green',
      'red',
      'red',
      'green',
      'red',
      'green',
      'red',
      'green',
      'green',
      'red',
    ]);
    expect(results[1]).toMatchObject({ detail: 'status 404' });
    expect(results[6]).toMatchObject({
      detail: expect.stringContaining("can't open '/missing'") as string,
    });
  });

  test('L1: a task that is only on internal networks cannot be asked from here, but by a command in it', async () => {
    const results = await run(get('db', '/ready'), {
      kind: 'exec',
      service: 'db',
      command: ['cat', '/ready'],
    });

    expect(results).toMatchObject([
      { kind: 'unknown', detail: expect.stringContaining('exec probe') as string },
      { kind: 'green' },
    ]);
  });
});

describe('exec', () => {
  test('a command that hangs is not started a second time while it runs', async () => {
    const reach = createTaskReach(world.connection);
    const { tasks } = await world.engine.observeStack(world.stack, live);
    const containerId = tasks.find(({ state }) => state === 'running')?.containerId ?? '';
    const hang = (): Promise<unknown> =>
      reach.exec(containerId, ['/bin/sh', '-c', 'echo x >> /started; sleep 3'], 300, live);

    const both = [await hang(), await hang()];
    const count = await reach.exec(containerId, ['cat', '/started'], 5_000, live);

    expect(both).toEqual([{ kind: 'still-running' }, { kind: 'still-running' }]);
    expect(count).toEqual({ kind: 'exited', exitCode: 0, output: 'x' });
  });

  test('a container that is gone is no way, and no failure of the app', async () => {
    const reach = createTaskReach(world.connection);

    await expect(reach.exec('0'.repeat(64), ['true'], 5_000, live)).resolves.toMatchObject({
      kind: 'no-way',
    });
  });
});
