import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FileSystem } from '../../../controller/adapters/files/fs.ts';
import { nodeFileSystem } from '../../../controller/adapters/files/fs.ts';
import {
  createJournal,
  FINISHED_KEPT,
  FINISHED_MAX,
  type Journal,
} from '../../../controller/adapters/files/journal.ts';
import type { JournalView } from '../../../controller/model/journal-fold.ts';
import type { JournalRecord } from '../../../controller/model/journal.ts';
import { createStateCheck } from '../../../controller/spec/state-validators.ts';
import {
  app,
  begin,
  end,
  failed,
  intent,
  ok,
  recordedLog,
  temporaryDirectory,
  type RecordedLog,
} from './samples.ts';
import { atEveryEffect, watchedFs } from './watched-fs.ts';

const check = createStateCheck();

interface Bench {
  readonly path: string;
  readonly log: RecordedLog;
  readonly journal: Journal;
  open(fs?: FileSystem): Journal;
}

function bench(fs: FileSystem = nodeFileSystem): Bench {
  const path = join(temporaryDirectory(), app, 'journal.jsonl');
  const log = recordedLog();
  const open = (over: FileSystem = nodeFileSystem): Journal =>
    createJournal({ path, app, check, fs: over, log });
  return { path, log, journal: open(fs), open };
}

async function viewOf(journal: Journal): Promise<JournalView> {
  const view = await journal.read();
  if (!view.known) throw new Error(view.why);
  return view.value;
}

async function appendAll(journal: Journal, records: readonly JournalRecord[]): Promise<void> {
  for (const record of records) await journal.append(record);
}

function line(record: JournalRecord): string {
  return `${JSON.stringify(record)}\n`;
}

describe('append', () => {
  test('what was appended is read back by another process, in order', async () => {
    const { journal, open } = bench();
    const records = [begin('t1'), intent('t1', 'deploy'), failed('t1', 'deploy')];

    await appendAll(journal, records);

    expect((await viewOf(open())).open).toEqual(records);
  });

  test('L2: the line is synced before append returns, and so is the name of a new journal', async () => {
    const fs = watchedFs();
    const { journal, path } = bench(fs);

    await journal.append(begin('t1'));

    const last = fs.effects.slice(-3).map((effect) => effect.split(' ')[0]);
    expect(last).toEqual(['write', 'sync', 'syncdir']);
    expect(fs.effects).toContain(`sync ${path}`);
  });

  test('an append reads nothing that it knows already', async () => {
    const fs = watchedFs();
    const { journal } = bench(fs);
    await journal.append(begin('t1'));
    fs.clear();

    await appendAll(journal, [intent('t1', 'deploy'), ok('t1', 'deploy')]);

    expect(fs.reads).toEqual([]);
  });

  test.each([{ kind: 'kill' }, { kind: 'ENOSPC' }, { kind: 'EIO' }] as const)(
    'with $kind at any step the record is there or not, the others stand, and the next append works',
    async ({ kind }) => {
      const found = new Set<string>();
      let tried = bench();

      const points = await atEveryEffect(
        kind,
        async (fs) => {
          tried = bench();
          await tried.journal.append(begin('t1'));
          await tried.open(fs).append(intent('t1', 'deploy'));
        },
        async (_, { threw }) => {
          const again = tried.open();
          const phases = (await viewOf(again)).open.map(({ phase }) => phase).join();
          found.add(phases);
          await appendAll(again, [intent('t1', 'deploy'), ok('t1', 'deploy')]);
          expect((await viewOf(tried.open())).open.at(-1)).toEqual(ok('t1', 'deploy'));
          expect(threw).toBe(true);
        },
      );

      expect(points).toBe(4);
      expect([...found].sort()).toEqual(kind === 'kill' ? ['begin', 'begin,deploy'] : ['begin']);
    },
  );

  test('after a failed sync the same journal is written anew, because pages may have been dropped', async () => {
    const { open, journal, path } = bench();
    await journal.append(begin('t1'));
    const fs = watchedFs({ at: 4, kind: 'EIO' });
    const shaky = open(fs);

    await expect(shaky.append(intent('t1', 'deploy'))).rejects.toMatchObject({
      code: 'tool-failed',
    });
    await shaky.append(intent('t1', 'deploy'));

    expect(fs.effects.at(-2)).toMatch(/^rename .* -> /);
    expect(readFileSync(path, 'utf8')).toBe(line(begin('t1')) + line(intent('t1', 'deploy')));
  });

  test('refuses a record that contradicts the journal, and writes nothing', async () => {
    const { journal, path } = bench();
    await journal.append(begin('t1'));
    const before = readFileSync(path, 'utf8');

    await expect(journal.append(begin('t2'))).rejects.toMatchObject({ code: 'state-invalid' });

    expect(readFileSync(path, 'utf8')).toBe(before);
  });
});

