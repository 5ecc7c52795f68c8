/** docs/status-and-alerts.md is held against the lists that the program speaks from. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { describe, expect, test } from 'vitest';

import { reasons } from '../../controller/model/reasons.ts';
import alertSchema from '../../schema/state/common.schema.json' with { type: 'json' };

const page = await readFile(
  path.resolve(import.meta.dirname, '../../docs/status-and-alerts.md'),
  'utf8',
);

describe('the page on status and alerts', () => {
  test('lists every reason with its sentence, and no other', () => {
    const section = page.slice(page.indexOf('## Reasons'), page.indexOf('## The rest of a status'));
    const rows = [...section.matchAll(/^\| `(\w+)` +\| (.+?) +\|$/gm)].map(
      ([, reason, meaning]) => [reason, meaning] as const,
    );

    expect(Object.fromEntries(rows)).toEqual(reasons);
  });

  test('has a heading for every kind of alert, which the alert names as its runbook', () => {
    const headings = [...page.slice(page.indexOf('## Alerts')).matchAll(/^### ([a-z-]+)$/gm)].map(
      ([, kind]) => kind,
    );

    expect(headings).toEqual(alertSchema.$defs.alertKind.enum);
  });
});
