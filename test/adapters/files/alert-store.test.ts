import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createAlertStore } from '../../../controller/adapters/files/alert-store.ts';
import { nodeFileSystem, type FileSystem } from '../../../controller/adapters/files/fs.ts';
import type { Alert } from '../../../controller/model/alert.ts';
import type { AlertStore } from '../../../controller/ports/alert-store.ts';
import { createStateCheck } from '../../../controller/spec/state-validators.ts';
import {
  alert,
  app,
  clock,
  must,
  recordedLog,
  temporaryDirectory,
  type RecordedLog,
} from './samples.ts';
import { atEveryEffect, watchedFs } from './watched-fs.ts';

const check = createStateCheck();

function openStore(
  stateDir: string,
  fs: FileSystem = nodeFileSystem,
  log: RecordedLog = recordedLog(),
): AlertStore {
  return createAlertStore({ stateDir, check, clock, log, revision: () => 'sha256:1', fs });
}

function alertFiles(stateDir: string): readonly string[] {
  const directory = join(stateDir, 'alerts');
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json') && !name.startsWith('.'))
    .sort();
}

describe('raise', () => {
  test('writes one file, named for time, app and kind, with what every JSON file carries', async () => {
    const stateDir = temporaryDirectory();

    const wrote = await openStore(stateDir).raise(alert('f1'));

    const name = '20261121T093000Z-guestbook-held-major.json';
    expect(wrote).toBe(true);
    expect(alertFiles(stateDir)).toEqual([name]);
    expect(JSON.parse(readFileSync(join(stateDir, 'alerts', name), 'utf8'))).toEqual({
      apiVersion: 'ci-warm.dev/v1',
      observedRevision: 'sha256:1',
      ...alert('f1'),
    });
  });

  test('A1: the same event is told once, however often it is raised', async () => {
    const stateDir = temporaryDirectory();
    const store = openStore(stateDir);

    const wrote = await Promise.all([1, 2, 3].map(() => store.raise(alert('f1'))));

    expect(wrote).toEqual([true, false, false]);
    expect(alertFiles(stateDir)).toHaveLength(1);
  });

  test('whoever watches the log sees it there, once', async () => {
    const log = recordedLog();
    const store = openStore(temporaryDirectory(), nodeFileSystem, log);

    await store.raise(alert('f1'));
    await store.raise(alert('f1'));

    const { title } = alert('f1');
    expect(log.lines).toMatchObject([{ level: 'warn', message: 'alert', fields: { app, title } }]);
  });

  test('and there alone why the tree as a whole is refused, which no app’s status says', async () => {
    const log = recordedLog();
    const store = openStore(temporaryDirectory(), nodeFileSystem, log);
    const refused: Alert = { ...alert('f1'), kind: 'desired-stale', message: 'it is empty' };

    await store.raise(refused);

    expect(log.lines).toMatchObject([{ fields: { message: 'it is empty' } }]);
  });

  test.each([
    { name: 'after a restart', between: (): void => undefined },
    {
      name: 'when people removed the file',
      between: (alerts: string): void => {
        for (const name of readdirSync(alerts)) {
          if (!name.startsWith('.')) rmSync(join(alerts, name), { recursive: true });
        }
      },
    },
    {
      name: 'when the ledger is gone',
      between: (alerts: string): void => rmSync(join(alerts, '.ledger.json')),
    },
    {
      name: 'when the ledger is damaged',
      between: (alerts: string): void => writeFileSync(join(alerts, '.ledger.json'), '{'),
    },
  ])('A1: it is not told again $name', async ({ between }) => {
    const stateDir = temporaryDirectory();
    await openStore(stateDir).raise(alert('f1'));

    between(join(stateDir, 'alerts'));

    expect(await openStore(stateDir).raise(alert('f1', { at: '2026-11-22T00:00:00Z' }))).toBe(
      false,
    );
  });

  test('A1: nor when it was seen and the ledger is gone', async () => {
    const stateDir = temporaryDirectory();
    const store = openStore(stateDir);
    await store.raise(alert('f1'));
    await store.acknowledge(must((await store.list())[0]).id);
    rmSync(join(stateDir, 'alerts', '.ledger.json'));

    expect(await openStore(stateDir).raise(alert('f1'))).toBe(false);
  });

  test.each([{ kind: 'kill' }, { kind: 'ENOSPC' }] as const)(
    'A1: with $kind at any step the event is told exactly once in the end',
    async ({ kind }) => {
      let stateDir = '';
      let wasTold = 0;

      const points = await atEveryEffect(
        kind,
        async (fs) => {
          stateDir = temporaryDirectory();
          const wrote = await openStore(stateDir, fs).raise(alert('f1'));
          // The ledger is no reason to fail: what it says is in the alert files, too.
          if (!wrote || fs.stat(join(stateDir, 'alerts', '.ledger.json'))) return;
          throw new Error('told, but the ledger does not know');
        },
        async () => {
          wasTold += alertFiles(stateDir).length;
          await openStore(stateDir).raise(alert('f1'));
          expect(alertFiles(stateDir)).toHaveLength(1);
        },
      );

      expect(points).toBe(12);
      expect(wasTold).toBeGreaterThan(0);
      expect(wasTold).toBeLessThan(points);
    },
  );

  test('A1: an event whose alert failed at any step has one file when it is raised again', async () => {
    let stateDir = '';
    await atEveryEffect(
      'EIO',
      async (fs) => {
        stateDir = temporaryDirectory();
        const store = openStore(stateDir, fs);
        await store.raise(alert('f1')).catch(() => store.raise(alert('f1')));
      },
      () => {
        expect(alertFiles(stateDir)).toHaveLength(1);
        return Promise.resolve();
      },
    );
  });

  test('two events of one kind in one second have two files, also when the first was seen', async () => {
    const stateDir = temporaryDirectory();
    const store = openStore(stateDir);
    const base = '20261121T093000Z-guestbook-held-major';
    await store.raise(alert('f1'));
    await store.acknowledge(base);

    await store.raise(alert('f2'));
    await store.raise(alert('f3'));

    expect(alertFiles(stateDir)).toEqual([`${base}-2.json`, `${base}-3.json`, `seen/${base}.json`]);
  });

  test('an app’s name that is no file name does not leave the folder', async () => {
    const stateDir = temporaryDirectory();

    await openStore(stateDir).raise(alert('f1', { app: '../x' }));

    expect(alertFiles(stateDir)).toEqual(['20261121T093000Z-___x-held-major.json']);
  });

  test('will not write an alert that its own schema refuses', async () => {
    const stateDir = temporaryDirectory();

    const outcome = openStore(stateDir).raise(alert('f1', { at: 'yesterday' }));

    await expect(outcome).rejects.toMatchObject({ code: 'state-invalid' });
    expect(alertFiles(stateDir)).toEqual([]);
  });
});

