import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ciWarm, type Answer } from '../build/ci-warm.ts';
import { makeLiveWorld, type LiveWorld } from './support/world.ts';

const first = '1.0.0+1.0.0';
const harmless = '1.1.0+1.1.0';
const major = '1.6.0+2.0.0';
const canary = 'CANARY-8d20c4-do-not-record';

interface Item {
  readonly name: string;
  readonly decision: Readonly<Record<string, unknown>>;
}

describe('a recorded world', () => {
  let world: LiveWorld;
  let file: string;
  beforeAll(async () => {
    world = makeLiveWorld(['book']);
    file = join(world.folder, 'world.json');
    const secret = join(world.folder, 'admin-token');
    writeFileSync(secret, `${canary}\n`, { mode: 0o600 });
    world.write(
      'recipes/guestbook.yaml',
      `apiVersion: ci-warm.dev/v1
kind: Recipe
metadata: { name: guestbook }
spec:
  secrets: [{ name: admin_token, file: ${secret} }]
  health: { stableFor: 2s }
  timeouts: { converge: 90s, boot: 20s }
`,
    );
    await world.recipe('guestbook', [first]);
    book({ version: 'latest' });
    expect((await world.once()).code).toBe(0);
    await world.recipe('guestbook', [first, harmless, major]);
  });
  afterAll(() => world.remove());

  function book(spec: Readonly<Record<string, unknown>>): void {
    world.warmApp('book', { recipe: 'guestbook', data: 'Stateful', ...spec });
  }

  /** As in the CI of the repository that holds the tree: no Engine, no git, no recipes, no state directory. */
  async function against(...args: readonly string[]): Promise<Answer> {
    const cwd = join(world.folder, 'elsewhere');
    mkdirSync(cwd, { recursive: true });
    const env = { PATH: '/nonexistent', DOCKER_HOST: 'unix:///nonexistent.sock', HOME: cwd };
    const where = ['--desired', world.desired, '--state', join(cwd, 'none')];
    return await ciWarm(['plan', '--against', file, ...where, ...args], { cwd, env });
  }

  async function decided(): Promise<Item['decision'] | undefined> {
    const { stdout, stderr, exitCode } = await against('-o', 'json');
    expect(exitCode, stderr).toBe(0);
    const { items } = JSON.parse(stdout) as { readonly items: readonly Item[] };
    return items.find(({ name }) => name === 'book')?.decision;
  }

  test('is written for its owner alone, and the same plan is made from it elsewhere', async () => {
    const { code, stdout, stderr } = await world.ciWarm('plan', '--record', file, '-o', 'json');
    execFileSync('mv', [join(world.folder, 'recipes'), join(world.folder, 'recipes.away')]);

    const later = await against('-o', 'json');

    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/^ci-warm: recorded to .*world\.json: 1 app, 1 recipe$/m);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(later.stdout)).toEqual(JSON.parse(stdout));
    expect(stdout).toContain(major);
    expect((await against('-o', 'json')).stdout).toBe(later.stdout);
  });

  test('holds no secret', () => {
    expect(readFileSync(file, 'utf8')).not.toContain(canary);
  });

  test.each([
    { name: 'nothing changed', spec: { version: 'latest' }, kind: 'start', to: harmless },
    { name: 'a pin on what is held', spec: { version: major }, kind: 'held' },
    {
      name: 'the hold is approved',
      spec: { version: 'latest', approved: major },
      kind: 'start',
      to: major,
    },
    { name: 'a pin', spec: { version: harmless }, kind: 'start', to: harmless },
    { name: 'a pin on what runs', spec: { version: first }, kind: 'in-sync' },
    {
      name: 'other configuration',
      spec: { version: harmless, env: { GREETING: 'moin' } },
      kind: 'start',
      to: harmless,
    },
    { name: 'a suspended app', spec: { version: 'latest', suspend: true }, kind: 'suspended' },
  ])('$name: what a change of the tree would do', async ({ spec, kind, to }) => {
    book(spec);

    expect(await decided()).toMatchObject({ kind, ...(to !== undefined && { to }) });
  });

  test('L1: an app of a recipe that it does not have is not known, and says so', async () => {
    world.warmApp('door', { recipe: 'frontdoor', data: 'Stateless' });

    const { stdout, exitCode } = await against();

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /door: nothing, for nothing is known\n +because the recorded world does not have the recipe frontdoor\n/,
    );
  });
});
