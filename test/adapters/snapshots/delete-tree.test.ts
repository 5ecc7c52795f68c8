/** What keeps a tree from being deleted is told so that it can be mended, and nothing is made up. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';

import { deleteTree } from '../../../controller/adapters/snapshots/delete-tree.ts';
import { ReplacedPrograms } from './replaced-programs.ts';

const live = new AbortController().signal;
let top: string;
let tree: string;

beforeEach(() => {
  top = mkdtempSync('/var/tmp/ci-warm-delete-');
  tree = join(top, 'tree');
  mkdirSync(tree);
  writeFileSync(join(tree, 'kept'), '');
  writeFileSync(join(tree, 'other'), '');
});

afterEach(() => {
  spawnSync('chattr', ['-R', '-i', '-a', top]);
  rmSync(top, { recursive: true });
});

test.for([
  { name: 'immutable', flag: 'i' },
  { name: 'append-only', flag: 'a' },
])(
  'a file that is $name is named, and the commands that show and end it',
  async ({ flag }, context) => {
    try {
      execFileSync('chattr', [`+${flag}`, join(tree, 'kept')], { stdio: 'pipe' });
    } catch {
      context.skip('this file system has no such attributes, or only root may set them');
    }
    onTestFinished(() => {
      if (existsSync(tree)) execFileSync('chattr', ['-R', '-i', '-a', tree]);
    });

    const error = await deleteTree(tree, live).catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ code: 'tool-failed' });
    const { message } = error as Error;
    expect(message).toContain(`${tree}/kept': Operation not permitted`);
    expect(message).toContain(`look with \`lsattr -aR ${tree}\``);
    expect(readdirSync(tree)).toEqual(['kept']);

    const [, ...mend] = /`(chattr [^`]*)`/.exec(message)?.[1]?.split(' ') ?? [];
    execFileSync('chattr', mend);
    await deleteTree(tree, live);
    expect(existsSync(tree)).toBe(false);
  },
);

test.each(['Permission denied', 'Device or resource busy', 'Read-only file system'])(
  'of rm complaining "%s" nothing is said of attributes',
  async (why) => {
    const programs = new ReplacedPrograms();
    onTestFinished(() => programs.remove());
    programs.replace('rm', `echo "rm: cannot remove '$4': ${why}" >&2; exit 1`);

    await expect(deleteTree(tree, live)).rejects.toMatchObject({
      message: expect.not.stringContaining('lsattr') as string,
    });
  },
);
