import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { createGitRecipes } from '../../../controller/adapters/git/recipes.ts';
import type { Recipes } from '../../../controller/ports/recipes.ts';
import { git, makeRepository, type CommitSpec } from './make-repository.ts';

const signal = new AbortController().signal;
const hourMs = 3_600_000;
/** As make-repository.ts dates its first commit. */
const firstMs = 1_767_268_800_000;

let folder = '';
let repository = '';
let nowMs = 0;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ci-warm-git-'));
  repository = join(folder, 'recipe.git');
  // Far behind every file's own time: each stamp counts as settled.
  nowMs = Date.now() + hourMs;
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function recipes(minIntervalMs = 60_000): Recipes {
  return createGitRecipes({
    stateDir: join(folder, 'state'),
    clock: { now: () => nowMs },
    minIntervalMs,
  });
}

function make(commits: readonly CommitSpec[], startIndex = 0): readonly string[] {
  return makeRepository(repository, commits, startIndex);
}

async function fail(work: Promise<unknown>): Promise<unknown> {
  return await work.then(
    () => 'no failure',
    (error: unknown) => error,
  );
}

describe('view', () => {
  test('lists tags with a plus, annotated or light, with their commits and dates', async () => {
    const commits = make([
      { files: { a: '1' }, tags: ['1.0.0+1.0'], lightTags: ['1.0.0', 'v2'] },
      { files: { a: '2' }, lightTags: ['1.0.1+1.0'], tags: ['next+thing'] },
    ]);

    expect((await recipes().view('r', repository, signal)).releases).toEqual([
      { tag: '1.0.0+1.0', commit: commits[0], taggedAtMs: firstMs + hourMs / 2, notes: undefined },
      { tag: '1.0.1+1.0', commit: commits[1], taggedAtMs: firstMs + hourMs, notes: undefined },
      {
        tag: 'next+thing',
        commit: commits[1],
        taggedAtMs: firstMs + hourMs * 1.5,
        notes: undefined,
      },
    ]);
  });

  test('lists tags with a v like those without, and finds their notes under either name', async () => {
    make([
      {
        files: { 'release/1.0.0+1': 'one', 'releaseNotes/v1.0.1+1.md': 'two' },
        tags: ['v1.0.0+1'],
        lightTags: ['1.0.1+1', 'v1.0.2+v1'],
      },
    ]);

    const { releases } = await recipes().view('r', repository, signal);

    expect(releases.map(({ tag, notes }) => [tag, notes?.text])).toEqual([
      ['1.0.1+1', 'two'],
      ['v1.0.0+1', 'one'],
      ['v1.0.2+v1', undefined],
    ]);
  });

  test('follows a tag of a tag of a tag to its commit', async () => {
    const [commit] = make([{ files: { a: '1' }, tags: ['base'] }]);
    git(repository, ['tag', '-a', '-m', 'x', 'middle', 'base']);
    git(repository, ['tag', '-a', '-m', 'x', '1.0.0+1', 'middle']);

    expect((await recipes().view('r', repository, signal)).releases).toMatchObject([
      { tag: '1.0.0+1', commit },
    ]);
  });

  test('a tag of something else than a commit is no release', async () => {
    make([{ files: { a: '1' } }]);
    git(repository, ['tag', '1.0.0+1', 'HEAD^{tree}']);

    expect((await recipes().view('r', repository, signal)).releases).toEqual([]);
  });

  test('reads notes as of the newest commit, and of the tagged one where it has none', async () => {
    make([
      { files: { 'release/1.0.0+1': 'as tagged' }, tags: ['1.0.0+1'] },
      { files: { 'releaseNotes/1.0.1+1.md': 'only then' }, tags: ['1.0.1+1'] },
      { files: { 'release/1.0.0+1': 'as mended' }, tags: ['1.0.2+1'] },
    ]);

    const { releases } = await recipes().view('r', repository, signal);

    expect(releases.map((release) => [release.tag, release.notes])).toEqual([
      ['1.0.0+1', { file: 'release/1.0.0+1', text: 'as mended' }],
      ['1.0.1+1', { file: 'releaseNotes/1.0.1+1.md', text: 'only then' }],
      ['1.0.2+1', undefined],
    ]);
  });

  test('works where the default branch is none', async () => {
    make([{ files: { 'release/1.0.0+1': 'note' }, tags: ['1.0.0+1'], branch: 'other' }]);

    expect((await recipes().view('r', repository, signal)).releases).toMatchObject([
      { tag: '1.0.0+1', notes: { text: 'note' } },
    ]);
  });

  test('an empty repository has no releases', async () => {
    make([]);

    expect((await recipes().view('r', repository, signal)).releases).toEqual([]);
  });

  test('a repository with a work tree is one, by path and by URL', async () => {
    make([{ files: { a: '1' }, tags: ['1.0.0+1'] }]);
    const clone = join(folder, 'clone');
    git(folder, ['clone', '--quiet', repository, clone]);

    for (const url of [clone, `file://${clone}`]) {
      expect((await recipes().view('r', url, signal)).releases).toHaveLength(1);
    }
  });

  test('a repository of another user is read', async (context) => {
    if (process.getuid?.() !== 0) context.skip('only root can give a file away');
    make([{ files: { a: '1' }, tags: ['1.0.0+1'] }]);
    execFileSync('chown', ['-R', '65534:65534', repository]);
    chmodSync(folder, 0o755);

    expect((await recipes().view('r', repository, signal)).releases).toHaveLength(1);
  });
});

