import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { deleteTree } from '../../../controller/adapters/snapshots/tools.ts';

const live = new AbortController().signal;
let top: string;
let mounted: string | undefined;

beforeEach(() => {
  top = mkdtempSync('/var/tmp/ci-warm-mounts-');
  mounted = undefined;
});

afterEach(() => {
  if (mounted !== undefined) execFileSync('umount', [mounted]);
  rmSync(top, { recursive: true });
});

describe('deleting a tree', () => {
  test('takes nothing away of a folder that is mounted within it, of the same file system', async (context) => {
    const foreign = join(top, 'foreign');
    const tree = join(top, 'a tree');
    const point = join(tree, 'some media');
    mkdirSync(foreign);
    mkdirSync(point, { recursive: true });
    writeFileSync(join(foreign, 'film'), 'precious');
    writeFileSync(join(tree, 'own'), '');
    try {
      execFileSync('mount', ['--bind', foreign, point], { stdio: 'pipe' });
    } catch {
      context.skip('this machine does not let root mount a file system');
    }
    mounted = point;

    await expect(deleteTree(tree, live)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(point) as string,
    });
    expect(readdirSync(foreign)).toEqual(['film']);
    expect(readdirSync(tree).sort()).toEqual(['own', 'some media']);
  });

  test('what is mounted beside it does not keep it', async (context) => {
    const tree = join(top, 'tree');
    const beside = join(top, 'tree-beside');
    mkdirSync(tree);
    mkdirSync(beside);
    try {
      execFileSync('mount', ['--bind', beside, beside], { stdio: 'pipe' });
    } catch {
      context.skip('this machine does not let root mount a file system');
    }
    mounted = beside;

    await deleteTree(tree, live);
    expect(existsSync(tree)).toBe(false);
  });

  test('a tree that is not there is fine', async () => {
    await expect(deleteTree(join(top, 'none', 'either'), live)).resolves.toBeUndefined();
  });
});
