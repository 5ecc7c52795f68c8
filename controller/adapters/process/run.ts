/**
 * Runs other programs: the one place that starts a process.
 *
 * Never through a shell, never without a time limit, never with more output in memory than asked for, and never with
 * more of our environment than the list below: what a program was not given it cannot leak. When the caller's signal
 * aborts, the program and what it started are ended, by force if need be.
 *
 * Not here: what an exit code or an output means. Callers know their program.
 */
import type { Readable, Writable } from 'node:stream';

import { execa } from 'execa';

import { CiWarmError } from '../../model/failure.ts';

/** Variables of ours that every program gets. `LC_ALL=C` is added, so that messages can be recognised. */
const ENV_PASSED_ON = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'TMPDIR',
  'TZ',
  'XDG_RUNTIME_DIR',
  'DOCKER_HOST',
  'DOCKER_CONFIG',
  'DOCKER_CERT_PATH',
  'DOCKER_TLS_VERIFY',
  'SSH_AUTH_SOCK',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'NIX_SSL_CERT_FILE',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
] as const;

const OUTPUT_BYTES_MAX = 1024 * 1024;
const FORCE_KILL_AFTER_MS = 5_000;
const STDERR_LINES_SHOWN = 8;
const STDERR_LINE_LENGTH_MAX = 400;

export interface Command {
  /** What is being done and on what, for messages: `packing volume data of keycloak`. No secret. */
  readonly doing: string;
  /** A name that is looked up in PATH, or an absolute path. */
  readonly program: string;
  /** Shown in messages only with `showArgs`. */
  readonly args: readonly string[];
  /** The arguments hold no secret and help whoever reads the message. */
  readonly showArgs?: boolean;
  readonly timeoutMs: number;
  readonly cwd?: string;
  /** Beside the variables that every program gets. */
  readonly env?: Readonly<Record<string, string>>;
  /** What it reads on standard input; without it, standard input is empty. */
  readonly input?: string | Uint8Array;
  /** Exit codes that are no failure. Default: 0 alone. */
  readonly okExitCodes?: readonly number[];
  /** Of each of stdout and stderr at most this many bytes are kept, the last ones. Default 1 MiB. */
  readonly outputBytesMax?: number;
}

export interface Finished {
  readonly exitCode: number;
  /** As UTF-8, with its final line break. */
  readonly stdout: string;
  readonly stderr: string;
  /** Some of stdout or stderr was dropped from its beginning. */
  readonly truncated: boolean;
}

/**
 * Runs a program to its end. Throws `tool-failed` (also when it cannot be started), `timed-out` or `aborted`.
 * Whether it may be repeated is the program's affair.
 */
export async function run(command: Command, signal: AbortSignal): Promise<Finished> {
  const stdin = command.input === undefined ? 'ignore' : 'pipe';
  return await launch(command, stdin, 'keep', signal).finished;
}

/** A program within a pipeline. Whoever starts it drains `stdout` and ends `stdin`. */
export interface Running {
  readonly stdin: Writable;
  readonly stdout: Readable;
  /**
   * Settles when it has ended; its `stdout` is empty. Rejects as `run` does, also when it is not awaited: hand it to
   * a Promise.all at once.
   */
  readonly finished: Promise<Finished>;
}

/** Starts a program whose input and output are the caller's streams. May be repeated as often as the program may. */
export function start(command: Omit<Command, 'input'>, signal: AbortSignal): Running {
  const { process, finished } = launch(command, 'pipe', 'stream', signal);
  return { stdin: process.stdin, stdout: process.stdout, finished };
}

function launch(
  command: Command,
  stdin: 'pipe' | 'ignore',
  use: 'keep' | 'stream',
  signal: AbortSignal,
) {
  const process = execa(command.program, command.args, {
    shell: false,
    extendEnv: false,
    env: environmentOf(command),
    stdin,
    stdout: 'pipe',
    stderr: 'pipe',
    buffer: false,
    reject: false,
    cancelSignal: signal,
    timeout: command.timeoutMs,
    forceKillAfterDelay: FORCE_KILL_AFTER_MS,
    killDescendants: true,
    ...(command.cwd === undefined ? {} : { cwd: command.cwd }),
    ...(command.input === undefined ? {} : { input: command.input }),
  });
  const bytesMax = command.outputBytesMax ?? OUTPUT_BYTES_MAX;
  const kept = use === 'keep' ? new Tail(process.stdout, bytesMax) : undefined;
  const stderr = new Tail(process.stderr, bytesMax);
  const finished = process.then((result): Finished => {
    const ok = command.okExitCodes ?? [0];
    if (result.exitCode === undefined || !ok.includes(result.exitCode) || result.isCanceled) {
      throw failureOf(command, result, stderr.text());
    }
    return {
      exitCode: result.exitCode,
      stdout: kept?.text() ?? '',
      stderr: stderr.text(),
      truncated: stderr.truncated || kept?.truncated === true,
    };
  });
  return { process, finished };
}

function environmentOf(command: Command): Record<string, string> {
  const env: Record<string, string> = {};
  for (const name of ENV_PASSED_ON) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  return { ...env, LC_ALL: 'C', ...command.env };
}

interface Ended {
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  readonly code?: string | undefined;
  readonly timedOut: boolean;
  readonly isCanceled: boolean;
}

function failureOf(command: Command, ended: Ended, stderr: string): CiWarmError {
  const shown =
    command.showArgs === true ? [command.program, ...command.args].join(' ') : command.program;
  const before = `${command.doing}: \`${shown}\``;
  if (ended.isCanceled) return new CiWarmError('aborted', `${before} was stopped, as asked`);
  if (ended.timedOut) {
    const seconds = String(Math.ceil(command.timeoutMs / 1000));
    return new CiWarmError(
      'timed-out',
      `${before} did not end within ${seconds} s${tailOf(stderr)}`,
    );
  }
  if (ended.exitCode !== undefined) {
    return new CiWarmError(
      'tool-failed',
      `${before} ended with exit code ${ended.exitCode}${tailOf(stderr)}`,
    );
  }
  if (ended.code === 'ENOENT') {
    return new CiWarmError(
      'tool-failed',
      `${before} is not installed, or its working directory is gone`,
    );
  }
  const how =
    ended.signal === undefined
      ? `could not be started (${ended.code ?? 'unknown'})`
      : `was ended by ${ended.signal}`;
  return new CiWarmError('tool-failed', `${before} ${how}${tailOf(stderr)}`);
}

/** The last lines of what it complained, as the end of a message. */
function tailOf(stderr: string): string {
  const lines = stderr
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-STDERR_LINES_SHOWN)
    .map((line) => line.slice(0, STDERR_LINE_LENGTH_MAX));
  return lines.length === 0 ? '' : `: ${lines.join('\n')}`;
}

/** The last bytes of a stream. */
class Tail {
  truncated = false;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  readonly #bytesMax: number;

  constructor(stream: Readable | null, bytesMax: number) {
    this.#bytesMax = bytesMax;
    stream?.on('data', (chunk: Buffer) => {
      this.#add(chunk);
    });
  }

  #add(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    for (let first = this.#chunks[0]; first !== undefined; first = this.#chunks[0]) {
      if (this.#bytes - first.length < this.#bytesMax) break;
      this.#chunks.shift();
      this.#bytes -= first.length;
      this.truncated = true;
    }
  }

  text(): string {
    const whole = Buffer.concat(this.#chunks);
    if (whole.length > this.#bytesMax) this.truncated = true;
    return whole.subarray(Math.max(0, whole.length - this.#bytesMax)).toString('utf8');
  }
}
