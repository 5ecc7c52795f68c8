import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCiWarm, startCiWarm, type Program } from './support/program.ts';
import { docker, eventually, servicesOf } from './support/swarm.ts';
import { makeLiveWorld, type LiveWorld } from './support/world.ts';

const tag = '1.0.0+1.0.0';

async function says(program: Program, words: string | RegExp, limitMs?: number): Promise<void> {
  const look = (): Promise<boolean> =>
    Promise.resolve(
      typeof words === 'string' ? program.stderr().includes(words) : words.test(program.stderr()),
    );
  await eventually(look, `a controller says ${String(words)}`, limitMs);
}

async function end(program: Program, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  program.child.kill(signal);
  await program.ended;
}

async function leasesOf(world: LiveWorld): Promise<readonly Readonly<Record<string, string>>[]> {
  const configs = await docker.listConfigs({
    filters: { label: [`dev.ci-warm.lease.scope=${world.baseDomain}`] },
  });
  return configs.map(({ Spec }) => Spec?.Labels ?? {});
}

describe('a second controller', () => {
  let world: LiveWorld;
  let first: Program;
  const started: Program[] = [];
  /** Over the same desired tree, with a state directory of its own, as on another host. */
  const elsewhere = (...more: string[]): readonly string[] => [
    ...['controller', '--desired', world.desired, '--state', join(world.folder, 'elsewhere')],
    ...more,
  ];
  const alertsElsewhere = (): readonly string[] => {
    const folder = join(world.folder, 'elsewhere', 'alerts');
    const names = existsSync(folder) ? readdirSync(folder) : [];
    return names.filter((name) => !name.startsWith('.') && name.endsWith('.json'));
  };
  const statusElsewhere = (): string => {
    const file = join(world.folder, 'elsewhere', 'status', 'warmapp', 'door.json');
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  };
  const start = (args: readonly string[]): Program => {
    const program = startCiWarm(args);
    started.push(program);
    return program;
  };
  const here = (): Program =>
    start(['controller', '--desired', world.desired, '--state', world.state]);

  beforeAll(async () => {
    world = makeLiveWorld(['door']);
    await world.recipe('frontdoor', [tag]);
    world.warmApp('door', { recipe: 'frontdoor', version: 'latest', data: 'Stateless' });
    first = here();
    await says(first, 'transition ended', 120_000);
  });
  afterAll(async () => {
    for (const program of started) await end(program, 'SIGKILL');
    for (const { ID } of await docker.listConfigs({
      filters: { label: [`dev.ci-warm.lease.scope=${world.baseDomain}`] },
    })) {
      await docker.getConfig(ID).remove();
    }
    await world.remove();
  });

  test('on the same state directory, told to work once, ends with 7 and says who holds it', async () => {
    const ran = await world.once();

    expect(ran.code).toBe(7);
    expect(ran.stderr).toContain(
      `another controller holds the state directory ${world.state} (process ${String(first.child.pid)}, since`,
    );
  });

  test('on another state directory, told to work once, ends with 7 when it saw the first one renew its lease', async () => {
    const before = await servicesOf(world.stackOf('door'));

    const ran = await runCiWarm(elsewhere('--once'));

    expect(ran.code).toBe(7);
    expect(ran.stderr).toContain(`keeps the apps of ${world.baseDomain} on this Swarm`);
    expect(await servicesOf(world.stackOf('door'))).toEqual(before);
    expect(alertsElsewhere()).toEqual([]);
  });

  test('as a daemon waits, and goes on at once when the first one is killed: the lease was its own', async () => {
    const second = here();
    await says(second, 'waits until it is alone');
    expect(second.stderr()).not.toContain('controller starts');

    await end(first, 'SIGKILL');

    await says(second, 'holds the lease', 20_000);
    expect(second.stderr().match(/waits until it is alone/g)).toHaveLength(1);
    first = second;
  });

  test('on another host waits without touching a thing, and goes on when the first one stops and gives its lease back', async () => {
    const before = await servicesOf(world.stackOf('door'));
    const second = start(elsewhere());
    await says(second, 'another controller has the lease');
    expect(await servicesOf(world.stackOf('door'))).toEqual(before);
    expect(second.stderr()).not.toContain('transition begins');
    await eventually(
      () => Promise.resolve(/"message": "Stands by: the controller /.test(statusElsewhere())),
      'the status says that it stands by',
    );
    expect(alertsElsewhere()).toEqual([]);

    await end(first, 'SIGTERM');

    await says(second, 'holds the lease', 30_000);
    await eventually(
      () => Promise.resolve(alertsElsewhere().length > 0),
      'what the second one found is told',
    );
    expect(alertsElsewhere()).toEqual([expect.stringMatching(/-door-held-adoption.json$/)]);
    await end(second, 'SIGTERM');
    expect(await leasesOf(world)).toEqual([]);
  });

  test('finds nothing left of a lease after a run that worked once', async () => {
    const ran = await world.once();

    expect(ran.code).toBe(0);
    expect(await leasesOf(world)).toEqual([]);
  });
});
