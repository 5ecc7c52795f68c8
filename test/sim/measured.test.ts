/** What was measured of a real Swarm, held against the simulated one: a world that is kinder than the real one proves nothing. */
import { expect, test } from 'vitest';
import { recipeFrom, type Behaviour } from './catalogue.ts';
import { SimDisk } from './disk.ts';
import { createRng } from './rng.ts';
import { draft } from './scenario.ts';
import { SwarmApi } from './swarm-api.ts';
import { SwarmModel } from './swarm-model.ts';
import { viewOf } from './swarm-view.ts';
import { SimTime } from './time.ts';

const stack = 'app';

class Scene {
  readonly time = new SimTime(0);
  readonly disk = new SimDisk();
  readonly swarm = new SwarmModel({
    time: this.time,
    rng: createRng(1),
    disk: this.disk,
    pullMs: () => 0,
    onStart: () => undefined,
    nodes: 2,
  });
  readonly api = new SwarmApi(this.swarm, this.time);

  constructor(behaviour: Behaviour) {
    const [release] = recipeFrom('app', [{ ...draft, behaviour }], true).releases;
    const [program] = release?.services ?? [];
    if (release === undefined || program === undefined)
      throw new Error('a recipe without services');
    this.disk.files.makeDirectory('/data');
    const mounts = new Map([['data', '/data']]);
    const spec = { app: 'app', specHash: '', image: program.image, release, program, mounts };
    this.swarm.ensureNetwork(stack);
    this.swarm.createService('app_app', stack, spec);
  }

  pass(forMs: number): void {
    const untilMs = this.time.nowMs + forMs;
    while (this.time.runNext(untilMs) !== 'idle');
  }

  /** How much of each there is. */
  get counts(): string {
    const { services, tasks, containers } = viewOf(this.swarm, 0, stack);
    return [services, tasks, containers].map((all) => all.length).join(' ');
  }

  remove(): void {
    for (const id of this.swarm.services.keys()) this.swarm.removeService(id);
  }
}

test('services are gone at once, tasks after 3.8 s, containers after 5.9 s', () => {
  const scene = new Scene('good');
  scene.pass(10_000);
  scene.remove();

  expect(scene.counts).toBe('0 1 1');
  scene.pass(3700);
  expect(scene.counts).toBe('0 1 1');
  scene.pass(200);
  expect(scene.counts).toBe('0 0 1');
  scene.pass(1900);
  expect(scene.counts).toBe('0 0 1');
  scene.pass(200);
  expect(scene.counts).toBe('0 0 0');
});

test('a program that ignores SIGTERM has its container for 15.9 s', () => {
  const scene = new Scene('ignores-term');
  scene.pass(10_000);
  scene.remove();

  scene.pass(15_800);
  expect(scene.counts).toBe('0 0 1');
  scene.pass(200);
  expect(scene.counts).toBe('0 0 0');
});

test('a crash loop is running in about a third of the looks', () => {
  const scene = new Scene('dies-soon');
  let running = 0;
  for (let look = 0; look < 3000; look += 1) {
    scene.pass(100);
    if (viewOf(scene.swarm, 0, stack).tasks.some(({ state }) => state === 'running')) running += 1;
  }

  expect(running / 3000).toBeCloseTo(1 / 3, 1);
});

test('an update is completed after its 5 s, and the app dies behind it', () => {
  const scene = new Scene('dies-late');
  scene.pass(2000);
  const [service] = scene.swarm.services.values();
  if (service === undefined) throw new Error('no service');
  scene.swarm.updateService(service, { ...service.spec });

  scene.pass(7000);
  expect(service.updateState).toBe('completed');
  scene.pass(6000);
  expect([...scene.swarm.tasks.values()].map(({ state }) => state)).toContain('failed');
  expect(service.updateState).toBe('completed');
});

test('a stack that is removed by hand leaves a network that is going for 3.4 s', () => {
  const scene = new Scene('good');
  scene.pass(10_000);
  scene.swarm.removeStack(stack);

  scene.pass(3400);
  expect([...scene.swarm.networks.values()].map(({ isLeaving }) => isLeaving)).toEqual([true]);
  scene.pass(100);
  expect(scene.swarm.networks.size).toBe(0);
});

test('reads are stale for 15 s after the leader is lost, then there is no answer, then there is one', () => {
  const scene = new Scene('good');
  scene.pass(10_000);
  scene.api.loseLeader();
  scene.remove();

  expect(scene.api.view(stack).services).toHaveLength(1);
  scene.pass(14_900);
  expect(scene.api.view(stack).services).toHaveLength(1);
  scene.pass(200);
  expect(() => scene.api.view(stack)).toThrow('does not have a leader');
  scene.pass(13_000);
  expect(scene.api.view(stack).services).toHaveLength(0);
});

test('a daemon that is started anew has failed every task, and answers again after 4.8 s', () => {
  const scene = new Scene('good');
  scene.pass(10_000);
  scene.api.restartEngine();

  expect(() => scene.api.view(stack)).toThrow('does not answer');
  scene.pass(4900);
  expect(scene.api.view(stack).tasks.map(({ error }) => error)).toContainEqual(
    expect.stringContaining('No such container'),
  );
});

test('a node is down after 10.4 s, and what ran on it lives on and keeps the app from being gone', () => {
  const scene = new Scene('good');
  scene.pass(10_000);
  const [node] = scene.swarm.nodes;
  if (node === undefined) throw new Error('no node');
  scene.swarm.cutOff(node);

  scene.pass(10_500);
  const { nodes, tasks } = viewOf(scene.swarm, 0, stack);
  expect(nodes.map(({ ready }) => ready)).toEqual([false, true]);
  expect(tasks).toContainEqual(
    expect.objectContaining({ desiredState: 'shutdown', state: 'running' }),
  );
  scene.remove();
  scene.pass(600_000);
  expect([...scene.swarm.containers.values()].map(({ isRunning }) => isRunning)).toEqual([true]);
  expect(scene.counts).toMatch(/^0 [12] 1$/);

  scene.swarm.reconnect(node);
  scene.pass(3100);
  expect(scene.swarm.containers.size).toBe(0);
});
