import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { nodeFileSystem, type FileSystem } from '../../../controller/adapters/files/fs.ts';
import { createStateStore } from '../../../controller/adapters/files/state-store.ts';
import type { Known } from '../../../controller/model/known.ts';
import type { AppRecord } from '../../../controller/model/record.ts';
import type { StateStore } from '../../../controller/ports/state-store.ts';
import { createStateCheck } from '../../../controller/spec/state-validators.ts';
import {
  app,
  begin,
  clock,
  end,
  lastGood,
  manifest,
  must,
  quarantine,
  request,
  recordedLog,
  temporaryDirectory,
} from './samples.ts';
import { atEveryEffect, watchedFs } from './watched-fs.ts';

const check = createStateCheck();

interface Options {
  readonly stateDir?: string;
  readonly fs?: FileSystem;
  readonly holdsLock?: boolean;
  readonly isNew?: boolean;
}

function openStore({
  stateDir,
  fs = nodeFileSystem,
  holdsLock = true,
  isNew = false,
}: Options): StateStore {
  return createStateStore({
    stateDir: stateDir ?? temporaryDirectory(),
    check,
    clock,
    log: recordedLog(),
    revision: () => 'sha256:1',
    holdsLock,
    isNew,
    fs,
  });
}

async function recordOf(store: StateStore, name: string = app): Promise<Known<AppRecord>> {
  return must((await store.records([name])).get(name));
}

async function knownRecord(store: StateStore): Promise<AppRecord> {
  const record = await recordOf(store);
  if (!record.known) throw new Error(record.why);
  return record.value;
}

function json(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8')) as unknown;
}

describe('records', () => {
  test('an app that was never touched has a record without anything in it', async () => {
    const store = openStore({});

    expect(await recordOf(store)).toEqual({
      known: true,
      value: {
        lastGood: null,
        quarantine: null,
        request: null,
        orphan: null,
        open: [],
        history: [],
        frozen: null,
        snapshot: { known: true, value: null },
      },
    });
  });

  test('what one process wrote the next one reads', async () => {
    const stateDir = temporaryDirectory();
    const store = openStore({ stateDir });
    await store.writeLastGood(app, lastGood());
    await store.writeQuarantine(app, quarantine());
    await store.writeRequest(app, request());
    await store.append(begin('t1'));

    const record = await knownRecord(openStore({ stateDir }));

    expect(record).toMatchObject({
      lastGood: lastGood(),
      quarantine: quarantine(),
      request: request(),
      open: [begin('t1')],
    });
  });

  test('of a state directory that is yet to be made nothing is remembered, and nothing is made', async () => {
    const stateDir = join(temporaryDirectory(), 'state');
    const store = openStore({ stateDir, holdsLock: false, isNew: true });

    expect(await knownRecord(store)).toMatchObject({ lastGood: null, snapshot: { value: null } });
    expect(await store.apps()).toEqual([]);
    expect(nodeFileSystem.stat(stateDir)).toBeUndefined();
  });

  test('L1: without the state directory nothing is known, not even that there is nothing', async () => {
    const stateDir = join(temporaryDirectory(), 'not-mounted');

    expect(await recordOf(openStore({ stateDir }))).toEqual({
      known: false,
      why: expect.stringContaining(stateDir) as string,
    });
  });

  test.each([
    { file: 'last_good.json', content: '{"version":' },
    { file: 'last_good.json', content: '' },
    { file: 'last_good.json', content: '{"apiVersion":"ci-warm.dev/v1","observedRevision":"x"}' },
    { file: 'last_good.json', content: '{"apiVersion":"ci-warm.dev/v2"}' },
    { file: 'quarantine.json', content: '[]' },
    { file: 'request.json', content: '{"kind":"restore"}' },
    { file: 'journal.jsonl', content: 'x\n' },
  ])(
    'L1: a damaged $file ($content) is Unknown, never null, and stays',
    async ({ file, content }) => {
      const stateDir = temporaryDirectory();
      const path = join(stateDir, app, file);
      mkdirSync(join(stateDir, app));
      writeFileSync(path, content);

      const record = await recordOf(openStore({ stateDir }));

      expect(record).toMatchObject({ known: false, why: expect.stringContaining(path) as string });
      expect(record).toMatchObject({ why: expect.stringMatching(/moved? (it )?away/) as string });
      expect(readFileSync(path, 'utf8')).toBe(content);
    },
  );

  test('what a person asked for is gone once it was taken back', async () => {
    const store = openStore({});
    await store.writeRequest(app, request());

    await store.writeRequest(app, null);

    expect(await knownRecord(store)).toMatchObject({ request: null });
  });

  test('a file that cannot even be read is Unknown', async () => {
    const stateDir = temporaryDirectory();
    mkdirSync(join(stateDir, app, 'quarantine.json'), { recursive: true });

    expect(await recordOf(openStore({ stateDir }))).toMatchObject({ known: false });
  });

  test('L1: last_good without last_good.json is a way back that was lost, not one that never was', async () => {
    const stateDir = temporaryDirectory();
    const store = openStore({ stateDir });
    await store.writeLastGood(app, lastGood());
    rmSync(join(stateDir, app, 'last_good.json'));

    expect(await recordOf(store)).toEqual({
      known: false,
      why: expect.stringContaining('put it back') as string,
    });
  });

  test('trouble with one app is not trouble with another', async () => {
    const stateDir = temporaryDirectory();
    mkdirSync(join(stateDir, 'broken'));
    writeFileSync(join(stateDir, 'broken', 'last_good.json'), 'x');
    const store = openStore({ stateDir });

    const records = await store.records(['broken', app]);

    expect([...records].map(([name, { known }]) => [name, known])).toEqual([
      ['broken', false],
      [app, true],
    ]);
  });

  test('a person may lift a quarantine by removing its file', async () => {
    const stateDir = temporaryDirectory();
    const store = openStore({ stateDir });
    await store.writeQuarantine(app, quarantine());
    expect((await knownRecord(store)).quarantine).toEqual(quarantine());

    rmSync(join(stateDir, app, 'quarantine.json'));

    expect((await knownRecord(store)).quarantine).toBeNull();
  });

  test('a name that is no app’s never becomes a path', async () => {
    await expect(openStore({}).records(['../etc'])).rejects.toThrow('not the name of an app');
  });
});

