/** Runs subject.ts on a state directory, with one of its calls, or of a program that it starts, tampered with. */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

import type { Order } from './acts.ts';
import type { Tool } from './scenario.ts';
import { attach, wrapTool, type Injection, type Tracing } from './strace.ts';
import type { Ending } from './subject.ts';

/** Where calls are looked at: the thread that does the asynchronous ones, the one that looks, or a program. */
export type Target = 'pool' | 'main' | Tool;

const POOL_KINDS = [
  ...['openat', 'close', 'mkdir', 'rename', 'symlink', 'readlink', 'unlink', 'rmdir', 'ftruncate'],
  ...['write', 'pwrite64', 'read', 'pread64', 'fsync', 'fdatasync', 'statx', 'getdents64'],
];
const MAIN_KINDS = ['openat', 'statx', 'newfstatat', 'getdents64', 'readlink'];

export interface Attack {
  readonly target: Target;
  readonly injection?: Injection;
  /** All processes die at once, as in a power cut; otherwise what was started goes on for as long as it can. */
  readonly isCut: boolean;
}

export interface SubjectRun {
  /** Undefined when it was killed. */
  readonly ending: Ending | undefined;
  /** What strace saw of the pool's thread, and of the target. */
  readonly poolLog: string;
  readonly targetLog: string;
  /** What it left running. */
  end(): Promise<void>;
}

export async function runSubject(order: Order, attack: Attack): Promise<SubjectRun> {
  const work = mkdtempSync(join(tmpdir(), 'ci-warm-subject-'));
  const tracing = (target: Target, log: string): Tracing => ({
    kinds: kindsOf(target),
    log: join(work, log),
    ...(target === attack.target && attack.injection !== undefined
      ? { inject: attack.injection }
      : {}),
  });
  const { target, isCut } = attack;
  if (typeof target === 'object') {
    const pidFile = join(work, 'pid');
    const takeAlong = isCut ? { takeAlong: pidFile } : {};
    await wrapTool(join(work, 'bin'), {
      ...target,
      tracing: tracing(target, 'target'),
      ...takeAlong,
    });
  }
  const subject = start(work, order);
  const closed = once(subject, 'close');
  const lines = linesOf(subject.stdout);
  if ((await lines.next()).value !== 'ready') throw new Error('the subject could not begin');
  const pid = subject.pid ?? 0;
  writeFileSync(join(work, 'pid'), String(pid));
  const straces = [await attach(threadOf(pid, 'libuv-worker'), tracing('pool', 'pool'))];
  if (target === 'main') straces.push(await attach(pid, tracing('main', 'target')));
  const detached = straces.map((strace) => once(strace, 'close'));
  subject.stdin.write('go\n');
  const last = await lines.next();
  await Promise.all([closed, ...detached]);
  if (isCut) await endAll(work);
  const read = (log: string): string =>
    existsSync(join(work, log)) ? readFileSync(join(work, log), 'latin1') : '';
  return {
    ending: last.done === true ? undefined : (JSON.parse(last.value) as Ending),
    poolLog: read('pool'),
    targetLog: read(target === 'pool' ? 'pool' : 'target'),
    end: async () => {
      await endAll(work);
      rmSync(work, { recursive: true, force: true });
    },
  };
}

function kindsOf(target: Target): readonly string[] {
  if (target === 'pool') return POOL_KINDS;
  return target === 'main' ? MAIN_KINDS : target.kinds;
}

function start(work: string, order: Order): ChildProcessByStdio<Writable, Readable, null> {
  const program = join(import.meta.dirname, 'subject.ts');
  const compiled = join(tmpdir(), 'ci-warm-subject-compiled');
  mkdirSync(compiled, { recursive: true });
  return spawn(process.execPath, [program, JSON.stringify(order)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      PATH: `${join(work, 'bin')}:${process.env['PATH'] ?? ''}`,
      // What it starts is recognised by this, whatever becomes of it.
      TMPDIR: work,
      UV_THREADPOOL_SIZE: '1',
      NODE_COMPILE_CACHE: compiled,
    },
  });
}

async function* linesOf(stream: Readable): AsyncGenerator<string, undefined> {
  let rest = '';
  for await (const chunk of stream) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  return undefined;
}

/** The thread of that name; strace cannot be told names. */
function threadOf(pid: number, name: string): number {
  const tasks = `/proc/${pid}/task`;
  const found = readdirSync(tasks).find(
    (task) => readFileSync(join(tasks, task, 'comm'), 'utf8').trim() === name,
  );
  if (found === undefined) throw new Error(`the subject has no thread ${name}`);
  return Number(found);
}

/** Kills whatever was started below `work`, and waits until it is gone. */
async function endAll(work: string): Promise<void> {
  for (let left = running(work); left.length > 0; left = running(work)) {
    for (const pid of left) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended by itself meanwhile.
      }
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function running(work: string): number[] {
  const mark = `TMPDIR=${work}\0`;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(mark);
      } catch {
        return false;
      }
    });
}
