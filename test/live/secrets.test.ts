import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addressOf, docker, removeStack, runningContainerOf, servicesOf } from './support/swarm.ts';
import { makeLiveWorld, type LiveWorld } from './support/world.ts';

const canary = 'CANARY-3f9b1c-do-not-tell';

/** Text of every file below a folder, the apps' own data left out: an app may do with its secret what it likes. */
function everythingWritten(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => !path.includes('/volumes/') && !path.includes('/.snapshots/'))
    .map((path) => join(folder, path))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path, 'latin1'))
    .join('\n');
}

/** Argument lists of all processes of this machine, as long as `running` is true. */
async function watchArguments(running: () => boolean): Promise<string> {
  const seen = new Set<string>();
  while (running()) {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      try {
        seen.add(readFileSync(`/proc/${pid}/cmdline`, 'latin1'));
        if (seen.size > 100_000) throw new Error('too many processes');
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code !== 'ENOENT' && code !== 'ESRCH') throw error;
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return [...seen].join('\n');
}

/** What the app itself reads: the Swarm tells a secret to nobody else. */
async function secretIn(service: string): Promise<string> {
  const container = await runningContainerOf(service);
  const read = ['exec', container, 'cat', '/run/secrets/admin_token'];
  return execFileSync('docker', read, { encoding: 'utf8' }).trim();
}

describe('secrets', () => {
  let world: LiveWorld;
  beforeAll(async () => {
    world = makeLiveWorld(['book', 'ledger']);
    await world.recipe('guestbook', ['1.1.0+1.1.0', '1.4.1+1.4.1']);
    // The same recipe by another name: nobody gives its secret, so that it is generated.
    const recipes = join(world.folder, 'recipes');
    cpSync(join(recipes, 'guestbook.git'), join(recipes, 'ledger.git'), { recursive: true });
    const file = join(world.folder, 'admin-token');
    writeFileSync(file, `${canary}\n`, { mode: 0o600 });
    // Nobody listens there: what is said of a sink that fails must not name it either.
    const url = join(world.folder, 'sink-url');
    writeFileSync(url, `http://127.0.0.1:1/${canary}\n`, { mode: 0o600 });
    world.write(
      'settings.yaml',
      `${readFileSync(join(world.desired, 'settings.yaml'), 'utf8')}  alerts:
    sinks:
      - { name: ops, kind: Webhook, urlFrom: { file: ${url} }, secretFrom: { file: ${file} } }
      - { name: phone, kind: Ntfy, urlFrom: { file: ${url} }, tokenFrom: { file: ${file} } }
`,
    );
    world.write(
      'recipes/guestbook.yaml',
      `apiVersion: ci-warm.dev/v1
kind: Recipe
metadata: { name: guestbook }
spec:
  secrets: [ { name: admin_token, file: ${file} } ]
  health: { stableFor: 1s }
`,
    );
    world.write(
      'recipes/ledger.yaml',
      'apiVersion: ci-warm.dev/v1\nkind: Recipe\nmetadata: { name: ledger }\nspec: { health: { stableFor: 1s } }\n',
    );
    world.warmApp('book', { recipe: 'guestbook', version: '1.1.0+1.1.0', data: 'Stateful' });
    world.warmApp('ledger', { recipe: 'ledger', version: '1.1.0+1.1.0', data: 'Stateful' });
  });
  afterAll(() => world.remove());

  test('neither a given value nor a generated one is in a log, status, alert, journal, manifest or argument list', async () => {
    let isRunning = true;
    const argumentsSeen = watchArguments(() => isRunning);
    const installed = await world.once();
    world.warmApp('book', { recipe: 'guestbook', version: 'latest', data: 'Stateful' });
    world.warmApp('ledger', { recipe: 'ledger', version: 'latest', data: 'Stateful' });
    const rolledBack = await world.once();
    const asked = [
      await world.ciWarm('describe', 'book', '-o', 'json'),
      await world.ciWarm('describe', 'ledger', '-o', 'json'),
      await world.ciWarm('alerts', '-o', 'json'),
    ];
    isRunning = false;

    expect([installed.code, rolledBack.code]).toEqual([0, 5]);
    expect(asked.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(world.alerts().map(({ app, kind }) => `${String(app)} ${String(kind)}`)).toEqual(
      expect.arrayContaining(['book rollback', 'ledger rollback']),
    );
    const values = await Promise.all(
      ['book', 'ledger'].map((name) => secretIn(`${world.stackOf(name)}_app`)),
    );
    // Of a generated value the recipe says how long it is.
    expect(values).toEqual([canary, expect.stringMatching(/^\S{32}$/) as string]);
    const told = [installed, rolledBack, ...asked].map((ran) => ran.stdout + ran.stderr).join('\n');
    expect(told).toContain('does not reach its sink');
    const written = everythingWritten(world.state);
    const seen = await argumentsSeen;
    // Not the values themselves in what a failure shows.
    for (const [index, value] of values.entries()) {
      const where = Object.entries({ told, written, seen }).filter(([, text]) =>
        text.includes(value),
      );
      expect(
        where.map(([name]) => name),
        `secret ${String(index)}`,
      ).toEqual([]);
    }
  });

  test('the app got it: the canary is alive', async () => {
    const url = `http://${await addressOf(`${world.stackOf('book')}_app`)}:8080/entries/1`;

    const refused = await fetch(url, {
      method: 'DELETE',
      headers: { authorization: 'Bearer wrong' },
    });
    const allowed = await fetch(url, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${canary}` },
    });

    expect(refused.status).toBe(401);
    expect(allowed.status).not.toBe(401);
  });
});

describe('what belongs to others on the same Swarm', () => {
  let world: LiveWorld;
  const label = { 'dev.example.owner': 'somebody-else' };
  beforeAll(() => {
    world = makeLiveWorld(['book']);
  });
  afterAll(async () => {
    await removeStack(world.stackOf('book'));
    await world.remove();
  });

  test('a stack of the app’s name that somebody else deployed is held, and never touched', async () => {
    const stack = world.stackOf('book');
    await docker.createService({
      Name: `${stack}_app`,
      Labels: { ...label, 'com.docker.stack.namespace': stack },
      TaskTemplate: { ContainerSpec: { Image: 'nothing-of-ours', Command: ['/bin/true'] } },
      Mode: { Replicated: { Replicas: 0 } },
    });
    const secret: unknown = await docker.createSecret({
      Name: `${stack}_admin_token_v1`,
      Labels: label,
      Data: 'eA==',
    });
    const before = await servicesOf(stack);
    await world.recipe('guestbook', ['1.0.0+1.0.0']);
    world.warmApp('book', { recipe: 'guestbook', version: 'latest', data: 'Stateful' });

    const ran = await world.once();

    expect(ran.code).toBe(0);
    expect(await servicesOf(stack)).toEqual(before);
    expect(world.alerts()).toMatchObject([{ kind: 'held-adoption', app: 'book' }]);
    const { id } = secret as { id: string };
    expect((await docker.getSecret(id).inspect()) as unknown).toMatchObject({
      Spec: { Labels: label },
    });
  });
});
