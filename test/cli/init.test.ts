import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { ciWarm, ciWarmHere } from '../build/ci-warm.ts';

let place: string;

beforeAll(async () => {
  place = await mkdtemp(path.join(tmpdir(), 'ci-warm-init-'));
});

afterAll(async () => {
  await rm(place, { recursive: true });
});

test('init writes a tree that validate finds no problem in, and says what comes next', async () => {
  const cwd = path.join(place, 'fresh');
  await mkdir(cwd);

  const init = await ciWarm(['init'], { cwd });
  const validate = await ciWarm(['validate'], { cwd });

  expect(init).toMatchObject({
    exitCode: 0,
    stdout:
      'desired/settings.yaml\ndesired/recipes/custom-html.yaml\ndesired/warm-apps/custom-html.yaml\n',
  });
  expect(init.stderr).toMatch(
    /^Next:\n.* desired\/settings\.yaml\n {2}ci-warm validate \.\/desired\n/,
  );
  expect(validate).toMatchObject({ exitCode: 0, stdout: '' });
});

test('every field of the tree is explained', async () => {
  const tree = path.join(place, 'explained');
  await ciWarmHere(['init', tree]);

  const files = (await readdir(tree, { recursive: true })).filter((file) => file.endsWith('.yaml'));
  expect(files).toHaveLength(3);
  for (const file of files) {
    const text = await readFile(path.join(tree, file), 'utf8');
    expect(text, file).toMatch(/^# .*\n# Every field that may stand here: ci-warm schema /);
  }
});

test.each([
  { name: 'a file of the same name', file: 'settings.yaml' },
  { name: 'any other YAML', file: 'apps/mine.yml' },
])('init leaves a directory alone that holds $name', async ({ file }) => {
  const tree = path.join(place, path.dirname(file) === '.' ? 'taken' : 'other');
  await mkdir(path.dirname(path.join(tree, file)), { recursive: true });
  await writeFile(path.join(tree, file), 'mine\n');

  const { exitCode, stdout, stderr } = await ciWarmHere(['init', tree]);

  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain(`there is ${file}; nothing was written`);
  expect(await readFile(path.join(tree, file), 'utf8')).toBe('mine\n');
  expect(await readdir(tree)).toEqual([file.split('/')[0]]);
});

test('a repository without any YAML gets the tree beside what it has', async () => {
  const tree = path.join(place, 'repository');
  await mkdir(path.join(tree, '.git'), { recursive: true });
  await writeFile(path.join(tree, '.git', 'config.yaml'), '');
  await writeFile(path.join(tree, 'README.md'), '');

  expect(await ciWarmHere(['init', tree])).toMatchObject({ exitCode: 0 });
});

test('a file in place of the directory is said, with exit code 2', async () => {
  const file = path.join(place, 'file');
  await writeFile(file, '');

  expect(await ciWarmHere(['init', file])).toMatchObject({ exitCode: 2, stdout: '' });
});
