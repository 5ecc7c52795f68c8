import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { createGitRecipes } from '../../../controller/adapters/git/recipes.ts';
import type { Recipes } from '../../../controller/ports/recipes.ts';
import { git, makeRepository, type CommitSpec } from './make-repository.ts';

const signal = new AbortController().signal;

let folder = '';
let repository = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ci-warm-git-'));
  repository = join(folder, 'recipe.git');
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function recipes(): Recipes {
  return createGitRecipes({ stateDir: join(folder, 'state'), clock: { now: () => 0 } });
}

function make(commits: readonly CommitSpec[]): readonly string[] {
  return makeRepository(repository, commits);
}

async function fail(work: Promise<unknown>): Promise<unknown> {
  return await work.then(
    () => 'no failure',
    (error: unknown) => error,
  );
}

describe('files', () => {
  test('are the texts of the commit; of all else a line stands in that differs when it does', async () => {
    const [one = '', two = ''] = make([
      { files: { 'a/ü b.txt': 'ä\r\n', bin: Buffer.from([0, 1]) }, links: { link: 'bin' } },
      {
        files: {
          bin: Buffer.from([0, 2]),
          latin: Buffer.from([0xe4]),
          large: 'x'.repeat(2_000_000),
        },
      },
    ]);
    const port = recipes();

    const first = await port.files('r', repository, one, signal);
    const second = await port.files('r', repository, two, signal);

    expect(first.get('a/ü b.txt')).toBe('ä\r\n');
    expect(first.get('link')).toMatch(/^git-object [0-9a-f]{40}\n$/);
    for (const name of ['bin', 'latin', 'large']) {
      expect(second.get(name)).toMatch(/^git-object [0-9a-f]{40}\n$/);
    }
    expect(second.get('bin')).not.toBe(first.get('bin'));
  });

  test('come from memory when they are asked for again', async () => {
    const [commit = ''] = make([{ files: { a: '1' } }]);
    const port = recipes();
    const files = await port.files('r', repository, commit, signal);

    expect(await port.files('r', repository, commit, signal)).toBe(files);
  });

  test('of a commit that was deployed are there after its tag went', async () => {
    const [commit = ''] = make([{ files: { a: '1' }, tags: ['1.0.0+1'], branch: 'gone' }]);
    await recipes().view('r', repository, signal);
    git(repository, ['tag', '-d', '1.0.0+1']);
    git(repository, ['update-ref', '-d', 'refs/heads/gone']);
    await recipes().view('r', repository, signal);

    expect((await recipes().files('r', repository, commit, signal)).get('a')).toBe('1');
  });

  test('of a commit that is nowhere are invalid', async () => {
    make([{ files: { a: '1' } }]);

    for (const commit of ['f'.repeat(40), 'main', '--all']) {
      const failure = await fail(recipes().files('r', repository, commit, signal));
      expect(failure).toMatchObject({ code: 'recipe-invalid' });
    }
  });
});

describe('filesOf', () => {
  test('are those of each commit, read together, and the same as one by one', async () => {
    const deep = 'a/b/c/d/e.txt';
    const commits = make([
      { files: { [deep]: '1', same: 'x', 'top.txt': '1' }, links: { link: 'same' } },
      { files: { [deep]: '2', same: 'x', bin: Buffer.from([0, 1]) } },
      { files: { large: 'x'.repeat(2_000_000) } },
    ]);

    const found = await recipes().filesOf('r', repository, commits, signal);

    expect(found.size).toBe(3);
    for (const commit of commits) {
      const one = await recipes().files('r', repository, commit, signal);
      expect([...(found.get(commit) ?? [])]).toEqual([...one]);
    }
    expect(found.get(commits[1] ?? '')?.get(deep)).toBe('2');
  });

  test('commits that the repository does not have are left out', async () => {
    const [commit = ''] = make([{ files: { a: '1' } }]);
    const asked = ['f'.repeat(40), commit, 'main', '--all'];

    const found = await recipes().filesOf('r', repository, asked, signal);

    expect([...found.keys()]).toEqual([commit]);
  });

  test('a commit that came after the last look is fetched', async () => {
    const port = recipes();
    const [first = ''] = make([{ files: { a: '1' } }]);
    await port.filesOf('r', repository, [first], signal);
    const [second = ''] = makeRepository(repository, [{ files: { a: '2' }, onTop: true }], 1);

    const found = await port.filesOf('r', repository, [first, second], signal);

    expect(found.get(second)?.get('a')).toBe('2');
  });
});

