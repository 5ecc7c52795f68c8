import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { programVersion } from '../../../controller/adapters/system/identity.ts';

function place(packages: Readonly<Record<string, string>>, from: string): string {
  const root = mkdtempSync(join(tmpdir(), 'ci-warm-test-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, from), { recursive: true });
  for (const [path, text] of Object.entries(packages)) writeFileSync(join(root, path), text);
  return join(root, from);
}

describe('programVersion', () => {
  test('is that of this repository', () => {
    expect(programVersion()).toMatch(/^\d+\.\d+\.\d+/);
  });

  test.each([
    {
      name: 'is found above the built program, past what is not ours',
      packages: {
        'package.json': '{"name":"ci-warm","version":"1.2.3"}',
        'dist/package.json': '{"type":"module"}',
      },
      expected: '1.2.3',
    },
    { name: 'is unknown where there is none', packages: {}, expected: 'unknown' },
    {
      name: 'is not that of whatever is around',
      packages: { 'package.json': '{"name":"other","version":"9.9.9"}' },
      expected: 'unknown',
    },
    {
      name: 'is unknown where it is unreadable',
      packages: { 'package.json': '{' },
      expected: 'unknown',
    },
  ])('$name', ({ packages, expected }) => {
    expect(programVersion(place(packages, 'dist/controller/adapters/system'))).toBe(expected);
  });
});