describe('read', () => {
  test('a journal that is not there is an empty one', async () => {
    expect(await viewOf(bench().journal)).toEqual({ open: [], history: [], frozen: null });
  });

  test('an unchanged journal is the same object, and is not read again', async () => {
    const fs = watchedFs();
    const { journal, open } = bench(fs);
    await journal.append(begin('t1'));
    const reader = open(fs);
    const first = await reader.read();
    fs.clear();

    const second = await reader.read();

    expect(second).toBe(first);
    expect(fs.reads).toEqual([]);
  });

  test.each([
    { name: 'cut in the middle of a line', tail: line(intent('t1', 'deploy')).slice(0, 40) },
    { name: 'cut in the middle of a letter', tail: Buffer.from('{"at":"ä').subarray(0, -1) },
    { name: 'of NUL bytes', tail: Buffer.alloc(100) },
    { name: 'of NUL bytes with a line end', tail: `${'\0'.repeat(100)}"}\n` },
  ])(
    'a torn last line $name is skipped, cut off by the next append, and noted',
    async ({ tail }) => {
      const { journal, path, open, log } = bench();
      await journal.append(begin('t1'));
      appendFileSync(path, tail);
      const after = open();

      const view = await viewOf(after);
      await after.append(intent('t1', 'prepare'));

      expect(view.open).toEqual([begin('t1')]);
      expect(readFileSync(path, 'utf8')).toBe(line(begin('t1')) + line(intent('t1', 'prepare')));
      expect(log.lines).toContainEqual(expect.objectContaining({ level: 'warn' }));
    },
  );

  test('a last line that lacks nothing but its end counts', async () => {
    const { journal, path, open } = bench();
    await journal.append(begin('t1'));
    appendFileSync(path, line(intent('t1', 'deploy')).trimEnd());
    const after = open();

    await after.append(ok('t1', 'deploy'));

    const phases = (await viewOf(open())).open.map(({ phase }) => phase);
    expect(phases).toEqual(['begin', 'deploy', 'deploy']);
  });

  test.each([
    {
      name: 'is not JSON',
      text: line(begin('t1')) + '{"at":\n' + line(end('t1')),
      where: 'journal.jsonl:2 ',
    },
    {
      name: 'is not JSON although it is the last',
      text: line(begin('t1')) + 'x\n',
      where: 'journal.jsonl:2 ',
    },
    { name: 'is no record', text: '{"at":"2026-11-21T09:30:00Z"}\n', where: 'journal.jsonl:1 ' },
    {
      name: 'contradicts those before',
      text: line(begin('t1')) + line(begin('t2')),
      where: 'journal.jsonl:2 ',
    },
    {
      name: 'is of another app',
      text: line({ ...begin('t1'), app: 'keycloak' }),
      where: 'journal.jsonl:1 ',
    },
  ])(
    'L1: a journal with a line that $name is Unknown, never empty, and stays as it is',
    async ({ text, where }) => {
      const { journal, path, open } = bench();
      await journal.append(begin('t0'));
      writeFileSync(path, text);
      const after = open();

      const view = await after.read();

      expect(view).toMatchObject({ known: false, why: expect.stringContaining(where) as string });
      await expect(after.append(begin('t3'))).rejects.toMatchObject({ code: 'state-invalid' });
      expect(readFileSync(path, 'utf8')).toBe(text);
    },
  );
});

