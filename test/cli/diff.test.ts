import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { makeRepository } from '../adapters/git/make-repository.ts';
import { ciWarm, type Answer } from '../build/ci-warm.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ci-warm-diff-'));
  const desired = join(folder, 'desired');
  mkdirSync(desired);
  mkdirSync(join(folder, 'state'));
  makeRepository(join(folder, 'book.git'), [
    { files: { 'compose.yml': 'services: { app: { image: "web:1" } }\n' }, tags: ['1.0.0+1.0.0'] },
  ]);
  const object = (kind: string, name: string, spec: object): string =>
    JSON.stringify({ apiVersion: 'ci-warm.dev/v1', kind, metadata: { name }, spec });
  writeFileSync(
    join(desired, 'all.yaml'),
    [
      object('Settings', 'host', {
        baseDomain: 'ci.example.org',
        recipeUrl: '../{recipe}.git',
      }),
      object('Recipe', 'book', {}),
      object('WarmApp', 'book', { recipe: 'book' }),
    ].join('\n---\n'),
  );
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** With an Engine that nobody can reach. */
function run(args: readonly string[], state = 'state'): Promise<Answer> {
  const where = ['--desired', join(folder, 'desired'), '--state', join(folder, state)];
  return ciWarm([...args, ...where], {
    env: { DOCKER_HOST: `unix://${join(folder, 'no.sock')}` },
  });
}

const diff = (...args: readonly string[]): Promise<Answer> => run(['diff', ...args]);

describe('ci-warm diff', () => {
  test('an app that is not there is a mistake of usage, and not a difference', async () => {
    const { exitCode, stdout, stderr } = await diff('boook');

    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/there is no warm app boook in .*; there is book\nNext: ci-warm plan/);
  });

  test('L1: without Docker nothing is compared, and that is no difference either', async () => {
    const { exitCode, stdout, stderr } = await diff('book');

    expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: '' });
    expect(stderr).toMatch(/book cannot be compared: .*\nNext: ci-warm doctor/);
  });

  test('a tree that is not there is a mistake of usage', async () => {
    const { exitCode, stderr } = await ciWarm(['diff', 'book', '--desired', join(folder, 'none')]);

    expect(exitCode).toBe(2);
    expect(stderr).toContain('there is no desired tree');
  });
});

describe.each([['plan'], ['diff', 'book']])('ci-warm %s', (...args) => {
  test('reads the recipes, and writes nothing where the controller keeps them', async () => {
    const { stderr } = await run(args);

    expect(stderr).not.toContain('state directory');
    expect(readdirSync(join(folder, 'state'))).toEqual([]);
  });

  test('says that there is no state directory, and makes none', async () => {
    const { stderr } = await run(args, 'elsewhere');

    expect(stderr).toContain(`there is no state directory ${join(folder, 'elsewhere')}, so `);
    expect(existsSync(join(folder, 'elsewhere'))).toBe(false);
  });
});
