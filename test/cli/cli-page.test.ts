/** docs/cli.md is held against the commands and exit codes that there are. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { describe, expect, test } from 'vitest';

import { exitCode } from '../../controller/cli/exit-codes.ts';
import { ciWarmHere } from '../build/ci-warm.ts';

const page = await readFile(path.resolve(import.meta.dirname, '../../docs/cli.md'), 'utf8');

function section(heading: string): string {
  const [, text = ''] = page.split(`\n## ${heading}\n`);
  return text.split('\n## ')[0] ?? '';
}

describe('the page on the command line', () => {
  test('lists every command', async () => {
    const { stdout } = await ciWarmHere(['--help']);

    const declared = [...stdout.matchAll(/^ {2}([a-z]+) .*? {2,}\S/gm)].map(([, name]) => name);
    const listed = [...section('Commands').matchAll(/^\| `([a-z]+)/gm)].map(([, name]) => name);
    expect(new Set(listed)).toEqual(new Set(declared));
  });

  test('lists every exit code', () => {
    const listed = [...section('Exit codes').matchAll(/^\| ([\d, ]+?) +\|/gm)].flatMap(
      ([, codes = '']) => codes.split(', ').map(Number),
    );

    expect(listed).toEqual(Object.values(exitCode));
  });
});
