import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { whyNotOurs } from '../../controller/setup/state-directory.ts';

const here = '/srv/here';
let state: string;

beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'ci-warm-state-'));
});

afterEach(async () => {
  await rm(state, { recursive: true, force: true });
});

async function app(name: string, recipes: string): Promise<void> {
  await mkdir(join(state, name));
  const line = { phase: 'begin', input: { app: { name, recipeUrl: `${recipes}/${name}.git` } } };
  await writeFile(join(state, name, 'journal.jsonl'), `${JSON.stringify(line)}\n`);
}

describe("npm start, where the state directory is somebody else's", () => {
  test.each([
    {
      name: "another checkout's sample: names that checkout, and its clean",
      recipes: '/srv/other/.ground/recipes',
      says: ['another checkout, in /srv/other', '`npm run clean` there'],
    },
    {
      name: "this checkout's, whose record is gone: sends to the page",
      recipes: `${here}/.ground/recipes`,
      says: ['of this checkout (mine)', '.ground/made.json, is gone', 'docs/troubleshooting.md'],
    },
    {
      name: "somebody's own apps: leaves them and sends to another machine",
      recipes: 'https://git.example.org',
      says: ['must not touch its apps', 'another machine'],
    },
  ])('$name', async ({ recipes, says }) => {
    await app('mine', recipes);

    const why = await whyNotOurs(state, here);

    expect(why).toContain(state);
    for (const words of says) expect(why).toContain(words);
    expect(why).not.toContain('--state');
  });
});
