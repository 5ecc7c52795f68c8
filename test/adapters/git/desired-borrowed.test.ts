/** Whoever only looks writes nothing of the state directory, and copies nothing of what is there. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { createDesiredGit } from '../../../controller/adapters/git/desired-git.ts';
import { parseDesiredLocation } from '../../../controller/model/desired-location.ts';
import type { DesiredSource } from '../../../controller/ports/desired-source.ts';
import { appliedOf, desired, follows, make, ops, signal, source, useOps } from './desired-ops.ts';

useOps();

const state = (): string => join(ops.folder, 'state');

function looker(scratch: string): DesiredSource {
  const location = parseDesiredLocation(`git+${ops.repository}#main:desired`);
  if (location.kind !== 'git') throw new Error(JSON.stringify(location));
  return createDesiredGit({
    location,
    stateDir: state(),
    clock: { now: () => ops.nowMs, sleep: () => Promise.resolve() },
    log: ops.log,
    holdsLock: false,
    isSigned: false,
    scratch,
  });
}

/** Every file below with when it was written and what it holds. */
function everything(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => {
      const stat = statSync(join(folder, name));
      const text = stat.isFile() ? readFileSync(join(folder, name), 'latin1') : '';
      return `${name} ${String(stat.mtimeMs)} ${text}`;
    });
}

test('a newer commit is read, and the mirror that is kept stays as it is, configuration and all', async () => {
  make([desired({ 'a.yaml': 'one' })]);
  const first = await source().read(signal);
  const before = everything(state());
  const [second] = make([follows({ 'a.yaml': 'two' })], 1);
  // Somebody else's git is configured otherwise.
  vi.stubEnv('GIT_CONFIG_GLOBAL', join(ops.folder, 'elsewhere'));
  const scratch = mkdtempSync(join(ops.folder, 'scratch-'));

  const tree = await looker(scratch).read(signal, appliedOf(first));

  expect(tree.revision).toBe(second);
  expect(tree.files[0]?.text).toBe('two');
  expect(everything(state())).toEqual(before);
});

test('what was applied is read from the mirror that is kept, where the repository is away', async () => {
  make([desired({ 'a.yaml': 'one' })]);
  const first = await source().read(signal);
  const scratch = mkdtempSync(join(ops.folder, 'scratch-'));
  rmSync(ops.repository, { recursive: true });

  const tree = await looker(scratch).readApplied?.(appliedOf(first), signal);

  expect(tree?.files[0]?.text).toBe('one');
});

test('without a mirror it makes none where the state is kept', async () => {
  make([desired({ 'a.yaml': 'one' })]);
  const scratch = mkdtempSync(join(ops.folder, 'scratch-'));

  const tree = await looker(scratch).read(signal);

  expect(tree.files[0]?.text).toBe('one');
  expect(existsSync(state())).toBe(false);
});
