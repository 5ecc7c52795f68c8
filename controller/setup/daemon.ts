/**
 * A program that goes on in the background after this one has ended, without systemd: started detached, and found again
 * by its command line.
 *
 * Invariant: a process is taken for ours only when one of its arguments is a path in our own folder. No file with a
 * process id is believed: the kernel gives process ids again, and a kill between start and write would lose it.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readFile, readdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const pollMs = 50;

export interface Daemon {
  readonly program: string;
  readonly arguments: readonly string[];
  /** Everything that it prints is appended here. */
  readonly log: string;
}

/** What tells one daemon of ours from every other process. */
export interface DaemonMark {
  /** The program's name without its folder. */
  readonly program: string;
  /** One whole argument that nobody else would give. */
  readonly argument: string;
}

/** Starts it in the background; throws when it cannot be started at all. Says nothing about how it fares afterwards. */
export async function startDaemon(daemon: Daemon): Promise<void> {
  await mkdir(dirname(daemon.log), { recursive: true });
  const log = await open(daemon.log, 'a');
  try {
    const child = spawn(daemon.program, daemon.arguments, {
      cwd: '/',
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    });
    await once(child, 'spawn');
    child.unref();
  } finally {
    await log.close();
  }
}

/** The process id of a living daemon, or undefined. */
export async function findDaemon(mark: DaemonMark): Promise<number | undefined> {
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const commandLine = await readFile(`/proc/${entry}/cmdline`, 'utf8').catch(() => '');
    const [program = '', ...arguments_] = commandLine.split('\0');
    if (basename(program) === mark.program && arguments_.includes(mark.argument))
      return Number(entry);
  }
  return undefined;
}

/** Asks it to end by SIGTERM, waits, and ends it by SIGKILL after `graceMs`. Returns whether it ran. */
export async function stopDaemon(mark: DaemonMark, graceMs: number): Promise<boolean> {
  const pid = await findDaemon(mark);
  if (pid === undefined) return false;
  process.kill(pid, 'SIGTERM');
  const gone = await waitUntil(async () => (await findDaemon(mark)) === undefined, graceMs);
  if (!gone) process.kill(pid, 'SIGKILL');
  return true;
}

/** Looks again and again until it holds (true) or the time is over (false). */
export async function waitUntil(holds: () => Promise<boolean>, limitMs: number): Promise<boolean> {
  const endMs = performance.now() + limitMs;
  while (!(await holds())) {
    if (performance.now() > endMs) return false;
    await delay(pollMs);
  }
  return true;
}

/** The end of a log, for a message. */
export async function endOfLog(file: string): Promise<string> {
  const charactersMax = 1_000;
  return (await readFile(file, 'utf8').catch(() => '')).trim().slice(-charactersMax);
}