describe('the snapshot in a record', () => {
  function published(stateDir: string): string {
    const directory = join(stateDir, app, '.snapshots', 'snap1');
    mkdirSync(directory, { recursive: true });
    const head = { apiVersion: 'ci-warm.dev/v1', observedRevision: 'sha256:1' };
    writeFileSync(join(directory, 'manifest.json'), JSON.stringify({ ...head, ...manifest() }));
    symlinkSync('.snapshots/snap1', join(stateDir, app, 'snapshot'));
    return directory;
  }

  test('is the manifest that the link leads to', async () => {
    const stateDir = temporaryDirectory();
    published(stateDir);

    const { snapshot } = await knownRecord(openStore({ stateDir }));

    expect(snapshot).toEqual({ known: true, value: manifest() });
  });

  test('that is damaged is Unknown, and the rest of the record stands', async () => {
    const stateDir = temporaryDirectory();
    writeFileSync(join(published(stateDir), 'manifest.json'), '{}');

    const { snapshot } = await knownRecord(openStore({ stateDir }));

    expect(snapshot).toMatchObject({ known: false });
  });

  test('S2: whose link leads nowhere is Unknown, never "there was none"', async () => {
    const stateDir = temporaryDirectory();
    const directory = published(stateDir);
    const store = openStore({ stateDir });
    expect((await knownRecord(store)).snapshot.known).toBe(true);

    renameSync(directory, `${directory}-lost`);

    expect((await knownRecord(store)).snapshot).toMatchObject({ known: false });
  });
});

describe('an idle pass', () => {
  test('over fifty apps reads nothing, writes nothing and answers with the same objects', async () => {
    const stateDir = temporaryDirectory();
    const fs = watchedFs();
    const store = openStore({ stateDir, fs });
    const apps = Array.from({ length: 50 }, (_, index) => `app-${index}`);
    for (const name of apps) {
      await store.writeLastGood(name, lastGood());
      await store.append({ ...begin('t1'), app: name });
    }
    const before = await store.records(apps);
    fs.clear();

    const after = await store.records(apps);

    expect(fs.reads).toEqual([]);
    expect(fs.effects).toEqual([]);
    expect(fs.looks()).toBeLessThanOrEqual(apps.length * 8 + 1);
    for (const name of apps) expect(after.get(name)).toBe(before.get(name));
  });

  test('after a change of one file reads that one alone', async () => {
    const stateDir = temporaryDirectory();
    const fs = watchedFs();
    const store = openStore({ stateDir, fs });
    await store.writeLastGood(app, lastGood());
    await store.writeQuarantine(app, quarantine());
    await store.records([app]);
    await openStore({ stateDir }).writeQuarantine(app, quarantine('9.9.9+9'));
    fs.clear();

    const record = await knownRecord(store);

    expect(record.quarantine?.version).toBe('9.9.9+9');
    expect(fs.reads).toEqual([join(stateDir, app, 'quarantine.json')]);
  });
});