describe('settle', () => {
  test('a hold that is over and comes back is told again, also across restarts', async () => {
    const stateDir = temporaryDirectory();
    await openStore(stateDir).raise(alert('f1'));

    await openStore(stateDir).settle(app, []);

    const again = openStore(stateDir);
    expect(await again.raise(alert('f1'))).toBe(true);
    expect(await again.raise(alert('f1'))).toBe(false);
    expect(alertFiles(stateDir)).toHaveLength(2);
  });

  test.each([
    { name: 'a hold that is still there', raised: alert('f1'), active: ['f1'] },
    { name: 'another app’s hold', raised: alert('f1', { app: 'keycloak' }), active: [] },
    { name: 'what is no hold', raised: alert('f1', { kind: 'rollback' }), active: [] },
  ])('does not forget $name', async ({ raised, active }) => {
    const store = openStore(temporaryDirectory());
    await store.raise(raised);

    await store.settle(app, active);

    expect(await store.raise(raised)).toBe(false);
  });

  test('in an idle pass neither reads nor writes', async () => {
    const fs = watchedFs();
    const store = openStore(temporaryDirectory(), fs);
    await store.raise(alert('f1'));
    fs.clear();

    await store.settle(app, ['f1']);
    await store.raise(alert('f1'));

    expect([fs.reads, fs.effects, fs.looks()]).toEqual([[], [], 0]);
  });

  test('a ledger that could not be saved is saved by the next pass', async () => {
    const stateDir = temporaryDirectory();
    const log = recordedLog();
    // mkdir, its sync, and the five steps of the alert's file come before.
    const store = openStore(stateDir, watchedFs({ at: 8, kind: 'ENOSPC' }), log);
    const ledger = join(stateDir, 'alerts', '.ledger.json');
    const wrote = await store.raise(alert('f1'));
    const wasSaved = existsSync(ledger);

    await store.settle(app, ['f1']);

    expect([wrote, wasSaved, existsSync(ledger)]).toEqual([true, false, true]);
    expect(log.lines.filter(({ message }) => message !== 'alert')).toMatchObject([
      { level: 'warn' },
    ]);
  });
});