describe('an idle pass', () => {
  test('answers from memory while the repository on this machine is as it was', async () => {
    make([{ files: { a: '1' }, tags: ['1.0.0+1'] }]);
    const port = recipes();
    const first = await port.view('r', repository, signal);
    // Without the mirror git could answer nothing any more.
    rmSync(join(folder, 'state'), { recursive: true });

    expect(await port.view('r', repository, signal)).toBe(first);
  });

  test.each([
    { name: 'a new tag', change: () => make([{ files: { a: '2' }, tags: ['1.0.1+1'] }], 1) },
    { name: 'a tag that moved', change: () => make([{ files: { a: '2' }, tags: ['1.0.0+1'] }], 1) },
    { name: 'a tag that went', change: () => git(repository, ['tag', '-d', '1.0.0+1']) },
    {
      name: 'notes on the default branch',
      change: () => make([{ files: { 'release/1.0.0+1': 'late' } }], 1),
    },
    {
      name: 'a change that went with packing',
      change: () => {
        make([{ files: { a: '2' }, tags: ['1.0.1+1'] }], 1);
        git(repository, ['pack-refs', '--all']);
      },
    },
    {
      name: 'a tag that went from the packed ones alone',
      change: () => {
        const packed = join(repository, 'packed-refs');
        writeFileSync(packed, `${readFileSync(packed, 'utf8').split('\n')[0] ?? ''}\n`);
      },
    },
  ])('$name is seen in the next one', async ({ change }) => {
    make([{ files: { a: '1' }, tags: ['1.0.0+1'] }]);
    git(repository, ['pack-refs', '--all']);
    const port = recipes();
    const before = await port.view('r', repository, signal);

    change();
    const after = await port.view('r', repository, signal);

    expect(after.releases).not.toEqual(before.releases);
    expect(await port.view('r', repository, signal)).toBe(after);
  });

  test('packing alone changes nothing', async () => {
    make([{ files: { a: '1' }, tags: ['1.0.0+1'] }]);
    const port = recipes();
    const before = await port.view('r', repository, signal);

    git(repository, ['pack-refs', '--all']);

    expect(await port.view('r', repository, signal)).toBe(before);
  });

  test('a change within the grain of the clock is not missed', async () => {
    make([{ files: { a: '1' }, tags: ['1.0.0+1'] }]);
    const port = recipes();
    // The stamp is as young as the look: what happens in this very moment would leave it as it is.
    nowMs = Math.max(
      ...['refs/tags', 'refs/heads', 'HEAD'].map(
        (name) => statSync(join(repository, name)).ctimeMs,
      ),
    );
    await port.view('r', repository, signal);
    rmSync(join(folder, 'state'), { recursive: true });

    expect(await fail(port.view('r', repository, signal))).toMatchObject({ name: 'CiWarmError' });
  });
});

