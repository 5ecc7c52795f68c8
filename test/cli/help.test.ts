import { describe, expect, test } from 'vitest';

import { ciWarmHere } from '../build/ci-warm.ts';

const commands = [
  [],
  ['controller'],
  ['validate'],
  ['plan'],
  ['diff'],
  ['get'],
  ['describe'],
  ['explain'],
  ['status'],
  ['history'],
  ['events'],
  ['alerts'],
  ['alerts', 'ack'],
  ['reconcile'],
  ['snapshot'],
  ['snapshot', 'list'],
  ['snapshot', 'verify'],
  ['snapshot', 'restore'],
  ['snapshot', 'drill'],
  ['prune'],
  ['doctor'],
  ['schema'],
  ['init'],
  ['completion'],
  ['version'],
  ['help'],
];

describe('--help', () => {
  test.each(commands.map((words) => ({ name: ['ci-warm', ...words].join(' '), words })))(
    '$name says what it does, with examples',
    async ({ name, words }) => {
      const { exitCode, stdout, stderr } = await ciWarmHere([...words, '--help']);

      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      expect(stdout).toMatch(/\nExamples:\n {2}(?:source <\()?ci-warm /);
      await expect(stdout).toMatchFileSnapshot(`golden/help-${name.replaceAll(' ', '-')}.txt`);
    },
  );

  test('every command of the list has its help tried here', async () => {
    const { stdout } = await ciWarmHere(['--help']);

    const listed = [...stdout.matchAll(/^ {2}([a-z]+) .*? {2,}\S/gm)].map(([, name]) => name);
    const tried = commands.map(([name]) => name).filter((name) => name !== undefined);
    expect(new Set(listed)).toEqual(new Set(tried));
  });
});

describe('what was typed wrongly', () => {
  test.each([
    { name: 'no command', args: [], says: /Usage: ci-warm/ },
    {
      name: 'a command that does not exist',
      args: ['gte', 'warmapps'],
      says: /unknown command 'gte' \(Did you mean get\?\)\nNext: ci-warm --help/,
    },
    {
      name: 'an option that does not exist',
      args: ['get', 'warmapps', '--staet', 'x'],
      says: /unknown option '--staet' \(Did you mean --state\?\)\nNext: ci-warm get --help/,
    },
    {
      name: 'a missing argument',
      args: ['history'],
      says: /missing required argument 'name'\nNext: ci-warm history --help/,
    },
    {
      name: 'one argument too many',
      args: ['status', 'guestbook'],
      says: /too many arguments/,
    },
    {
      name: 'a format that does not exist',
      args: ['status', '-o', 'jsn'],
      says: /Allowed choices are table, wide, json, yaml, name\.\nNext: ci-warm status --help/,
    },
    {
      name: 'a kind that does not exist',
      args: ['get', 'warmaps'],
      says: /there is no kind warmaps; .*\nNext: ci-warm get warmapp/,
    },
    {
      name: 'a retry of nothing',
      args: ['reconcile', '--retry'],
      says: /name it\nNext: ci-warm reconcile NAME --retry/,
    },
    {
      name: 'a schema that does not exist',
      args: ['schema', 'warmap'],
      says: /there is no schema of warmap; .*\nNext: ci-warm schema WarmApp/,
    },
    {
      name: 'a file that no tree would have',
      args: ['validate', 'package.json'],
      says: /package\.json is no file of a desired tree: .*\nNext: ci-warm validate PATH/,
    },
    {
      name: 'a tree that does not exist',
      args: ['validate', '/nonexistent/desired'],
      says: /no file or directory \/nonexistent\/desired/,
    },
  ])('$name: exit code 2, a sentence, and what to type next', async ({ args, says }) => {
    const { exitCode, stdout, stderr } = await ciWarmHere(args);

    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(says);
  });
});

describe('help as a command', () => {
  test.each([
    { name: 'help', args: ['help'], shows: /^Usage: ci-warm \[options\]/ },
    { name: 'help of a command', args: ['help', 'get'], shows: /^Usage: ci-warm get / },
    {
      name: 'help of a command below another',
      args: ['help', 'snapshot', 'restore'],
      shows: /^Usage: ci-warm snapshot restore /,
    },
    { name: 'the other way round', args: ['snapshot', 'help'], shows: /^Usage: ci-warm snapshot / },
  ])('$name is data, with exit code 0', async ({ args, shows }) => {
    const { exitCode, stdout, stderr } = await ciWarmHere(args);

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(shows);
  });

  test.each([
    {
      args: ['help', 'gte'],
      says: 'ci-warm: ci-warm has no command gte; did you mean get?\nNext: ci-warm --help\n',
    },
    {
      args: ['help', 'snapshot', 'lst'],
      says: 'ci-warm: ci-warm snapshot has no command lst; did you mean list?\nNext: ci-warm snapshot --help\n',
    },
  ])('of a command that there is not, it says which was meant: $args', async ({ args, says }) => {
    expect(await ciWarmHere(args)).toEqual({ exitCode: 2, stdout: '', stderr: says });
  });

  test.each(['--version', '-V'])('%s is the version, as of any program', async (flag) => {
    const version = await ciWarmHere(['version']);

    expect(version.stdout).toMatch(/^ci-warm \d/);
    expect(await ciWarmHere([flag])).toEqual(version);
    expect(await ciWarmHere(['--state', '/nonexistent', flag])).toEqual(version);
    expect(await ciWarmHere(['get', flag])).toEqual(version);
  });
});
