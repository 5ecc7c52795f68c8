/** S3 on a real Swarm: what a failed first install has written is not started upon at another domain. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ask, removeStack, servicesOf } from './support/swarm.ts';
import { makeLiveWorld, type LiveWorld } from './support/world.ts';

const first = '1.0.0+1.0.0';

let world: LiveWorld;
let elsewhere: string;
beforeEach(async () => {
  world = makeLiveWorld(['book']);
  elsewhere = `other.${world.baseDomain}`;
  await world.recipe('guestbook', [first]);
});
afterEach(async () => {
  await removeStack(stackOf(elsewhere));
  await world.remove();
});

test('S3: it is held at another domain with the data as it was left, and starts on it once it is approved', async () => {
  world.write('recipes/guestbook.yaml', recipeThatAnswers('what it never says'));
  want({});
  expect((await world.once()).code).toBe(5);
  const data = join(world.state, 'book/volumes/data/data/guestbook.sqlite');
  const left = readFileSync(data);
  const before = world.journal('book').length;
  world.write('recipes/guestbook.yaml', recipeThatAnswers('title'));
  want({ domain: elsewhere });

  expect((await world.once()).code).toBe(0);

  expect(world.journal('book')).toHaveLength(before);
  expect(await servicesOf(stackOf(elsewhere))).toEqual([]);
  expect(readFileSync(data)).toEqual(left);
  expect(world.alerts().at(-1)).toMatchObject({
    kind: 'held-domain',
    app: 'book',
    reasons: [{ reason: 'LeftByDomain', to: elsewhere }],
    resolve: expect.stringContaining(`approved: "${first}"`) as string,
  });

  want({ domain: elsewhere, approved: first });
  expect((await world.once()).code).toBe(0);

  expect(await ask(`${stackOf(elsewhere)}_app`, '/version')).toMatchObject({ status: 200 });
  expect(world.json('book/last_good.json')).toMatchObject({ domain: elsewhere });
});

function want(spec: Readonly<Record<string, unknown>>): void {
  world.warmApp('book', { recipe: 'guestbook', version: 'latest', data: 'Stateful', ...spec });
}

function stackOf(domain: string): string {
  return domain.replaceAll('.', '_');
}

function recipeThatAnswers(body: string): string {
  return `apiVersion: ci-warm.dev/v1
kind: Recipe
metadata: { name: guestbook }
spec:
  health:
    probes: [{ http: { path: /version, body: '${body}' } }]
    stableFor: 2s
  timeouts: { converge: 60s, boot: 6s }
`;
}