describe('a remote that does not answer', () => {
  test('is no answer, and never a list without releases', async () => {
    make([{ files: { a: '1' }, tags: ['1.0.0+1'] }]);
    const port = recipes();
    await port.view('r', repository, signal);
    rmSync(repository, { recursive: true });

    const failure = await fail(port.view('r', repository, signal));

    expect(failure).toMatchObject({ code: 'no-answer' });
    expect(String(failure)).toContain(repository);
    expect(String(failure)).toContain('git ls-remote');
  });

  test('does not keep a commit from being read that was fetched before', async () => {
    const [commit = ''] = make([{ files: { a: '1' }, tags: ['1.0.0+1'] }]);
    await recipes().view('r', repository, signal);
    rmSync(repository, { recursive: true });

    expect(await recipes().files('r', repository, commit, signal)).toEqual(new Map([['a', '1']]));
  });

  test('is named without the credentials of its URL', async () => {
    const failure = await fail(
      recipes().view('r', 'https://user:secret@127.0.0.1:1/r.git', signal),
    );

    expect(failure).toMatchObject({ code: 'no-answer' });
    expect(String(failure)).toContain('https://127.0.0.1:1/r.git');
    expect(String(failure)).not.toContain('secret');
  });

  test.each(['ext::sh -c date', '--upload-pack=x', 'relative/path', 'fd::3', 'https://-x', 'a b'])(
    '%s is refused before git sees it',
    async (url) => {
      expect(await fail(recipes().view('r', url, signal))).toMatchObject({
        code: 'recipe-invalid',
      });
      expect(existsSync(join(folder, 'state'))).toBe(false);
    },
  );

  test('ends when it is told to', async () => {
    make([{ files: { a: '1' } }]);

    const failure = await fail(recipes().view('r', repository, AbortSignal.abort()));

    expect(failure).toMatchObject({ code: 'aborted' });
  });
});

describe('a remote repository', () => {
  let server: Server;
  let asked = 0;
  let url = '';

  /** The simplest server that git can read from: files, after `git update-server-info`. */
  beforeEach(async () => {
    asked = 0;
    server = createServer((request, response) => {
      const path = new URL(request.url ?? '/', 'http://x').pathname;
      if (path.endsWith('/info/refs')) asked += 1;
      const file = join(folder, path);
      if (!existsSync(file)) response.statusCode = 404;
      response.end(existsSync(file) ? readFileSync(file) : '');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    url = `http://127.0.0.1:${port}/recipe.git`;
    make([{ files: { a: '1' }, tags: ['1.0.0+1'] }]);
    git(repository, ['update-server-info']);
  });
  afterEach(() => {
    server.close();
  });

  test('is not asked again before the interval is over', async () => {
    const port = recipes(1000);
    const first = await port.view('r', url, signal);
    const before = asked;
    nowMs += 999;

    expect(await port.view('r', url, signal)).toBe(first);
    expect(asked).toBe(before);
  });

  test('is asked once when it is over, and nothing is fetched when its refs are the same', async () => {
    const port = recipes(1000);
    const first = await port.view('r', url, signal);
    const before = asked;
    nowMs += 1000;

    expect(await port.view('r', url, signal)).toBe(first);
    expect(asked).toBe(before + 1);
  });

  test('shows a new release when it is over', async () => {
    const port = recipes(1000);
    await port.view('r', url, signal);
    make([{ files: { a: '2' }, tags: ['1.0.1+1'] }], 1);
    git(repository, ['update-server-info']);
    nowMs += 1000;

    expect((await port.view('r', url, signal)).releases).toHaveLength(2);
  });

  test('is talked to once when several ask at the same time', async () => {
    const port = recipes(1000);
    const views = await Promise.all([1, 2, 3].map(() => port.view('r', url, signal)));

    expect(new Set(views).size).toBe(1);
    // The look and the fetch of the first; the others find what it saw.
    expect(asked).toBe(2);
  });
});
