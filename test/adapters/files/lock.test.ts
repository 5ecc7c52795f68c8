import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { acquireLock } from '../../../controller/adapters/files/lock.ts';
import { temporaryDirectory } from './samples.ts';

const mine = { pid: process.pid, startedAt: '2026-11-21T09:30:00.000Z' };

/** A process that takes the lock, says so and lives until it is killed. */
const holderProgram = `
  const [modulePath, stateDir] = process.argv.slice(1);
  const { acquireLock } = await import(modulePath);
  globalThis.lock = await acquireLock({
    stateDir,
    pid: process.pid,
    startedAt: '2026-11-21T09:00:00.000Z',
  });
  process.stdout.write('held');
  setInterval(() => undefined, 60_000);
`;

async function holder(stateDir: string): Promise<ChildProcess> {
  const lockModule = join(import.meta.dirname, '../../../controller/adapters/files/lock.ts');
  const child = spawn(
    process.execPath,
    ['--input-type=module', '--eval', holderProgram, lockModule, stateDir],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
}

describe('acquireLock', () => {
  test('says for people who holds it, and since when', async () => {
    const stateDir = join(temporaryDirectory(), 'made', 'when-missing');

    const lock = await acquireLock({ stateDir, ...mine });

    expect(JSON.parse(readFileSync(join(stateDir, 'lock'), 'utf8'))).toEqual(mine);
    await lock.release();
  });

  test('a second process is told who is in the way, and the file is left as it is', async () => {
    const stateDir = temporaryDirectory();
    const other = await holder(stateDir);
    const before = readFileSync(join(stateDir, 'lock'), 'utf8');

    const outcome = acquireLock({ stateDir, ...mine });

    await expect(outcome).rejects.toMatchObject({
      code: 'busy',
      message: expect.stringContaining(`process ${String(other.pid)}, since 2026-11-21`) as string,
    });
    expect(readFileSync(join(stateDir, 'lock'), 'utf8')).toBe(before);
  });

  test('L2: a holder that was killed holds nothing, whatever the file says', async () => {
    const stateDir = temporaryDirectory();
    const other = await holder(stateDir);
    const { ino } = statSync(join(stateDir, 'lock'));
    other.kill('SIGKILL');
    await once(other, 'exit');

    const lock = await acquireLock({ stateDir, ...mine });

    expect(statSync(join(stateDir, 'lock')).ino).toBe(ino);
    await lock.release();
  });

  test('removes what a killed holder left half written, and only once it holds the lock', async () => {
    const stateDir = temporaryDirectory();
    const leftover = join(stateDir, '.x.0123456789ab.tmp');
    const other = await holder(stateDir);
    writeFileSync(leftover, 'half');

    await acquireLock({ stateDir, ...mine }).catch(() => undefined);
    const whileHeld = existsSync(leftover);
    other.kill('SIGKILL');
    await once(other, 'exit');
    const lock = await acquireLock({ stateDir, ...mine });

    expect([whileHeld, existsSync(leftover)]).toEqual([true, false]);
    await lock.release();
  });

  test('holds even against the same process, until it is released', async () => {
    const stateDir = temporaryDirectory();
    const first = await acquireLock({ stateDir, ...mine });

    await expect(acquireLock({ stateDir, ...mine })).rejects.toMatchObject({ code: 'busy' });
    await first.release();
    await first.release();

    const second = await acquireLock({ stateDir, ...mine });
    await second.release();
  });

  test('a program that the holder starts does not keep the lock when the holder is gone', async () => {
    const stateDir = temporaryDirectory();
    const lock = await acquireLock({ stateDir, ...mine });
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    onTestFinished(() => void child.kill('SIGKILL'));
    await once(child, 'spawn');

    await lock.release();

    const again = await acquireLock({ stateDir, ...mine });
    await again.release();
  });
});
