import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, type TestContext } from 'vitest';

import { nodeFileSystem } from '../../../controller/adapters/files/fs.ts';
import { createStateJson } from '../../../controller/adapters/files/state-json.ts';
import { deleteTree } from '../../../controller/adapters/snapshots/delete-tree.ts';
import { createTarSnapshots } from '../../../controller/adapters/snapshots/tar-snapshots.ts';
import { createStateCheck } from '../../../controller/spec/state-validators.ts';

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

/** Has a folder of the same file system mounted within `tree`. */
function mountWithin(tree: string, context: TestContext): { point: string; foreign: string } {
  const foreign = join(top, 'foreign');
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
  return { point, foreign };
}

describe('deleting a tree', () => {
  test('takes nothing away of a folder that is mounted within it, of the same file system', async (context) => {
    const tree = join(top, 'a tree');
    const { point, foreign } = mountWithin(tree, context);

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

describe('before an app is stopped', () => {
  test('a mount within a volume of it is refused', async (context) => {
    const path = join(top, 'shop/volumes/data/data');
    const { point } = mountWithin(path, context);
    const snapshots = createTarSnapshots({
      stateDir: top,
      fs: nodeFileSystem,
      manifests: createStateJson(createStateCheck(), () => 'r1'),
      isRoot: true,
    });
    const room = snapshots.room('shop', [{ volume: 'data', name: 'shop_data', path }], live);

    await expect(room).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(point) as string,
    });
  });
});
