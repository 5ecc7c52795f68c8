/** Every word that the program gives as a reason is explained to whoever reads it. */
import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { read, root } from './markdown.ts';

/** Where reasons of holds, of health and of failed phases are given. */
const sources = [
  ...readdirSync(`${root}controller/gates`).map((name) => `controller/gates/${name}`),
  'controller/plan/app-holds.ts',
  'controller/reconcile/perform.ts',
  'controller/reconcile/perform-judge.ts',
];

const pages = ['docs/safety-gate.md', 'docs/status-and-alerts.md', 'docs/operations.md'];

function reasonsIn(text: string): readonly string[] {
  const given = /(?:\breason: |\bfinding\([^']*|\bheld\([^']*)'([A-Z][A-Za-z]+)'/g;
  return [...text.matchAll(given)].map(([, reason = '']) => reason);
}

describe('reasons', () => {
  test('each one that is given stands on a page, with what it means', () => {
    const given = new Set(
      sources.flatMap((path) => reasonsIn(readFileSync(`${root}${path}`, 'utf8'))),
    );
    const explained = pages.map((page) => read(page)).join('\n');

    expect(given.size).toBeGreaterThan(40);
    expect([...given].filter((reason) => !explained.includes(`\`${reason}\``))).toEqual([]);
  });
});
