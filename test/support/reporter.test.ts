import { fileURLToPath } from 'node:url';

import { describe, expect, test } from 'vitest';

import { runIn } from './sample-project.ts';

const reporter = fileURLToPath(new URL('reporter.ts', import.meta.url));
const configuration = `
  import { defineConfig } from 'vitest/config';
  import { ClosingLineReporter } from '${reporter}';
  export default defineConfig({
    test: {
      reporters: ['default', new ClosingLineReporter()],
      projects: ['one', 'two'].map((name) => ({
        extends: true,
        test: { name, include: ['*.' + name + '.ts'] },
      })),
    },
  });
`;
const header = `import { afterAll, describe, expect, test } from 'vitest';\n`;
const good = `${header} test('holds', () => {});`;

const runs = [
  { name: 'tests that pass, over all projects', text: good, ending: '2 passed, 0 failed' },
  {
    name: 'a test that fails',
    text: `${header} test('fails', () => expect(1).toBe(2));`,
    ending: '1 passed, 1 failed',
  },
  {
    name: 'a test that says why it cannot run is skipped, and no failure',
    text: `${header} test('cannot', ({ skip }) => skip('not here'));`,
    ending: '1 passed, 0 failed, 1 skipped',
  },
  {
    name: 'a file that does not load',
    text: `throw new Error('on load');`,
    ending: '1 passed, 1 failed',
  },
  {
    name: 'a hook that throws when all is passed',
    text: `${header} afterAll(() => { throw new Error('late'); }); test('holds', () => {});`,
    ending: '2 passed, 1 failed',
  },
  {
    name: 'a hook of a group that throws',
    text: `${header} describe('a', () => { afterAll(() => { throw new Error('late'); }); test('holds', () => {}); });`,
    ending: '2 passed, 1 failed',
  },
  {
    name: 'an error that no test catches',
    text: `${header} test('holds', () => { void Promise.reject(new Error('lost')); });`,
    ending: '2 passed, 1 failed',
  },
];

describe('closing line', () => {
  test.each(runs)('$name', { timeout: 60_000 }, async ({ text, ending }) => {
    const files = { 'vitest.config.ts': configuration, 'a.one.ts': good, 'b.two.ts': text };

    const { lastLine, exitCode, stdout } = await runIn(
      files,
      'node_modules/vitest/vitest.mjs',
      'run',
    );

    expect(lastLine, stdout).toBe(ending.includes('skipped') ? ending : `${ending}, 0 skipped`);
    expect(exitCode).toBe(ending.includes(' 0 failed') ? 0 : 1);
  });
});
