/** The Engine is restarted in the middle of an upgrade, as by an update of its package: an Engine of the test's own. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startOwnEngine, type OwnEngine } from './support/own-engine.ts';
import { startCiWarm, type Program } from './support/program.ts';
import { eventually } from './support/swarm.ts';
import { makeLiveWorld, type LiveWorld } from './support/world.ts';

const releases = ['1.0.0+1.0.0', '1.0.1+1.0.1', '1.1.0+1.1.0'] as const;
const [first, second, third] = releases;

let world: LiveWorld;
let engine: OwnEngine;
beforeAll(async () => {
  world = makeLiveWorld([]);
  const images = releases.map((tag) => `127.0.0.1:5055/guestbook:${tag.split('+')[1] ?? ''}`);
  engine = await startOwnEngine(images);
  await world.recipe('guestbook', [first]);
  world.warmApp('book', { recipe: 'guestbook', version: 'latest', data: 'Stateful' });
  const { code, stderr } = await once().ended;
  expect(stderr).not.toContain('error');
  expect(code).toBe(0);
  post('precious');
});
afterAll(async () => {
  await engine.remove();
  await world.remove();
});

function once(): Program {
  const args = ['controller', '--once', '--desired', world.desired, '--state', world.state];
  return startCiWarm(args, { DOCKER_HOST: engine.host }, engine.inside);
}

/** A request to the app, made in its container: its network is not this process's. */
function wget(path: string, ...more: readonly string[]): string {
  const filter = `label=com.docker.stack.namespace=${world.stackOf('book')}`;
  const id = engine.docker('ps', '--quiet', '--filter', filter).trim();
  const url = `http://127.0.0.1:8080${path}`;
  return engine.docker('exec', id, 'wget', '-q', '-O', '-', ...more, url);
}

function post(message: string): void {
  const json = JSON.stringify({ message });
  wget('/entries', '--header', 'content-type: application/json', '--post-data', json);
}

describe.each([
  { phase: 'undeploy', from: first, to: second },
  { phase: 'judge', from: second, to: third },
])('L1: an Engine that is restarted during $phase of an upgrade from $from', ({ phase, to }) => {
  test(`is waited for: the upgrade ends on ${to}, healthy, with its data, and nothing is held against it`, async () => {
    const before = world.journal('book').length;
    const since = (): readonly Record<string, unknown>[] => world.journal('book').slice(before);
    await world.recipe('guestbook', releases.slice(0, releases.indexOf(to) + 1));
    const controller = once();
    await eventually(
      () => Promise.resolve(since().some((one) => one['phase'] === phase)),
      `${phase} has begun`,
    );

    await engine.stop();
    await engine.start();

    const { code } = await controller.ended;
    expect(code).toBe(0);
    expect(since().at(-1)).toMatchObject({ phase: 'end', result: { kind: 'succeeded' } });
    expect(world.read('book/last_good')).toBe(`${to}\n`);
    expect(JSON.parse(wget('/version'))).toMatchObject({ version: to.split('+')[1] });
    expect(wget('/entries')).toContain('precious');
    expect(world.read('book/quarantine.json')).toBeUndefined();
    expect(world.alerts()).toEqual([]);
  });
});