test('one sentence says where a journal is damaged and what to do, and everything else stands beside it', async () => {
  const { journal, path, open } = bench();
  await journal.append(begin('t0'));
  writeFileSync(path, '{"id":"t1","phase":"begin"}\n');

  expect(await open().read()).toEqual({
    known: false,
    why: `${path} is damaged: ${app}/journal.jsonl:1 is no journal record: /input is missing (and more); nothing is done to ${app} until that line is mended, or the file is moved away because what it says no longer counts`,
    details: ['input', 'at', 'app', 'transition', 'event'].map((name) => `/${name} is missing`),
  });
});

describe('compaction', () => {
  const finished = (count: number, notes = ''): readonly JournalRecord[] =>
    Array.from({ length: count }, (_, index) => `t${index}`).flatMap((id) => [
      begin(id, notes),
      end(id),
    ]);

  test('keeps the newest finished transitions when there are too many', async () => {
    const { journal, path, open } = bench();
    await journal.append(begin('t0'));
    writeFileSync(
      path,
      finished(FINISHED_MAX + 1)
        .map(line)
        .join(''),
    );

    await appendAll(open(), [begin('new'), intent('new', 'deploy')]);
    const whileOpen = (await viewOf(open())).history.length;
    await appendAll(open(), [end('new')]);

    const { history } = await viewOf(open());
    expect(whileOpen).toBe(FINISHED_MAX + 1);
    expect(history).toHaveLength(FINISHED_KEPT);
    expect(history.at(-1)?.id).toBe('new');
    expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(FINISHED_KEPT * 2 + 2);
  });

  test('happens by size, too', async () => {
    const { journal, path, open } = bench();
    await journal.append(begin('t0'));
    writeFileSync(path, finished(60, 'x'.repeat(20_000)).map(line).join(''));

    await appendAll(open(), [begin('new'), end('new')]);

    expect((await viewOf(open())).history).toHaveLength(FINISHED_KEPT);
  });

  test('that is killed or fails leaves the whole journal, and the record is safe', async () => {
    let tried = bench();

    const points = await atEveryEffect(
      'ENOSPC',
      async (fs) => {
        tried = bench();
        await tried.journal.append(begin('t0'));
        writeFileSync(tried.path, finished(FINISHED_MAX).map(line).join(''));
        await tried.journal.append(begin('new'));
        await tried.open(fs).append(end('new'));
      },
      async (at, { threw }) => {
        const { history } = await viewOf(tried.open());
        expect(threw).toBe(at <= 4);
        expect([FINISHED_MAX, FINISHED_MAX + 1, FINISHED_KEPT]).toContain(history.length);
        if (!threw) expect(history.at(-1)?.id).toBe('new');
      },
    );

    expect(points).toBe(9);
  });

  test('whose folder could not be synced is made once more by the next append', async () => {
    const { journal, path, open } = bench();
    await journal.append(begin('t0'));
    writeFileSync(path, finished(FINISHED_MAX).map(line).join(''));
    await journal.append(begin('new'));
    // Of the append four; of the compaction: open, write, sync, rename, and this.
    const fs = watchedFs({ at: 9, kind: 'EIO' });
    const again = open(fs);
    await again.append(end('new'));
    expect(fs.effects.at(-1)).toMatch(/^syncdir /);
    const before = fs.effects.length;

    await again.append(begin('next'));

    const steps = fs.effects.slice(before).map((effect) => effect.split(' ')[0]);
    expect(steps).toEqual(['open', 'write', 'sync', 'rename', 'syncdir']);
  });
});
