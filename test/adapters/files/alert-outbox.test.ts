import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createAlertOutbox } from '../../../controller/adapters/files/alert-outbox.ts';
import { createAlertStore } from '../../../controller/adapters/files/alert-store.ts';
import { nodeFileSystem, type FileSystem } from '../../../controller/adapters/files/fs.ts';
import { known } from '../../../controller/model/known.ts';
import type { AlertOutbox } from '../../../controller/ports/alert-outbox.ts';
import type { AlertStore } from '../../../controller/ports/alert-store.ts';
import { createStateCheck } from '../../../controller/spec/state-validators.ts';
import { alert, clock, must, outboxState, recordedLog, temporaryDirectory } from './samples.ts';
import { atEveryEffect } from './watched-fs.ts';

const check = createStateCheck();
const empty = { policy: null, deliveries: [] };

function open(
  stateDir: string,
  fs: FileSystem = nodeFileSystem,
): { readonly outbox: AlertOutbox; readonly store: AlertStore } {
  const files = { stateDir, check, clock, log: recordedLog(), revision: () => 'sha256:1', fs };
  return { outbox: createAlertOutbox(files), store: createAlertStore(files) };
}

describe('the outbox’s memory', () => {
  test('is empty at first, and holds what was saved last', async () => {
    const stateDir = temporaryDirectory();

    expect(await open(stateDir).outbox.read()).toEqual(known(empty));
    await open(stateDir).outbox.save(outboxState);

    expect(await open(stateDir).outbox.read()).toEqual(known(outboxState));
  });

  test.each([{ kind: 'kill' }, { kind: 'ENOSPC' }, { kind: 'EIO' }] as const)(
    'with $kind at any step is as it was, or as it was to be',
    async ({ kind }) => {
      let stateDir = '';
      const points = await atEveryEffect(
        kind,
        async (fs) => {
          stateDir = temporaryDirectory();
          await open(stateDir).outbox.save(empty);
          await open(stateDir, fs).outbox.save(outboxState);
        },
        async () => {
          const read = await open(stateDir).outbox.read();
          expect([known(empty), known(outboxState)]).toContainEqual(read);
        },
      );

      expect(points).toBeGreaterThan(3);
    },
  );

  test('that is damaged is said, and kept aside when it is written anew', async () => {
    const stateDir = temporaryDirectory();
    const path = join(stateDir, 'alerts/.outbox.json');
    mkdirSync(join(stateDir, 'alerts'));
    writeFileSync(path, '{"deliveries": 7}');
    const { outbox } = open(stateDir);

    const read = await outbox.read();

    expect(read).toMatchObject({ known: false, why: expect.stringContaining(path) as unknown });
    expect(readFileSync(path, 'utf8')).toBe('{"deliveries": 7}');
    await outbox.save(outboxState);
    expect(await outbox.read()).toEqual(known(outboxState));
    const aside = must(
      readdirSync(join(stateDir, 'alerts')).find((name) => name.includes('damaged')),
    );
    expect(readFileSync(join(stateDir, 'alerts', aside), 'utf8')).toBe('{"deliveries": 7}');
  });
});

describe('the places of alerts', () => {
  test('say what is seen, and what a person has read', async () => {
    const stateDir = temporaryDirectory();
    const { outbox, store } = open(stateDir);
    for (const name of ['f1', 'f2', 'f3', 'f4']) await store.raise(alert(name));
    const [first, second, third, fourth] = (await outbox.places()).map(({ id }) => id);

    await outbox.putAway(must(second));
    await store.acknowledge(must(third));
    await outbox.putAway(must(fourth));
    await store.acknowledge(must(fourth));

    expect(await outbox.places()).toEqual([
      { id: first, seen: false, acknowledged: false },
      { id: second, seen: true, acknowledged: false },
      { id: third, seen: true, acknowledged: true },
      { id: fourth, seen: true, acknowledged: true },
    ]);
    expect(await store.list()).toHaveLength(4);
  });

  test('putting away what is away is fine; what never was is said', async () => {
    const stateDir = temporaryDirectory();
    const { outbox, store } = open(stateDir);
    await store.raise(alert('f1'));
    const [{ id } = { id: '' }] = await outbox.places();

    await outbox.putAway(id);
    await outbox.putAway(id);

    await expect(outbox.putAway('../x')).rejects.toThrow('there is no alert');
    await expect(store.acknowledge('../x')).rejects.toThrow('there is no alert');
    expect(existsSync(join(stateDir, 'alerts/seen/../x'))).toBe(false);
  });
});

describe('what was told', () => {
  test('is what was raised and is not over, also after a restart', async () => {
    const stateDir = temporaryDirectory();
    const { store } = open(stateDir);
    await store.raise(alert('f1', { kind: 'unhealthy' }));
    await store.raise(alert('f2', { kind: 'desired-invalid', app: 'host' }));
    await store.raise(alert('f3'));
    const ids = (await store.told()).map(({ id }) => id);

    await store.end([must(ids[0]), 'unknown']);

    const after = await open(stateDir).store.told();
    expect(after.map(({ fingerprint }) => fingerprint).sort()).toHaveLength(2);
    expect(after.map(({ id }) => id)).not.toContain(ids[0]);
  });

  test('what is over may be told again', async () => {
    const { store } = open(temporaryDirectory());
    await store.raise(alert('f1', { kind: 'desired-invalid', app: 'host' }));
    expect(await store.raise(alert('f1', { kind: 'desired-invalid', app: 'host' }))).toBe(false);

    await store.settle('host', []);

    expect(await store.raise(alert('f1', { kind: 'desired-invalid', app: 'host' }))).toBe(true);
  });
});
