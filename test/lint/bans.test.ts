/** What no file may do, whatever it imports: each ban, and the nearest thing that it must leave alone. */
import { describe, expect, test } from 'vitest';

import { lint, typedLinter } from './linter.ts';

const still = ['model', 'spec', 'recipe', 'gates', 'transitions', 'plan', 'report', 'reconcile'];

/** Complaints of the rules that this project sets itself; the samples are too short to please the others. */
async function complaintsOf(file: string, text: string): Promise<readonly string[]> {
  const messages = await lint(file, text);
  return messages
    .filter(({ ruleId }) => /restricted|no-console|max-lines/.test(ruleId ?? ''))
    .map(({ message }) => message);
}

const untimely = 'Time is a parameter here';
const forbidden = [
  { text: 'export const a = Date.now();', why: untimely },
  { text: 'export const a = new Date();', why: untimely },
  { text: 'export const a = Date();', why: untimely },
  { text: 'setTimeout(a, 1);', why: untimely },
  { text: 'setInterval(a, 1);', why: untimely },
  { text: 'setImmediate(a);', why: untimely },
  { text: 'export const a = performance.now();', why: untimely },
  { text: 'export const a = AbortSignal.timeout(1);', why: untimely },
  { text: 'export const a = Math.random();', why: 'Chance is a parameter here' },
  { text: 'export const a = crypto.randomUUID();', why: 'Chance is a parameter here' },
  { text: 'export const a = process.env;', why: 'The environment is a parameter here' },
  { text: 'await fetch(a);', why: 'What is outside is reached through a port' },
  { text: 'globalThis.setTimeout(a, 1);', why: 'Name the global itself' },
  { text: `import { randomUUID } from 'node:crypto';`, why: 'everything else in there is chance' },
  { text: `import * as c from 'node:crypto';`, why: 'everything else in there is chance' },
];

const harmless = [
  { text: 'export const a = Date.parse(b);' },
  { text: 'export const a = new Date(0).toISOString();' },
  { text: 'export const a = Math.max(1, 2);' },
  { text: 'export const a = (process) => process.id;' },
  { text: `import { createHash } from 'node:crypto';` },
];

describe('folders without clock, chance and outside', () => {
  test.each(forbidden)('$text', async ({ text, why }) => {
    for (const folder of still) {
      expect(await complaintsOf(`controller/${folder}/it.ts`, text)).toEqual([
        expect.stringContaining(why),
      ]);
    }
  });

  test.each(harmless)('$text is a function of its input', async ({ text }) => {
    for (const folder of still) {
      expect(await complaintsOf(`controller/${folder}/it.ts`, text)).toEqual([]);
    }
  });

  test('an edge has all of them', async () => {
    const text = 'setTimeout(a, Date.now() - new Date() + Math.random() + process.pid);';

    expect(await complaintsOf('controller/adapters/clock/it.ts', text)).toEqual([]);
  });

  test('their tests pass the time in, too', async () => {
    expect(await complaintsOf('test/plan/it.test.ts', 'export const a = Date.now();')).toHaveLength(
      1,
    );
    expect(await complaintsOf('test/plan/it.test.ts', 'export const a = new Date();')).toHaveLength(
      1,
    );
    expect(await complaintsOf('test/adapters/it.test.ts', 'export const a = Date.now();')).toEqual(
      [],
    );
  });
});

const bans = [
  {
    name: 'a default export',
    file: 'controller/cli/it.ts',
    text: 'export default 1;',
    why: 'A named export keeps one name',
  },
  {
    name: 'a barrel',
    file: 'controller/cli/it.ts',
    text: `export * from './other.ts';`,
    why: 'Import from the file that defines',
  },
  {
    name: 'a shell',
    file: 'controller/adapters/process/run.ts',
    text: 'run({ shell: true });',
    why: 'No shell, ever',
  },
  {
    name: 'a signal that leaks',
    file: 'controller/adapters/docker/it.ts',
    text: 'AbortSignal.any([]);',
    why: 'AbortSignal.any leaks',
  },
  {
    name: 'a file written in place',
    file: 'controller/adapters/files/status.ts',
    text: `import { writeFile } from 'node:fs/promises';`,
    why: 'A state file is written whole or not at all',
  },
  {
    name: 'a file written in place by another name',
    file: 'controller/adapters/files/status.ts',
    text: `fs.writeFileSync('a', 'b');`,
    why: 'A state file is written whole or not at all',
  },
  {
    name: 'a program run past the runner',
    file: 'controller/adapters/git/it.ts',
    text: `import { execa } from 'execa';`,
    why: 'Programs are run by adapters/process/run.ts alone',
  },
  {
    name: 'a program run by Node itself',
    file: 'controller/cli/it.ts',
    text: `import { spawn } from 'node:child_process';`,
    why: 'Programs are run by adapters/process/run.ts alone',
  },
  {
    name: 'a port that is there at run time',
    file: 'controller/ports/it.ts',
    text: 'export const limit = 1;',
    why: 'ports/ holds types only',
  },
  {
    name: 'an import that is there at run time, in a port',
    file: 'controller/ports/it.ts',
    text: `import { a } from '../model/a.ts';`,
    why: 'ports/ holds types only',
  },
  {
    name: 'the console',
    file: 'controller/cli/it.ts',
    text: 'console.log(1);',
    why: 'Unexpected console statement',
  },
  {
    name: 'a file of 401 lines',
    file: 'controller/cli/it.ts',
    text: '\n'.repeat(400) + 'export const a = 1;',
    why: 'File has too many lines (401)',
  },
  {
    name: 'a function of 61 lines',
    file: 'controller/cli/it.ts',
    text: `export function a(): void {${'\n'.repeat(60)}}`,
    why: 'has too many lines (61)',
  },
  {
    name: 'a mocked module',
    file: 'test/adapters/it.test.ts',
    text: `vi.mock('./a.ts');`,
    why: 'Hand a fake to what is tested',
  },
  {
    name: 'a mocked module beside a folder that is still',
    file: 'test/plan/it.test.ts',
    text: `vi.doMock('./a.ts');`,
    why: 'Hand a fake to what is tested',
  },
  {
    name: 'a focused test',
    file: 'test/adapters/it.test.ts',
    text: `test.only('a', () => {});`,
    why: 'Every test runs',
  },
  {
    name: 'a skipped test',
    file: 'test/plan/it.test.ts',
    text: `describe.skip('a', () => {});`,
    why: 'Every test runs',
  },
  {
    name: 'a skipped test in a longer chain',
    file: 'test/live/it.test.ts',
    text: `test.concurrent.skip('a', () => {});`,
    why: 'Every test runs',
  },
  {
    name: 'a test for later',
    file: 'test/live/it.test.ts',
    text: `test.todo('a');`,
    why: 'Every test runs',
  },
  {
    name: 'a test skipped without a reason',
    file: 'test/live/it.test.ts',
    text: `test.skipIf(a)('a', () => {});`,
    why: 'Every test runs',
  },
];

