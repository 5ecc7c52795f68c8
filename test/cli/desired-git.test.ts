/** Commands on a tree in a repository, as people type them. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeRepository } from '../adapters/git/make-repository.ts';
import { ciWarm, type Answer } from '../build/ci-warm.ts';

const head = 'apiVersion: ci-warm.dev/v1\n';
const settings = `${head}kind: Settings
metadata: { name: host }
spec: { baseDomain: ci.example.org, recipeUrl: '../recipes/{recipe}.git' }
`;
const recipe = `${head}kind: Recipe\nmetadata: { name: guestbook }\nspec: {}\n`;
const app = (spec: string): string =>
  `${head}kind: WarmApp\nmetadata: { name: book }\nspec: { recipe: guestbook, data: Stateless, ${spec} }\n`;

let folder: string;
let repository: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ci-warm-cli-git-'));
  repository = join(folder, 'ops.git');
  const files = { 'desired/settings.yaml': settings, 'desired/recipe.yaml': recipe };
  makeRepository(repository, [
    { files: { 'README.md': 'no tree' }, branch: 'empty' },
    { files: { ...files, 'desired/app.yaml': app('version: 3') }, branch: 'wrong' },
    { files: { ...files, 'desired/app.yaml': app("version: '1.0.0+1.0.0'") }, branch: 'main' },
  ]);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** With nothing of this machine's Docker, and a folder for temporary files of its own. */
function run(...args: readonly string[]): Promise<Answer> {
  const env = { DOCKER_HOST: 'unix:///nonexistent.sock', TMPDIR: scratch(), HOME: folder };
  return ciWarm([...args, '--state', join(folder, 'state')], { env });
}

function scratch(): string {
  return mkdtempSync(join(folder, 'tmp-'));
}

describe('validate', () => {
  test('a tree in a repository without a problem', async () => {
    const { exitCode, stderr } = await run('validate', `git+${repository}#main:desired`);

    expect(stderr).toBe(`git+${repository}#main:desired: no problem found.\n`);
    expect(exitCode).toBe(0);
  });

  test('shows each problem with its path in the repository, and leaves nothing behind', async () => {
    const { exitCode, stdout } = await run(
      'validate',
      '--desired',
      `git+${repository}#wrong:desired`,
    );

    expect(stdout).toMatch(/^desired\/app\.yaml:4:\d+: /);
    expect(exitCode).toBe(2);
    expect(existsSync(join(folder, 'state'))).toBe(false);
    const left = readdirSync(folder)
      .filter((name) => name.startsWith('tmp-'))
      .flatMap((name) => readdirSync(join(folder, name)));
    expect(left).toEqual([]);
  });

  test.each([
    {
      name: 'no repository',
      place: 'git+ops',
      code: 2,
      says: 'no repository that git can be asked for',
    },
    {
      name: 'no such branch',
      place: '#mian',
      code: 2,
      says: 'has no branch mian; it has empty, main, wrong',
    },
    {
      name: 'no YAML at all',
      place: '#empty',
      code: 2,
      says: 'there is not one YAML file in the root',
    },
    {
      name: 'a repository that does not answer',
      place: 'git+https://127.0.0.1:9/ops.git#main',
      code: 4,
      says: 'git ls-remote https://127.0.0.1:9/ops.git',
    },
    {
      name: 'a password in the list of processes',
      place: 'git+https://me:hunter2@127.0.0.1:9/ops.git#main',
      code: 2,
      says: 'credential helper',
    },
  ])('$name: exit code $code, and what to do', async ({ place, code, says }) => {
    const typed = place.startsWith('#') ? `git+${repository}${place}` : place;

    const { exitCode, stdout, stderr } = await run('validate', typed);

    expect({ exitCode, stdout }).toEqual({ exitCode: code, stdout: '' });
    expect(stderr).toContain(says);
    expect(stderr).not.toMatch(/hunter2|unexpected/);
  });
});

describe('plan', () => {
  test('plans for a tree in a repository', async () => {
    const place = `git+file://${repository}#main:desired`;

    const { exitCode, stdout, stderr } = await run('plan', '--desired', place, '-o', 'json');

    expect(exitCode, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      revision: expect.stringMatching(/^[0-9a-f]{40}$/) as unknown,
    });
  });

  test.each([
    { name: 'a repository that does not answer', place: 'git+/nonexistent/ops.git', code: 4 },
    { name: 'a tree without a file', place: 'git+REPOSITORY#empty', code: 2 },
  ])('$name: exit code $code and what to do, and no stack', async ({ place, code }) => {
    const typed = place.replace('REPOSITORY', repository);

    const { exitCode, stdout, stderr } = await run('plan', '--desired', typed);

    expect({ exitCode, stdout }).toEqual({ exitCode: code, stdout: '' });
    expect(stderr).toMatch(/\nNext: /);
    expect(stderr).not.toMatch(/unexpected|hunter2/);
  });

  test('signatures are not demanded of a directory: exit code 2', async () => {
    const { exitCode, stderr } = await run('plan', '--desired', scratch(), '--desired-signed');

    expect(exitCode).toBe(2);
    expect(stderr).toContain('a directory has no commits that could be signed');
  });

  test('a directory without a file is the input: exit code 2', async () => {
    const empty = scratch();

    const { exitCode, stderr } = await run('plan', '--desired', empty);

    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/there is not one YAML file in .*\nNext: /);
  });

  test('a history that was rewritten: exit code 2, and both ways out', async () => {
    const other = join(folder, 'rewritten.git');
    const files = { 'settings.yaml': settings };
    const [first = ''] = makeRepository(other, [{ files }]);
    const [second = ''] = makeRepository(other, [{ files: { ...files, 'a.yaml': '' } }], 1);
    const state = join(folder, 'rewritten-state');
    const place = `git+${other}`;
    mkdirSync(state);
    const applied = {
      apiVersion: 'ci-warm.dev/v1',
      observedRevision: first,
      revision: first,
      origin: `${other}#`,
      objects: [],
      appliedAt: '2026-11-21T09:30:00.000Z',
    };
    writeFileSync(join(state, 'desired.json'), JSON.stringify(applied));
    const env = { DOCKER_HOST: 'unix:///nonexistent.sock', HOME: folder };

    const { exitCode, stderr } = await ciWarm(['plan', '--desired', place, '--state', state], {
      env,
    });

    // The mirror is new: what was applied is in no history that it could be read from.
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      `its newest commit ${second.slice(0, 12)} does not follow ${first.slice(0, 12)}`,
    );
    expect(stderr).toContain(`rm ${state}/desired.json`);
  });
});
