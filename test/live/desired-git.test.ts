/** The tree in a git repository, followed by the program on the real Swarm. */
import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCiWarm, startCiWarm, type Program, type Ran } from './support/program.ts';
import { servicesOf } from './support/swarm.ts';
import { makeLiveWorld, type LiveWorld } from './support/world.ts';

const first = '1.0.0+1.0.0';
const second = '1.1.0+1.1.0';
const person = ['-c', 'user.name=Maintainer', '-c', 'user.email=maintainer@example.org'];

describe('a tree in a git repository', () => {
  let world: LiveWorld;
  let clone: string;
  let program: Program | undefined;

  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-C', clone, ...person, ...args], { stdio: ['ignore', 'pipe', 'ignore'] })
      .toString()
      .trim();
  /** Commits the world's tree as it stands now, and pushes it. Returns the commit. */
  const push = (...how: readonly string[]): string => {
    rmSync(join(clone, 'desired'), { recursive: true, force: true });
    cpSync(world.desired, join(clone, 'desired'), { recursive: true });
    git('add', '--all');
    git('commit', '--quiet', '--message', 'as wanted');
    git('push', '--quiet', ...how, 'origin', 'HEAD:main');
    return git('rev-parse', 'HEAD');
  };
  const args = (): readonly string[] => [
    ...['--desired', `git+file://${join(world.folder, 'ops.git')}#main:desired`],
    ...['--state', world.state],
  ];
  const once = (): Promise<Ran> => runCiWarm(['controller', '--once', ...args()]);
  const door = (version: string): void => {
    world.warmApp('door', { recipe: 'frontdoor', version, data: 'Stateless' });
  };
  const revisions = (): unknown => world.json('status/controller.json');
  const staleAlerts = (): readonly Record<string, unknown>[] =>
    world.alerts().filter(({ kind }) => kind === 'desired-stale');
  const until = async (isSo: () => boolean): Promise<void> => {
    await expect.poll(isSo, { timeout: 60_000, interval: 200 }).toBe(true);
  };

  beforeAll(async () => {
    world = makeLiveWorld(['door']);
    clone = join(world.folder, 'ops');
    const bare = join(world.folder, 'ops.git');
    execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', bare]);
    execFileSync('git', ['clone', '--quiet', bare, clone], { stdio: 'ignore' });
    await world.recipe('frontdoor', [first, second]);
    // Relative to the tree within the repository.
    const settings = readFileSync(join(world.desired, 'settings.yaml'), 'utf8');
    world.write('settings.yaml', settings.replace('../recipes/', '../../recipes/'));
    door(first);
  });
  afterAll(async () => {
    program?.child.kill('SIGTERM');
    await program?.ended;
    await world.remove();
  });

  let installed = '';

  test('is validated and planned for, and --once installs what stands in it', async () => {
    installed = push();

    const validated = await runCiWarm(['validate', ...args()]);
    const planned = await runCiWarm(['plan', '-o', 'json', ...args()]);
    const ran = await once();

    expect([validated.code, planned.code, ran.code], ran.stderr).toEqual([0, 0, 0]);
    expect(JSON.parse(planned.stdout)).toMatchObject({ revision: installed });
    expect(world.read('door/last_good')).toBe(`${first}\n`);
    expect(await servicesOf(world.stackOf('door'))).toHaveLength(1);
    expect(revisions()).toMatchObject({
      observedRevision: installed,
      lastAppliedRevision: installed,
      lastAttemptedRevision: installed,
    });
  });

  let upgraded = '';

  test('a running controller follows a commit', async () => {
    program = startCiWarm(['controller', ...args()]);
    await until(() => program?.stderr().includes('desired state read') === true);
    door(second);
    upgraded = push();

    await until(() => world.read('door/last_good') === `${second}\n`);

    expect(revisions()).toMatchObject({ lastAppliedRevision: upgraded });
    expect(world.alerts()).toEqual([]);
  });

  test('a history that was rewritten changes nothing and is told once, also after a restart', async () => {
    git('reset', '--quiet', '--hard', installed);
    door(first);
    world.write('note.yaml', '# another history\n');
    const rewritten = push('--force');

    await until(() => staleAlerts().length > 0);
    program?.child.kill('SIGTERM');
    await program?.ended;
    const ran = await once();

    expect(ran.code, ran.stderr).toBe(2);
    expect(staleAlerts()).toMatchObject([
      { kind: 'desired-stale', app: 'host', from: upgraded, to: rewritten },
    ]);
    expect(String(staleAlerts()[0]?.['resolve'])).toContain(`rm ${world.state}/desired.json`);
    expect(world.read('door/last_good')).toBe(`${second}\n`);
    expect(revisions()).toMatchObject({
      lastAppliedRevision: upgraded,
      lastAttemptedRevision: rewritten,
    });
    const status = await runCiWarm(['status', '--state', world.state]);
    expect(status.stdout).toContain(
      `Desired state ${rewritten.slice(0, 12)} is not followed, ${upgraded.slice(0, 12)} stays: `,
    );
  });

  test('a person accepts it by removing what is remembered', async () => {
    door(second);
    const accepted = push();
    rmSync(join(world.state, 'desired.json'));

    const ran = await once();

    expect(ran.code, ran.stderr).toBe(0);
    expect(revisions()).toMatchObject({ lastAppliedRevision: accepted });
    expect(staleAlerts()).toHaveLength(1);
  });

  test('a repository that is away leaves the app repaired as before, and is told once', async () => {
    rmSync(join(world.folder, 'ops.git'), { recursive: true });
    execFileSync('docker', ['service', 'rm', `${world.stackOf('door')}_app`], { stdio: 'ignore' });

    const ran = await once();
    await once();

    expect(ran.code, ran.stderr).toBe(1);
    expect(await servicesOf(world.stackOf('door'))).toHaveLength(1);
    expect(staleAlerts()).toHaveLength(2);
  });
});
