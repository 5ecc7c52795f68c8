/** Every tree of the corpus, judged by the command as people type it. */
import { readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { describe, expect, test } from 'vitest';

import { ciWarmHere } from '../build/ci-warm.ts';

const corpus = path.resolve(import.meta.dirname, '../corpus/desired');
const names = readdirSync(corpus, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  // A tree without one file that is read is refused before it is judged: see below.
  .filter((name) => name !== 'tree-empty');

interface Judged {
  readonly items: readonly { readonly file: string; readonly line: number }[];
}

describe('validate', () => {
  test.each(names)('%s: its exact problems, path as typed, and the exit code', async (name) => {
    const typed = path.relative('.', path.join(corpus, name, 'desired'));
    const expected = await readFile(path.join(corpus, name, 'expected.txt'), 'utf8');

    const { exitCode, stdout } = await ciWarmHere(['validate', typed]);

    const asInside = stdout.replaceAll(typed, 'desired');
    expect(asInside.trimEnd()).toBe(expected.trimEnd());
    expect(exitCode).toBe(expected.trim() === '' ? 0 : 2);
  });

  test('as JSON each problem has its place, its code and what to do', async () => {
    const typed = path.join(corpus, 'domain-bad', 'desired');

    const { exitCode, stdout, stderr } = await ciWarmHere(['validate', typed, '-o', 'json']);

    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: '' });
    expect((JSON.parse(stdout) as Judged).items.map(({ file, line }) => [file, line])).toEqual([
      [path.join(typed, 'settings.yaml'), 5],
      [path.join(typed, 'warm-apps/guestbook.yaml'), 6],
    ]);
  });

  test('a tree without any file is said to be none, with exit code 2', async () => {
    const empty = await mkdtemp(path.join(tmpdir(), 'ci-warm-empty-'));

    const { exitCode, stderr } = await ciWarmHere(['validate', empty]);
    await rm(empty, { recursive: true });

    expect(exitCode).toBe(2);
    expect(stderr).toContain(`there is not one YAML file in ${empty}`);
  });

  test('a link that leads nowhere is told as one, and where it points to, with exit code 2', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'ci-warm-link-'));
    const link = path.join(folder, 'desired');
    await symlink('checkout/desired', link);

    const ofTree = await ciWarmHere(['validate', link]);
    const ofNothing = await ciWarmHere(['validate', path.join(folder, 'other')]);
    await rm(folder, { recursive: true });

    expect(ofTree.exitCode).toBe(2);
    expect(ofTree.stderr).toContain(
      `${link} is a link that leads nowhere: it points to checkout/desired (${folder}/checkout/desired), which is not there\nNext: ci-warm validate PATH`,
    );
    expect(ofNothing.stderr).toContain(`there is no file or directory ${folder}/other`);
  });

  test('an app that nobody is asked about is a warning, and no problem', async () => {
    const tree = await mkdtemp(path.join(tmpdir(), 'ci-warm-unprobed-'));
    const head = (kind: string, name: string): string =>
      `apiVersion: ci-warm.dev/v1\nkind: ${kind}\nmetadata: { name: ${name} }\n`;
    const objects = [
      `${head('Settings', 'host')}spec: { baseDomain: ci.example.org }\n`,
      `${head('Recipe', 'quiet')}spec: { url: /srv/quiet.git, health: { probes: [{ docker: {} }] } }\n`,
      `${head('WarmApp', 'quiet')}spec: { recipe: quiet }\n`,
    ];
    const file = path.join(tree, 'settings.yaml');
    await writeFile(file, objects.join('---\n'));

    const told = await ciWarmHere(['validate', tree]);
    const json = await ciWarmHere(['validate', file, '-o', 'json']);
    await rm(tree, { recursive: true });

    expect(told).toMatchObject({ exitCode: 0, stdout: '' });
    expect(told.stderr).toContain(
      `${file}:6:1: warning: recipe quiet has no probe but Docker's own`,
    );
    expect(told.stderr).toContain('no problem found');
    expect({ exitCode: json.exitCode, ...(JSON.parse(json.stdout) as object) }).toMatchObject({
      exitCode: 0,
      items: [],
      warnings: [{ file, line: 6, column: 1, code: 'unprobed' }],
    });
  });

  test('one file is judged within its tree, and only its own problems are shown', async () => {
    const file = path.relative(
      '.',
      path.join(corpus, 'domain-bad/desired/warm-apps/guestbook.yaml'),
    );

    const { exitCode, stdout } = await ciWarmHere(['validate', file]);

    expect(exitCode).toBe(2);
    expect(stdout.split('\n').filter((line) => /^\S/.test(line))).toEqual([
      `${file}:6:11: spec.domain "-x..y" is not a valid domain`,
    ]);
  });

  test('without a path it reads the tree of --desired', async () => {
    const tree = path.join(corpus, 'domain-bad', 'desired');

    const { exitCode } = await ciWarmHere(['validate', '--desired', tree]);

    expect(exitCode).toBe(2);
  });
});