const allowed = [
  {
    name: 'the atomic write writes',
    file: 'controller/adapters/files/atomic-write.ts',
    text: `import { writeFile } from 'node:fs/promises';`,
  },
  {
    name: 'the journal appends',
    file: 'controller/adapters/files/journal.ts',
    text: `import { appendFile } from 'node:fs/promises';`,
  },
  {
    name: 'the runner runs',
    file: 'controller/adapters/process/run.ts',
    text: `import { execa } from 'execa'; execa('a', { shell: false });`,
  },
  {
    name: 'a port takes types',
    file: 'controller/ports/it.ts',
    text: `import type { A } from '../model/a.ts'; export interface B { readonly a: A }`,
  },
  {
    name: 'a test skips with a reason, where it can see it',
    file: 'test/live/it.test.ts',
    text: `test('a', (context) => { context.skip('no reflinks here'); });`,
  },
  {
    name: 'a sample program talks on its console',
    file: 'examples/images/it.ts',
    text: 'console.log(1);',
  },
  {
    name: 'a long test function',
    file: 'test/plan/it.test.ts',
    text: `test('a', () => {${'\n'.repeat(80)}});`,
  },
];

describe('bans', () => {
  test.each(bans)('$name is refused, with the reason', async ({ file, text, why }) => {
    expect(await complaintsOf(file, text)).toEqual([expect.stringContaining(why)]);
  });

  test.each(allowed)('$name', async ({ file, text }) => {
    expect(await complaintsOf(file, text)).toEqual([]);
  });
});

describe('bans that need types', () => {
  const lintTyped = typedLinter('controller/cli');
  const typed = [
    {
      name: 'a default that hides a missing case',
      text: `export function a(b: 'x' | 'y'): number { switch (b) { case 'x': return 1; default: return 2; } }`,
      rule: '@typescript-eslint/switch-exhaustiveness-check',
    },
    {
      name: 'a promise that nobody waits for',
      text: `export function a(b: () => Promise<void>): void { b(); }`,
      rule: '@typescript-eslint/no-floating-promises',
    },
    {
      name: 'an async callback where none is expected',
      text: `export function a(b: readonly number[]): void { b.forEach(async () => { await Promise.resolve(); }); }`,
      rule: '@typescript-eslint/no-misused-promises',
    },
    {
      name: 'an export without a return type',
      text: `export function a() { return 1; }`,
      rule: '@typescript-eslint/explicit-module-boundary-types',
    },
    {
      name: 'an assertion that something is there',
      text: `export const a = (b: string | undefined): string => b!;`,
      rule: '@typescript-eslint/no-non-null-assertion',
    },
    {
      name: 'any',
      text: `export const a = (b: any): void => { void b; };`,
      rule: '@typescript-eslint/no-explicit-any',
    },
    {
      name: 'a type imported as if it were a value',
      text: `import { A } from '../model/app.ts'; export const a = (b: A): A => b;`,
      rule: '@typescript-eslint/consistent-type-imports',
    },
  ];

  test.each(typed)('$name is refused', { timeout: 60_000 }, async ({ text, rule }) => {
    const messages = await lintTyped('controller/cli/no-such-file.ts', text);

    expect(messages.map(({ ruleId }) => ruleId)).toContain(rule);
  });

  test('a switch closed with assertNever stands', { timeout: 60_000 }, async () => {
    const messages = await lintTyped(
      'controller/cli/no-such-file.ts',
      `import { assertNever } from '../model/assert-never.ts';
       export function a(b: 'x' | 'y'): number {
         switch (b) { case 'x': return 1; case 'y': return 2; default: return assertNever(b, 'b'); }
       }`,
    );

    expect(messages).toEqual([]);
  });
});
