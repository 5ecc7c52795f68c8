/** strace: attached to one thread of a running process, or put before a program that the process will start. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { execa } from 'execa';

import { findProgram } from '../../controller/setup/find-program.ts';

/** Which calls are looked at, and what is done to one of them. */
export interface Tracing {
  readonly kinds: readonly string[];
  readonly inject?: Injection;
  /** Where strace writes what it saw. */
  readonly log: string;
}

export interface Injection {
  /** A system call. */
  readonly kind: string;
  /** The k-th call of that kind, counted from 1. */
  readonly k: number;
  /** What strace does then: `signal=KILL`, `error=EIO`. */
  readonly effect: string;
}

/** Throws one sentence when processes cannot be traced here. */
export async function needStrace(): Promise<void> {
  if ((await findProgram('strace')) === undefined) {
    throw new Error(
      'strace is missing: install the package `strace` (`npm test` as root does so).',
    );
  }
  const { failed, stderr } = await execa('strace', ['-o', '/dev/null', 'true'], { reject: false });
  if (!failed) return;
  throw new Error(
    `Processes cannot be traced here, so that no system call can be made to fail: allow ptrace (in a container: --cap-add SYS_PTRACE) and try again. strace says: ${stderr.trim()}`,
  );
}

/** Attaches to a thread, which goes on at once. Resolves when every later call of it is seen. */
export async function attach(thread: number, tracing: Tracing): Promise<ChildProcess> {
  const strace = spawn('strace', [...optionsOf(tracing), '-p', String(thread)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  const ended = once(strace, 'close').then(() => false);
  const attached = new Promise<boolean>((resolve) => {
    strace.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('attached')) resolve(true);
    });
  });
  if (await Promise.race([attached, ended])) return strace;
  throw new Error(`strace could not be attached to the thread ${thread}: ${said.trim()}`);
}

export interface WrappedTool {
  readonly program: string;
  /** Stands in the program's arguments when it is this use of it. */
  readonly argument: string;
  readonly tracing: Tracing;
  /** When it is killed, the process with the id in this file is killed, too. */
  readonly takeAlong?: string;
}

/**
 * Puts a program of the same name into `folder`, to be first in PATH: its first run with that argument is traced, all
 * others are what they would have been.
 */
export async function wrapTool(folder: string, tool: WrappedTool): Promise<void> {
  const { program, argument, tracing, takeAlong } = tool;
  const real = await findProgram(program);
  if (real === undefined) throw new Error(`${program} is missing.`);
  mkdirSync(folder, { recursive: true });
  const options = optionsOf(tracing).map((option) => `'${option}'`);
  const claim = join(folder, `.${program}-was-run`);
  const script = [
    '#!/bin/sh',
    `case " $* " in *'${argument}'*) mkdir '${claim}' 2>/dev/null || exec ${real} "$@";; *) exec ${real} "$@";; esac`,
    `strace ${options.join(' ')} ${real} "$@"`,
    'code=$?',
    ...(takeAlong === undefined
      ? []
      : [`[ "$code" -lt 128 ] || kill -KILL "$(cat '${takeAlong}')"`]),
    'exit "$code"',
    '',
  ];
  const path = join(folder, program);
  writeFileSync(path, script.join('\n'));
  chmodSync(path, 0o755);
}

function optionsOf({ kinds, inject, log }: Tracing): string[] {
  // -y: descriptors are shown with their paths. Contents are of no interest.
  const options = ['-y', '-s', '0', '-o', log, '-e', `trace=${kinds.join(',')}`];
  if (inject === undefined) return options;
  return [...options, '-e', `inject=${inject.kind}:${inject.effect}:when=${inject.k}`];
}
