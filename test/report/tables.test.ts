import { describe, expect, test } from 'vitest';

import { historyTable } from '../../controller/report/history-table.ts';
import { statusIndex, summaryCondition, summaryOf } from '../../controller/report/index-file.ts';
import { inOrder, objectTable } from '../../controller/report/object-table.ts';
import { renderTable } from '../../controller/report/table.ts';
import { statusesOf } from '../../controller/report/status.ts';
import { entryOf, hold } from '../build/plan.ts';
import { appRecord, transitionInput } from '../build/record.ts';
import { app, backingOff, held, ill, inputs, inSync, statusOf } from '../build/status.ts';

describe('renderTable', () => {
  test('columns are as wide as their widest cell, and no line ends in spaces', () => {
    const text = renderTable({
      columns: ['NAME', 'X'],
      rows: [
        ['a-long-name', 'x'],
        ['b', ''],
      ],
    });

    expect(text).toBe('NAME          X\na-long-name   x\nb             -\n');
  });

  test('a tone changes no width', () => {
    const table = { columns: ['A', 'B'], rows: [[{ text: 'yes', tone: 'good' as const }, 'b']] };

    const text = renderTable(table, (cell, tone) => `<${tone}>${cell}</>`);

    expect(text).toBe('A     B\n<good>yes</>   b\n');
  });

  test('a cell cannot break its line, nor steer the terminal', () => {
    const text = renderTable({ columns: ['A'], rows: [['one\ntwo\u001b[31m']] });

    expect(text).toBe('A\none two\n');
  });

  test('characters of more than one code unit count as one', () => {
    const text = renderTable({ columns: ['A', 'B'], rows: [['é😀', 'b']] });

    expect(text.split('\n')[1]).toBe('é😀   b');
  });
});

describe('objectTable', () => {
  const statuses = statusesOf(inputs(entryOf('guestbook', held, { hold: hold('2.0.0+2.0.0') })));

  test('kinds without versions have no columns for them', () => {
    const recipes = statuses.filter(({ kind }) => kind === 'Recipe');

    expect(objectTable(recipes, { wide: false, mixed: false }).columns).toEqual([
      'NAME',
      'READY',
      'REASON',
    ]);
  });

  test('of several kinds, each row says its own, and what runs comes first', () => {
    const table = objectTable(inOrder(statuses), { wide: false, mixed: true });

    expect(table.rows.map(([kind]) => kind)).toEqual(['WarmApp', 'Recipe', 'Settings']);
  });
});

describe('historyTable', () => {
  test('a transition under way stands first, with the phase it is in', () => {
    const base = { id: 'x', app: app.name, transition: 'upgrade' } as const;
    const record = appRecord({
      open: [
        {
          ...base,
          at: '2026-11-21T09:29:00Z',
          phase: 'begin',
          event: 'intent',
          input: transitionInput(app, '1.1.0+1.1.0', '1.2.0+1.2.0'),
        },
        { ...base, at: '2026-11-21T09:29:01Z', phase: 'snapshot', event: 'intent' },
      ],
    });

    const [row] = historyTable(record, { wide: false }).rows;

    expect(row?.slice(0, 5)).toEqual([
      '2026-11-21T09:29:00Z',
      'upgrade',
      '1.1.0+1.1.0',
      '1.2.0+1.2.0',
      { text: 'in-snapshot', tone: 'warn' },
    ]);
  });
});

describe('statusIndex', () => {
  test('every object has a line, with what sums it up', () => {
    const index = statusIndex('sha256:0001', statusesOf(inputs(entryOf('guestbook', inSync))));

    expect(index).toMatchObject({
      revision: 'sha256:0001',
      observedRevision: 'sha256:0001',
      summary: '3 of 3 objects ready.',
    });
    expect(index.objects.at(-1)).toEqual({
      kind: 'WarmApp',
      name: 'guestbook',
      ready: 'True',
      reason: 'InSync',
      message: 'Runs 1.1.0+1.1.0 and is healthy.',
    });
  });

  test('before desired state was read its revision is unknown, which is a word and not nothing', () => {
    expect(statusIndex('', []).revision).toBe('unknown');
  });
});

describe('summaryOf', () => {
  test.each([
    {
      name: 'held',
      entry: entryOf('guestbook', held, { hold: hold('2.0.0+2.0.0') }),
      says: '3 of 3 objects ready; 1 held.',
    },
    {
      name: 'waiting',
      entry: entryOf('guestbook', backingOff),
      says: '3 of 3 objects ready; 1 in progress.',
    },
  ])('counts what is not simply ready: $name', ({ entry, says }) => {
    expect(summaryOf(statusesOf(inputs(entry)))).toBe(says);
  });

  test('an app that is ill is neither ready nor healthy', () => {
    const health = new Map([[app.name, ill]]);

    expect(summaryOf(statusesOf(inputs(entryOf('guestbook', inSync), { health })))).toBe(
      '2 of 3 objects ready; 1 unhealthy.',
    );
  });
});

describe('summaryCondition', () => {
  test('an object without conditions is Unknown', () => {
    const status = { ...statusOf(inputs(entryOf('guestbook', inSync))), conditions: [] };

    expect(summaryCondition(status)).toMatchObject({ status: 'Unknown', reason: 'NotSeenYet' });
  });
});
