/** What a process costs: from its start to its end, or a running one so far. Linux only. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

export interface Cost {
  readonly wallMs: number;
  /** User and system time, of the process and of all that it started. */
  readonly cpuMs: number;
}

/** Runs a program to its end with its output thrown away. Throws unless it exits with 0. */
export function costOf(program: string, args: readonly string[]): Cost {
  // The shell's own clock for its children: this process cannot ask for theirs.
  const script = 'TIMEFORMAT="%R %U %S"; time "$@" >/dev/null 2>&1';
  const told = execFileSync('bash', ['-c', `{ ${script}; } 2>&1`, 'bench', program, ...args], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  });
  const [wall = Number.NaN, user = Number.NaN, system = Number.NaN] = told
    .trim()
    .split(' ')
    .map(Number);
  return { wallMs: wall * 1000, cpuMs: (user + system) * 1000 };
}

/** CPU time that all threads of a running process have had, and what it started and has waited for. */
export function cpuMsOf(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`).map(
    (thread) => readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0],
  );
  const own = threads.reduce((sum, ns) => sum + Number(ns) / 1e6, 0);
  return own + childrenMsOf(pid);
}

/** In ticks of 10 ms: an idle pass starts no process, so it is zero, or it is much. */
function childrenMsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name of the program, in brackets, may hold spaces: fields are counted behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) * 10;
}

/** Memory of a running process that is in RAM now. */
export function residentMiBOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(?<kib>\d+) kB$/m.exec(status)?.groups?.['kib']) / 1024;
}