describe('writeLastGood', () => {
  test('writes the version as plain text, and the JSON with what every JSON file carries', async () => {
    const stateDir = temporaryDirectory();

    await openStore({ stateDir }).writeLastGood(app, lastGood());

    expect(readFileSync(join(stateDir, app, 'last_good'), 'utf8')).toBe('1.0.0+2.0.0\n');
    expect(json(join(stateDir, app, 'last_good.json'))).toEqual({
      apiVersion: 'ci-warm.dev/v1',
      observedRevision: 'sha256:1',
      ...lastGood(),
    });
  });

  test('killed at any step the way back is the old or the new, and the text follows it', async () => {
    const stateDir = temporaryDirectory();
    const found = new Set<string>();
    await openStore({ stateDir }).writeLastGood(app, lastGood('1.0.0+2'));

    const points = await atEveryEffect(
      'kill',
      (fs) => openStore({ stateDir, fs }).writeLastGood(app, lastGood('1.0.1+2')),
      async () => {
        const record = await knownRecord(openStore({ stateDir }));
        const version = must(record.lastGood?.version);
        found.add(version);
        expect(readFileSync(join(stateDir, app, 'last_good'), 'utf8')).toBe(`${version}\n`);
        await openStore({ stateDir }).writeLastGood(app, lastGood('1.0.0+2'));
      },
    );

    expect(points).toBe(10);
    expect([...found].sort()).toEqual(['1.0.0+2', '1.0.1+2']);
  });

  test('L2: killed at any step of the first one there is none or the new one, never trouble', async () => {
    let stateDir = '';
    const found = new Set<string | undefined>();

    await atEveryEffect(
      'kill',
      (fs) => {
        stateDir = temporaryDirectory();
        return openStore({ stateDir, fs }).writeLastGood(app, lastGood());
      },
      async () => {
        const { lastGood: good } = await knownRecord(openStore({ stateDir, holdsLock: false }));
        found.add(good?.version);
      },
    );

    expect(found).toEqual(new Set([undefined, lastGood().version]));
  });

  test('who does not hold the lock repairs nothing and may write nothing', async () => {
    const stateDir = temporaryDirectory();
    await openStore({ stateDir }).writeLastGood(app, lastGood());
    writeFileSync(join(stateDir, app, 'last_good'), 'behind\n');
    const fs = watchedFs();
    const reader = openStore({ stateDir, fs, holdsLock: false });

    const record = await knownRecord(reader);

    expect(record.lastGood).toEqual(lastGood());
    await expect(reader.writeLastGood(app, lastGood())).rejects.toMatchObject({
      code: 'state-invalid',
    });
    await expect(reader.append(end('t1'))).rejects.toMatchObject({ code: 'state-invalid' });
    expect(fs.effects).toEqual([]);
  });

  test('will not write what its own schema refuses', async () => {
    const stateDir = temporaryDirectory();
    const store = openStore({ stateDir });

    const outcome = store.writeLastGood(app, { ...lastGood(), specHash: 'none' });

    await expect(outcome).rejects.toMatchObject({
      code: 'state-invalid',
      message: expect.stringContaining('/specHash') as string,
    });
    expect((await knownRecord(store)).lastGood).toBeNull();
  });
});

describe('apps', () => {
  test('are the directories with an app’s name, whether anybody wants them or not', async () => {
    const stateDir = temporaryDirectory();
    for (const name of ['alerts', 'status', 'runs', 'inbox', 'keycloak', 'a1', '.cache', 'Upper']) {
      mkdirSync(join(stateDir, name));
    }
    writeFileSync(join(stateDir, 'lock'), '');

    expect(await openStore({ stateDir }).apps()).toEqual(['a1', 'keycloak']);
  });

  test('of a missing state directory are not none but no answer', async () => {
    const stateDir = join(temporaryDirectory(), 'gone');

    await expect(openStore({ stateDir }).apps()).rejects.toMatchObject({ code: 'no-answer' });
  });
});

describe('append', () => {
  test('of several records at once keeps the order in which they were asked for', async () => {
    const store = openStore({});
    const ids = Array.from({ length: 10 }, (_, index) => `t${index}`);

    await Promise.all(ids.flatMap((id) => [store.append(begin(id)), store.append(end(id))]));

    expect((await knownRecord(store)).history.map(({ id }) => id)).toEqual(ids);
  });
});
