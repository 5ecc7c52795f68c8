import { once } from 'node:events';

import { execa } from 'execa';
import { describe, expect, test } from 'vitest';

const module = new URL('../../controller/setup/other-node.mjs', import.meta.url).href;

/** A process that goes on under another, which runs `script`. */
function startUnder(script: string, ...args: readonly string[]) {
  const first = `
    import { runUnder } from '${module}';
    process.exitCode = await runUnder(process.execPath, '--eval', [${JSON.stringify(script)}, ...${JSON.stringify(args)}]);
  `;
  return execa(process.execPath, ['--input-type=module', '--eval', first], {
    reject: false,
    stdin: 'ignore',
    timeout: 60_000,
  });
}

describe('going on under another Node', () => {
  test('arguments and exit code are those of the program', async () => {
    const script = 'console.log(process.argv.slice(1).join()); process.exit(6)';

    const { stdout, exitCode } = await startUnder(script, 'get', '--all');

    expect(stdout).toBe('get,--all');
    expect(exitCode).toBe(6);
  });

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    '%s reaches the program, which ends in its own way',
    async (signal) => {
      const first = startUnder(
        `process.on('${signal}', () => process.exit(7)); setInterval(() => {}, 1000); console.log('up')`,
      );
      await once(first.stdout, 'data');

      first.kill(signal);

      expect((await first).exitCode).toBe(7);
    },
  );

  test('a signal that ends the program ends what started it', async () => {
    expect((await startUnder(`process.kill(process.pid, 'SIGKILL')`)).signal).toBe('SIGKILL');
    expect((await startUnder(`process.kill(process.pid, 'SIGTERM')`)).signal).toBe('SIGTERM');
  });

  test('the Node that the packages bring is 24 or newer', async () => {
    const script = `import { findNode } from '${module}'; console.log(findNode())`;
    const found = await execa(process.execPath, ['--input-type=module', '--eval', script]);

    const { stdout } = await execa(found.stdout, ['--print', 'process.versions.node']);

    expect(Number.parseInt(stdout, 10)).toBeGreaterThanOrEqual(24);
  });
});
