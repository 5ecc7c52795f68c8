import { chmodSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { closeToOthers } from '../../../controller/adapters/files/close-to-others.ts';
import { temporaryDirectory } from './samples.ts';

let stateDir = '';

beforeEach(() => {
  stateDir = temporaryDirectory();
});

const at = (path: string): string => join(stateDir, path);
const modeOf = (path: string): string => (statSync(at(path)).mode & 0o7777).toString(8);

function folder(path: string, mode: number): void {
  mkdirSync(at(path), { recursive: true });
  chmodSync(at(path), mode);
}

function file(path: string, mode: number): void {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), 'x');
  chmodSync(at(path), mode);
}

test('what other users could read of data and env is closed to them, once, and nothing else is touched', () => {
  folder('blog/volumes/db/data', 0o755);
  folder('blog/volumes', 0o755);
  folder('.drills/blog/volumes', 0o755);
  file('blog/last_good.json', 0o644);
  file('blog/last_good', 0o644);
  file('blog/journal.jsonl', 0o664);
  file('shop/journal.jsonl', 0o600);
  folder('shop/volumes', 0o2700);
  file('status/volumes/x.json', 0o644);
  folder('elsewhere', 0o755);
  mkdirSync(at('linked'));
  symlinkSync('../elsewhere', at('linked/volumes'));

  const { paths, troubles } = closeToOthers(stateDir);

  const closed = ['blog/volumes', 'blog/last_good.json', 'blog/journal.jsonl'];
  expect(paths).toEqual([...closed, '.drills/blog/volumes'].map(at));
  expect(troubles).toEqual([]);
  expect([...closed, '.drills/blog/volumes'].map(modeOf)).toEqual(['700', '640', '640', '700']);
  expect(modeOf('blog/last_good')).toBe('644');
  expect(modeOf('blog/volumes/db/data')).toBe('755');
  expect(modeOf('shop/journal.jsonl')).toBe('600');
  expect(modeOf('shop/volumes')).toBe('2700');
  expect(modeOf('status/volumes')).toBe('755');
  expect(modeOf('elsewhere')).toBe('755');
  expect(closeToOthers(stateDir)).toEqual({ paths: [], troubles: [] });
});

test('a state directory that is not there is none of its business', () => {
  expect(closeToOthers(join(stateDir, 'none'))).toEqual({ paths: [], troubles: [] });
});
