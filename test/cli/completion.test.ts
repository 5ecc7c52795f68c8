/** The completion scripts, asked in the shells that they are for. */
import { access, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test, type TestContext } from 'vitest';

import { ciWarmHere } from '../build/ci-warm.ts';
import { writeStateDirectory } from '../build/state-directory.ts';

const asking = path.resolve(import.meta.dirname, '../support/shells');
const apps = ['guestbook', 'notes', 'wiki'];
const kinds = ['settings', 'recipe', 'warmapp', 'canonical', 'run', 'sweep', 'all'];

/** `STATE` stands for the state directory. `only`: exactly these; else at least these, and not `never`. */
const questions: readonly {
  readonly name: string;
  readonly line: string;
  readonly only?: readonly string[];
  readonly some?: readonly string[];
  readonly never?: readonly string[];
}[] = [
  { name: 'commands', line: 'ci-warm ', some: ['get', 'plan', 'completion'], never: ['ack'] },
  { name: 'the rest of a command', line: 'ci-warm expl', only: ['explain'] },
  { name: 'a command below a command', line: 'ci-warm alerts a', only: ['ack'] },
  {
    name: 'a command behind options',
    line: 'ci-warm --verbose --state STATE vali',
    only: ['validate'],
  },
  {
    name: 'options of a command',
    line: 'ci-warm events --',
    some: ['--since', '--watch', '--state', '--help'],
    never: ['--once'],
  },
  {
    name: 'formats, as the command has them',
    line: 'ci-warm get warmapps -o ',
    only: ['table', 'wide', 'json', 'yaml', 'name'],
  },
  {
    name: 'fewer formats where there are fewer',
    line: 'ci-warm plan --output ',
    only: ['table', 'json', 'yaml'],
  },
  { name: 'kinds', line: 'ci-warm get ', only: kinds },
  {
    name: 'kinds and apps where an app needs no kind',
    line: 'ci-warm describe --state STATE ',
    only: [...kinds, ...apps],
  },
  { name: 'names of a kind', line: 'ci-warm --state STATE get recipe g', only: ['guestbook'] },
  {
    name: 'names of a kind that is typed otherwise',
    line: 'ci-warm get Warm-Apps --state STATE ',
    only: apps,
  },
  { name: 'the one object of a kind', line: 'ci-warm get settings --state STATE ', only: ['host'] },
  { name: 'apps', line: 'ci-warm --state STATE history ', only: apps },
  { name: 'apps after an option', line: 'ci-warm --state STATE events --app w', only: ['wiki'] },
  {
    name: 'apps where the state directory stands behind =',
    line: 'ci-warm --state=STATE explain ',
    only: apps,
  },
  { name: 'no second app', line: 'ci-warm --state STATE history wiki ', only: [] },
  {
    name: 'alerts',
    line: 'ci-warm --state STATE alerts ack 20261121T09',
    only: ['20261121T090000Z-wiki-rollback', '20261121T093000Z-guestbook-held-major'],
  },
  { name: 'shells', line: 'ci-warm completion ', only: ['bash', 'zsh', 'fish'] },
  { name: 'schemas', line: 'ci-warm schema last', only: ['last-good'] },
  {
    name: 'nothing of a state directory that is not there',
    line: 'ci-warm --state /nonexistent history ',
    only: [],
  },
  { name: 'nothing after a command that does not exist', line: 'ci-warm nonsense ', only: [] },
];

let place: string;

beforeAll(async () => {
  place = await mkdtemp(path.join(tmpdir(), 'ci-warm-complete-'));
  await mkdir(path.join(place, 'state', 'deeper'), { recursive: true });
  await writeStateDirectory(path.join(place, 'state'));
  await writeFile(path.join(place, 'state', 'status', 'warmapp', '$(touch bad).json'), '{}');
  await mkdir(path.join(place, 'home'));
});

afterAll(async () => {
  await rm(place, { recursive: true });
});

async function programOf(shell: string): Promise<string | undefined> {
  for (const folder of ['/usr/bin', '/bin', ...(process.env['PATH'] ?? '').split(':')]) {
    const program = path.join(folder, shell);
    if (
      await access(program).then(
        () => true,
        () => false,
      )
    )
      return program;
  }
  return undefined;
}

const shells = [
  { shell: 'bash', args: ['--norc', path.join(asking, 'ask.bash')], env: { PATH: '/nonexistent' } },
  { shell: 'zsh', args: ['-f', path.join(asking, 'ask.zsh')], env: { PATH: '/nonexistent' } },
  { shell: 'fish', args: ['--no-config', path.join(asking, 'ask.fish')], env: {} },
];

describe.each(shells)('$shell', ({ shell, args, env }) => {
  let answers: readonly (readonly string[])[] | undefined;

  beforeAll(async () => {
    const program = await programOf(shell);
    if (program === undefined) return;
    const script = path.join(place, `ci-warm.${shell}`);
    await writeFile(script, (await ciWarmHere(['completion', shell])).stdout);
    const state = path.join(place, 'state');
    const lines = questions.map(({ line }) => `${line.replaceAll('STATE', state)}\n`);
    const { stdout } = await execa(
      program,
      [...args, script, path.join(place, 'matches'), program],
      {
        input: lines.join(''),
        cwd: place,
        extendEnv: false,
        // No program can be started where the path leads nowhere: completion is a look into folders.
        env: {
          HOME: path.join(place, 'home'),
          PATH: process.env['PATH'] ?? '',
          TERM: 'dumb',
          ...env,
        },
      },
    );
    answers = stdout
      .split(/^---$/m)
      .map((text) => [...new Set(text.split('\n').filter((line) => line !== ''))]);
  });

  function answerOf(context: TestContext, line: string): readonly string[] {
    if (answers === undefined) {
      return context.skip(`there is no ${shell} here; npm test installs it where it may`);
    }
    return answers[questions.findIndex((question) => question.line === line)] ?? [];
  }

  test.each(questions)('completes $name', ({ line, only, some = [], never = [] }, context) => {
    const answer = answerOf(context as unknown as TestContext, line);
    if (only !== undefined) expect(answer.toSorted()).toEqual(only.toSorted());
    expect(answer).toEqual(expect.arrayContaining([...some]));
    expect(answer.filter((word) => never.includes(word))).toEqual([]);
  });
});

test('a shell that there is no script for is a mistake of usage', async () => {
  const { exitCode, stderr } = await ciWarmHere(['completion', 'tcsh']);

  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/Allowed choices are bash, zsh, fish\.\nNext: ci-warm completion --help/);
});
