import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createAppliedStore } from '../../../controller/adapters/files/desired-applied.ts';
import { known } from '../../../controller/model/known.ts';
import { createStateCheck } from '../../../controller/spec/state-validators.ts';
import { clock, temporaryDirectory } from './samples.ts';

const check = createStateCheck();
const applied = { revision: 'abc', origin: '/srv/ops.git#main', objects: ['WarmApp/guestbook'] };

function store(stateDir: string, holdsLock = true) {
  return createAppliedStore({ stateDir, check, clock, holdsLock });
}

describe('what was applied last', () => {
  test('outlives a restart', async () => {
    const stateDir = temporaryDirectory();
    await store(stateDir).write(applied);

    expect(await store(stateDir).read()).toEqual(
      known({ ...applied, appliedAt: '2026-11-21T09:30:00.000Z' }),
    );
  });

  test('is the same object while nobody touched the file, and gone when somebody removed it', async () => {
    const stateDir = temporaryDirectory();
    const one = store(stateDir);
    expect(await one.read()).toEqual(known(undefined));
    await one.write(applied);

    const first = await one.read();
    expect(await one.read()).toBe(first);
    rmSync(one.path);
    expect(await one.read()).toEqual(known(undefined));
  });

  test('that is damaged is not nothing', async () => {
    const stateDir = temporaryDirectory();
    writeFileSync(join(stateDir, 'desired.json'), '{}');

    expect(await store(stateDir).read()).toMatchObject({
      known: false,
      why: expect.stringContaining('desired.json is damaged') as unknown,
    });
  });

  test('is not written by whoever has no lock', async () => {
    const stateDir = temporaryDirectory();
    const one = store(stateDir, false);

    await one.write(applied);

    expect(existsSync(one.path)).toBe(false);
  });
});
