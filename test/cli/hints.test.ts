/** What is copied from a message looks at the same place as the command that said it. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { shellWord, withPlaces } from '../../controller/cli/hints.ts';
import { ciWarmHere } from '../build/ci-warm.ts';
import { writeMore, writeStateDirectory } from '../build/state-directory.ts';

let folder: string;
let state: string;
/** The one that needs quotes. */
let spaced: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ci-warm-hints-'));
  state = path.join(folder, 'state');
  spaced = path.join(folder, "a host's state");
  await writeStateDirectory(state);
  await writeMore(state);
  await cp(state, spaced, { recursive: true, verbatimSymlinks: true });
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

const places = { state: '/s', desired: './d' };

describe('a command in a text', () => {
  test.each([
    {
      name: 'gets the state directory',
      text: 'Next: ci-warm get warmapps',
      whole: 'Next: ci-warm get --state /s warmapps',
    },
    {
      name: 'gets the tree as well where it reads one',
      text: 'Next: ci-warm plan, for every object that there is',
      whole: 'Next: ci-warm plan --state /s --desired ./d, for every object that there is',
    },
    {
      name: 'gets the tree alone where it knows of no state',
      text: 'mend it; ci-warm validate shows every problem',
      whole: 'mend it; ci-warm validate --desired ./d shows every problem',
    },
    {
      name: 'of two words gets it after both',
      text: 'In full: ci-warm alerts -o yaml. When read: ci-warm alerts ack ID.',
      whole:
        'In full: ci-warm alerts --state /s -o yaml. When read: ci-warm alerts ack --state /s ID.',
    },
    {
      name: 'gets it each time that there is one in the line',
      text: 'ci-warm controller, or ci-warm controller --once',
      whole:
        'ci-warm controller --state /s --desired ./d, or ci-warm controller --state /s --desired ./d --once',
    },
    {
      name: 'between backticks keeps them',
      text: 'there is no alert; `ci-warm alerts` lists them',
      whole: 'there is no alert; `ci-warm alerts --state /s` lists them',
    },
    {
      name: 'that says where itself stays as it is',
      text: 'Next: ci-warm status --state /other\nci-warm validate ./tree\nci-warm validate PATH, with the directory',
      whole:
        'Next: ci-warm status --state /other\nci-warm validate ./tree\nci-warm validate PATH, with the directory',
    },
    {
      name: 'that says one of both gets the other',
      text: 'ci-warm plan --desired PATH, with the directory that holds your YAML',
      whole: 'ci-warm plan --state /s --desired PATH, with the directory that holds your YAML',
    },
    {
      name: 'that needs no place stays as it is, as does help',
      text: 'ci-warm schema WarmApp\nci-warm get --help\nci-warm help get\nthe user that ci-warm runs as',
      whole:
        'ci-warm schema WarmApp\nci-warm get --help\nci-warm help get\nthe user that ci-warm runs as',
    },
  ])('$name', ({ text, whole }) => {
    expect(withPlaces(text, places)).toBe(whole);
  });

  test('stays as it is where nothing was given', () => {
    expect(withPlaces('ci-warm plan', {})).toBe('ci-warm plan');
  });

  test('asks for signatures where they were asked for', () => {
    const desired = 'git+https://git.example.org/ops.git#main:desired';

    expect(withPlaces('ci-warm controller', { desired, desiredSigned: true })).toBe(
      `ci-warm controller --desired '${desired}' --desired-signed`,
    );
  });

  test('never shows a password', () => {
    const desired = 'git+https://somebody:hunter2@git.example.org/ops.git';

    expect(withPlaces('ci-warm doctor', { desired })).toBe('ci-warm doctor');
  });
});

test.each([
  { text: './.ci-warm', word: './.ci-warm' },
  { text: 'a b', word: "'a b'" },
  { text: "it's", word: String.raw`'it'\''s'` },
  { text: '$HOME', word: "'$HOME'" },
  { text: '~/x', word: "'~/x'" },
  { text: '', word: "''" },
])('$text is one word for a shell: $word', ({ text, word }) => {
  expect(shellWord(text)).toBe(word);
});

describe('what a command says', () => {
  test.each([
    {
      args: ['get', 'warmapp', 'guestbok'],
      says: (at: string) => `\nNext: ci-warm get --state ${at} warmapp\n`,
    },
    {
      args: ['alerts'],
      says: (at: string) => `When read: ci-warm alerts ack --state ${at} ID.\n`,
    },
    {
      args: ['snapshot', 'verify', 'wiki'],
      says: (at: string) => `\nNext: ci-warm snapshot list --state ${at}\n`,
    },
    {
      args: ['reconcile'],
      says: (at: string) => `\nNext: ci-warm controller --state ${at}, or ci-warm controller`,
    },
  ])('$args carries the state directory that was given', async ({ args, says }) => {
    const plain = await ciWarmHere([...args, '--state', state]);
    const quoted = await ciWarmHere(['--state', spaced, ...args]);

    expect(plain.stderr).toContain(says(state));
    expect(quoted.stderr).toContain(says(shellWord(spaced)));
  });

  test('is what can be typed: the same place, and the same answer', async () => {
    const { stderr } = await ciWarmHere(['get', 'warmapp', 'guestbok', '--state', state]);
    const [, copied = ''] = /\nNext: ci-warm (.*)\n/.exec(stderr) ?? [];

    expect(await ciWarmHere(copied.split(' '))).toEqual(
      await ciWarmHere(['get', 'warmapp', '--state', state]),
    );
  });

  test('a page for people carries it too, and what programs read does not', async () => {
    const page = await ciWarmHere(['explain', 'wiki', '--state', state]);
    const json = await ciWarmHere(['explain', 'wiki', '--state', state, '-o', 'json']);

    expect(page.stdout).toContain(`ci-warm reconcile --state ${state} wiki --retry`);
    expect(json.stdout).toContain('ci-warm reconcile wiki --retry');
  });
});

test('init writes where the tree is in all that comes next', async () => {
  const tree = path.join(folder, 'my tree');
  const { stderr } = await ciWarmHere(['init', tree]);

  expect(stderr).toContain(
    `\n  ci-warm validate '${tree}'\n  ci-warm doctor --desired '${tree}'\n  ci-warm plan --desired '${tree}'\n`,
  );
});
