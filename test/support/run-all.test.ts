import { describe, expect, test } from 'vitest';

import { runIn, type Files } from './sample-project.ts';

const slow = { timeout: 60_000 };
const script = 'test/support/run-all.ts';

/** A project that every check accepts. */
const sound: Files = {
  'package.json': `${JSON.stringify({ type: 'module', devDependencies: { eslint: '*', vitest: '*' } }, null, 2)}\n`,
  'tsconfig.json': `{ "compilerOptions": { "types": [], "skipLibCheck": true, "noEmit": true } }\n`,
  'eslint.config.js': `import { defineConfig } from "eslint/config";\n\nexport default defineConfig([]);\n`,
  'good.test.ts': `import { test } from "vitest";\n\ntest("holds", () => {});\n`,
};

describe('npm test', () => {
  test('a sound project ends with its count and exit code 0', slow, async () => {
    const { lastLine, exitCode, stdout } = await runIn(sound, script);

    expect(lastLine, stdout).toBe('1 passed, 0 failed, 0 skipped');
    expect(exitCode).toBe(0);
  });

  test('each failed check is one failure, and the tests run all the same', slow, async () => {
    const files = { ...sound, 'odd.test.ts': 'export const  a: number = "one";' };

    const { lastLine, exitCode, stdout } = await runIn(files, script);

    // Two checks, and a test file without a test.
    expect(lastLine, stdout).toBe('1 passed, 3 failed, 0 skipped');
    expect(stdout).toMatch(/check {2}types: FAILED .*\nodd\.test\.ts\(1,15\): error/);
    expect(stdout).toMatch(/check {2}format: FAILED/);
    expect(stdout).toMatch(/check {2}lint: ok/);
    expect(exitCode).toBe(1);
  });

  test('a golden text that is missing fails, also where nobody set CI', slow, async () => {
    const text = `import { expect, test } from "vitest";\n\ntest("a", async () => {\n  await expect("a").toMatchFileSnapshot("a.golden");\n});\n`;

    const { lastLine, exitCode, stdout } = await runIn({ ...sound, 'good.test.ts': text }, script);

    expect(lastLine, stdout).toBe('0 passed, 1 failed, 0 skipped');
    expect(exitCode).toBe(1);
  });

  test('a project without a test is no success', slow, async () => {
    const { 'good.test.ts': _, ...untested } = sound;

    const { lastLine, exitCode } = await runIn(untested, script);

    expect(lastLine).toMatch(/^0 passed, [1-9]\d* failed, 0 skipped$/);
    expect(exitCode).toBe(1);
  });
});