describe('diff', () => {
  test('is unified, finds renames, and only names what is binary', async () => {
    const text = Array.from({ length: 20 }, (_, line) => `line ${String(line)}`).join('\n');
    const [from = '', to = ''] = make([
      { files: { 'compose.yml': 'image: x:1\n', old: text, bin: Buffer.from([0, 1]) } },
      {
        files: { 'compose.yml': 'image: x:2\n', new: text, bin: Buffer.from([0, 2]) },
      },
    ]);

    const shown = await recipes().diff('r', repository, { from, to }, signal);

    expect(shown).toContain('-image: x:1\n+image: x:2\n');
    expect(shown).toContain('rename from old\nrename to new\n');
    expect(shown).toContain('Binary files a/bin and b/bin differ');
  });

  test('nothing in the repository decides how it is made', async () => {
    const attributes = '*.yml diff=evil\n';
    const [from = '', to = ''] = make([
      { files: { '.gitattributes': attributes, 'compose.yml': 'a\n' } },
      { files: { '.gitattributes': attributes, 'compose.yml': 'b\n' } },
    ]);

    expect(await recipes().diff('r', repository, { from, to }, signal)).toContain('-a\n+b\n');
  });

  test('of a commit with itself is empty; more than anybody reads is cut, and said', async () => {
    const [from = '', to = ''] = make([
      { files: { a: 'x\n' } },
      { files: { a: 'y\n'.repeat(6000) } },
    ]);

    expect(await recipes().diff('r', repository, { from, to: from }, signal)).toBe('');
    const shown = await recipes().diff('r', repository, { from, to }, signal);
    expect(shown.split('\n')).toHaveLength(5002);
    expect(shown).toMatch(/\[\d+ lines more\]\n$/);
  });

  test('of a commit that is nowhere is invalid', async () => {
    const [from = ''] = make([{ files: { a: '1' } }]);

    const failure = await fail(
      recipes().diff('r', repository, { from, to: 'f'.repeat(40) }, signal),
    );
    expect(failure).toMatchObject({ code: 'recipe-invalid' });
  });
});

describe('export', () => {
  test('writes the commit byte for byte, whatever its attributes say', async () => {
    const bytes = Buffer.from([0, 255, 13, 10]);
    const [commit = ''] = make([
      {
        files: {
          '.gitattributes': '* text eol=crlf ident\nsecret export-ignore\nsubst export-subst\n',
          'a/b': 'one\ntwo $Id$\n',
          secret: 'x',
          subst: '$Format:%H$',
          bytes,
        },
      },
    ]);
    const target = join(folder, 'target');
    mkdirSync(target);

    await recipes().export('r', repository, commit, target, signal);

    expect(readFileSync(join(target, 'a/b'), 'utf8')).toBe('one\ntwo $Id$\n');
    expect(readFileSync(join(target, 'subst'), 'utf8')).toBe('$Format:%H$');
    expect(readFileSync(join(target, 'bytes'))).toEqual(bytes);
    expect(readdirSync(target).sort()).toEqual(['.gitattributes', 'a', 'bytes', 'secret', 'subst']);
  });

  test('makes links within the recipe, and none that leads out of it', async () => {
    const [commit = ''] = make([
      {
        files: { 'sub/a': '1' },
        links: {
          inside: 'sub/a',
          'sub/up': '../inside',
          outside: '../outside',
          absolute: '/etc/passwd',
          'sub/out': '../../x',
          here: '.',
          'by-way': 'here/../x',
        },
      },
    ]);
    const target = join(folder, 'target');
    mkdirSync(target);

    await recipes().export('r', repository, commit, target, signal);

    expect(readFileSync(join(target, 'sub/up'), 'utf8')).toBe('1');
    expect(lstatSync(join(target, 'inside')).isSymbolicLink()).toBe(true);
    expect(readdirSync(target).sort()).toEqual(['here', 'inside', 'sub']);
    expect(readdirSync(join(target, 'sub')).sort()).toEqual(['a', 'up']);
  });

  test('refuses a directory that holds something', async () => {
    const [commit = ''] = make([{ files: { a: '1' } }]);

    const failure = await fail(recipes().export('r', repository, commit, folder, signal));

    expect(failure).toMatchObject({ code: 'conflict' });
  });

  test('runs no hook and leaves the source as it was', async () => {
    const [commit = ''] = make([{ files: { a: '1' }, tags: ['1.0.0+1'] }]);
    const entries = readdirSync(repository, { recursive: true }).sort();

    await recipes().view('r', repository, signal);
    await recipes().files('r', repository, commit, signal);

    expect(readdirSync(repository, { recursive: true }).sort()).toEqual(entries);
    const mirrors = readdirSync(join(folder, 'state/.cache/recipes'));
    expect(mirrors.filter((name) => name.endsWith('.git'))).toHaveLength(1);
    expect(
      existsSync(
        join(
          folder,
          'state/.cache/recipes',
          mirrors.find((name) => name.endsWith('.git')) ?? '',
          'hooks',
        ),
      ),
    ).toBe(false);
  });
});
