/**
 * Runs the programs that make the ground: apt, docker, git, tar.
 *
 * Not the controller's process wrapper: these are short steps of a set-up in front of a person, without cancellation.
 * Never a shell.
 */
import { execa } from 'execa';
import { GroundError } from './ground-error.ts';

export interface CommandOptions {
  readonly cwd?: string;
  /** Added to this process's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Written to its standard input; nothing by default. */
  readonly input?: string;
  /** Default: 10 minutes, for package downloads on a slow line. */
  readonly timeoutMs?: number;
}

export interface CommandResult {
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

const timeoutMsDefault = 600_000;
const complaintCharactersMax = 1_500;

/** Runs a program to its end. Never throws: a program that is missing or fails is `ok: false`. */
export async function attempt(
  program: string,
  arguments_: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const { cwd, env, input, timeoutMs = timeoutMsDefault } = options;
  const result = await execa(program, [...arguments_], {
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env }),
    timeout: timeoutMs,
    ...(input === undefined ? { stdin: 'ignore' } : { input }),
    reject: false,
  });
  const stderr =
    result.stderr === '' && result.failed ? (result.shortMessage ?? '') : result.stderr;
  return { ok: !result.failed, stdout: result.stdout, stderr };
}

/** The same, for a program that must succeed: returns its stdout, throws `GroundError` with the end of its complaint. */
export async function run(
  program: string,
  arguments_: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const result = await attempt(program, arguments_, options);
  if (result.ok) return result.stdout;
  const complaint = (result.stderr || result.stdout).trim().slice(-complaintCharactersMax);
  throw new GroundError(`\`${[program, ...arguments_].join(' ')}\` failed:\n${complaint}`);
}
