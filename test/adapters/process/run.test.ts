import { readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import { run, start, type Command } from '../../../controller/adapters/process/run.ts';
import { CiWarmError } from '../../../controller/model/failure.ts';

const never = new AbortController().signal;

/** A Node program as the command: there on every machine that runs these tests. */
function script(code: string, more: Partial<Command> = {}): Command {
  return {
    doing: 'trying a program',
    program: process.execPath,
    args: ['-e', code],
    timeoutMs: 30_000,
    ...more,
  };
}

async function failureOf(promise: Promise<unknown>): Promise<CiWarmError> {
  const thrown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof CiWarmError)) throw new Error(`not a CiWarmError: ${String(thrown)}`);
  return thrown;
}

describe('run', () => {
  test('gives both outputs as they were written, and the exit code', async () => {
    const finished = await run(
      script("process.stdout.write('a\\nb\\n'); process.stderr.write('careful\\n')"),
      never,
    );

    expect(finished).toEqual({
      exitCode: 0,
      stdout: 'a\nb\n',
      stderr: 'careful\n',
      truncated: false,
    });
  });

  test('gives an argument to the program as it is, whatever a shell would make of it', async () => {
    const argument = '$(touch /tmp/x) `id` ; * "quoted" \\ \n-rf';

    const { stdout } = await run(
      { ...script(''), args: ['-e', 'process.stdout.write(process.argv[1])', argument] },
      never,
    );

    expect(stdout).toBe(argument);
  });

  test('standard input is empty unless bytes are given', async () => {
    const echo = 'process.stdin.pipe(process.stdout)';

    const empty = await run(script(echo), never);
    const given = await run(script(echo, { input: Buffer.from('x\u00ff\n') }), never);

    expect(empty.stdout).toBe('');
    expect(given.stdout).toBe('x\u00ff\n');
  });

  test('a program sees the variables it was given and those of the list, no others', async () => {
    process.env['CI_WARM_TEST_SECRET'] = 'do not pass on';

    const { stdout } = await run(
      script('process.stdout.write(JSON.stringify(process.env))', { env: { GIVEN: 'yes' } }),
      never,
    );

    delete process.env['CI_WARM_TEST_SECRET'];
    const env = JSON.parse(stdout) as Record<string, string>;
    expect(env).toMatchObject({ GIVEN: 'yes', LC_ALL: 'C', PATH: process.env['PATH'] });
    expect(env).not.toHaveProperty('CI_WARM_TEST_SECRET');
  });

  test('keeps the end of an output that is too long, and says that it did', async () => {
    const { stdout, truncated } = await run(
      script("for (let i = 0; i < 20000; i += 1) console.log('line ' + i)", {
        outputBytesMax: 1000,
      }),
      never,
    );

    expect(stdout).toHaveLength(1000);
    expect(stdout.endsWith('line 19998\nline 19999\n')).toBe(true);
    expect(truncated).toBe(true);
  });

  test('another exit code than expected is a failure that names the program and its last complaints', async () => {
    const failure = await failureOf(
      run(script("console.error('first\\n\\nno such volume'); process.exit(3)"), never),
    );

    expect(failure.code).toBe('tool-failed');
    expect(failure.message).toBe(
      `trying a program: \`${process.execPath}\` ended with exit code 3: first\nno such volume`,
    );
  });

  test('an exit code that was named as good is none', async () => {
    const { exitCode } = await run(script('process.exit(1)', { okExitCodes: [0, 1] }), never);

    expect(exitCode).toBe(1);
  });

  test('arguments stand in the message only where they were said to be harmless', async () => {
    const failing = { ...script(''), args: ['-e', 'process.exit(1)', 'hunter2'] };

    const hidden = await failureOf(run(failing, never));
    const shown = await failureOf(run({ ...failing, showArgs: true }, never));

    expect(hidden.message).not.toContain('hunter2');
    expect(shown.message).toContain('hunter2');
  });

  test('a program that is not there is said to be not installed', async () => {
    const failure = await failureOf(
      run({ ...script(''), program: 'no-such-program-of-ci-warm' }, never),
    );

    expect(failure.code).toBe('tool-failed');
    expect(failure.message).toContain('`no-such-program-of-ci-warm` is not installed');
  });

  test('one that takes too long is ended with what it started', async () => {
    const sleeps = "['-e', 'setInterval(() => {}, 1000)']";
    const failure = await failureOf(
      run(
        script(
          `const c = require('child_process').spawn(process.execPath, ${sleeps});` +
            "process.stderr.write('child ' + c.pid + '\\n'); setInterval(() => {}, 1000)",
          { timeoutMs: 500 },
        ),
        never,
      ),
    );

    expect(failure.code).toBe('timed-out');
    expect(failure.message).toContain('did not end within 1 s');
    const child = Number(/child (\d+)/.exec(failure.message)?.[1]);
    await expect.poll(() => isRunning(child)).toBe(false);
  });

  test.each([
    { name: 'before it starts', when: 'before' },
    { name: 'while it runs', when: 'while' },
  ])('a signal that aborts $name ends it', async ({ when }) => {
    const abort = new AbortController();
    if (when === 'before') abort.abort();
    const running = start(script("console.log('up'); setInterval(() => {}, 1000)"), abort.signal);
    running.stdout.once('data', () => abort.abort());

    const failure = await failureOf(running.finished);

    expect(failure.code).toBe('aborted');
  });
});

describe('start', () => {
  test('streams what goes in and what comes out', async () => {
    const running = start(script('process.stdin.pipe(process.stdout)'), never);
    const chunks: Buffer[] = [];
    running.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    running.stdin.end(Buffer.alloc(3_000_000, 'x'));

    const finished = await running.finished;

    expect(Buffer.concat(chunks)).toHaveLength(3_000_000);
    expect(finished.stdout).toBe('');
  });
});

/** A process that ended counts as gone, whether or not anybody has collected it. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
