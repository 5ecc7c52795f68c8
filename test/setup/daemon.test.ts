import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  endOfLog,
  findDaemon,
  startDaemon,
  stopDaemon,
  waitUntil,
} from '../../controller/setup/daemon.ts';

let place: string;
let log: string;

/** Node itself, running a script, stands for a daemon. */
const program = process.execPath;
const graceMs = 5_000;
const limitMs = 5_000;

beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'ci-warm-daemon-'));
  log = join(place, 'folder', 'log');
});

afterEach(async () => {
  await stopDaemon(mark(), 0);
  await rm(place, { recursive: true, force: true });
});

/** The folder of this very test: no other process has it among its arguments. */
function mark() {
  return { program: basename(program), argument: place };
}

async function startScript(script: string): Promise<void> {
  await startDaemon({ program, arguments: ['--eval', script, place], log });
  const up = await waitUntil(async () => (await endOfLog(log)).includes('up'), limitMs);
  expect(up).toBe(true);
}

describe('a program in the background', () => {
  test('is found by its argument, prints to its log, and ends when it is told to', async () => {
    await startScript(
      "console.log('up'); setInterval(() => {}, 1000); process.on('SIGTERM', () => { console.log('bye'); process.exit(); })",
    );

    expect(await findDaemon(mark())).toBeGreaterThan(1);
    expect(await stopDaemon(mark(), graceMs)).toBe(true);

    expect(await readFile(log, 'utf8')).toBe('up\nbye\n');
    expect(await findDaemon(mark())).toBeUndefined();
  });

  test('is ended by force when it does not listen', async () => {
    await startScript(
      "process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1000)",
    );

    await stopDaemon(mark(), 0);

    expect(await waitUntil(async () => (await findDaemon(mark())) === undefined, limitMs)).toBe(
      true,
    );
  });

  test('another program with the same argument is not taken for it', async () => {
    await startScript("console.log('up'); setInterval(() => {}, 1000)");

    expect(await findDaemon({ program: 'dockerd', argument: place })).toBeUndefined();
    expect(await stopDaemon({ program: 'dockerd', argument: place }, 0)).toBe(false);
    expect(await findDaemon(mark())).toBeGreaterThan(1);
  });

  test('a program that is not there is an error', async () => {
    const starting = startDaemon({ program: join(place, 'none'), arguments: [], log });

    await expect(starting).rejects.toThrow('ENOENT');
  });
});