describe('list and acknowledge', () => {
  test('shows new and seen alerts in order of time', async () => {
    const store = openStore(temporaryDirectory());
    await store.raise(alert('f2', { at: '2026-11-22T00:00:00Z' }));
    await store.raise(alert('f1', { at: '2026-11-21T00:00:00Z' }));
    await store.acknowledge('20261121T000000Z-guestbook-held-major');

    const list = await store.list();

    expect(list.map(({ seen, alert: { fingerprint } }) => ({ seen, fingerprint }))).toEqual([
      { seen: true, fingerprint: 'f1' },
      { seen: false, fingerprint: 'f2' },
    ]);
  });

  test('what is seen already stays seen', async () => {
    const store = openStore(temporaryDirectory());
    await store.raise(alert('f1'));
    const { id } = must((await store.list())[0]);

    await store.acknowledge(id);
    await store.acknowledge(id);

    expect(await store.list()).toMatchObject([{ id, seen: true }]);
  });

  test.each([{ id: 'none' }, { id: '../status/index' }, { id: '.ledger' }, { id: '' }])(
    'there is no alert "$id" to acknowledge',
    async ({ id }) => {
      const stateDir = temporaryDirectory();
      mkdirSync(join(stateDir, 'status'));
      writeFileSync(join(stateDir, 'status', 'index.json'), '{}');
      const store = openStore(stateDir);
      await store.raise(alert('f1'));

      await expect(store.acknowledge(id)).rejects.toMatchObject({ code: 'state-invalid' });
    },
  );

  test('a damaged alert is said and the others are shown', async () => {
    const stateDir = temporaryDirectory();
    const log = recordedLog();
    const store = openStore(stateDir, nodeFileSystem, log);
    await store.raise(alert('f1'));
    writeFileSync(join(stateDir, 'alerts', 'broken.json'), '{');

    expect(await store.list()).toHaveLength(1);
    expect(log.lines.filter(({ message }) => message !== 'alert')).toMatchObject([
      { level: 'warn', fields: { id: 'broken' } },
    ]);
  });

  test('a state directory without alerts has none', async () => {
    expect(await openStore(join(temporaryDirectory(), 'gone')).list()).toEqual([]);
  });

  test('an alert that a person moved to seen/ by hand counts as seen', async () => {
    const stateDir = temporaryDirectory();
    const store = openStore(stateDir);
    await store.raise(alert('f1'));
    const { id } = must((await store.list())[0]);
    mkdirSync(join(stateDir, 'alerts', 'seen'));

    renameSync(
      join(stateDir, 'alerts', `${id}.json`),
      join(stateDir, 'alerts', 'seen', `${id}.json`),
    );

    expect(await store.list()).toMatchObject([{ seen: true }]);
  });
});
