import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseDesiredLocation } from '../../../controller/model/desired-location.ts';
import {
  appliedOf,
  desired,
  follows,
  gitStarts,
  hourMs,
  make,
  ops,
  signal,
  source,
  staleOf,
  useOps,
} from './desired-ops.ts';
import { git } from './make-repository.ts';

useOps();

describe('read', () => {
  test('the YAML files of the folder at the branch, with the commit as revision', async () => {
    const [commit] = make([
      {
        files: {
          'README.md': 'no',
          'other.yaml': 'no',
          'desired/b.yml': 'b',
          'desired/C.YAML': '{}',
          'desired/apps/a.yaml': 'ä',
          'desired/empty.yaml': '',
          'desired/.hidden.yaml': 'no',
          'desired/.github/x.yaml': 'no',
          'desired/notes.txt': 'no',
          'desired/world.json': 'no',
        },
      },
    ]);

    const tree = await source().read(signal);

    expect(tree.revision).toBe(commit);
    expect(tree.baseDirectory).toBe(`${ops.repository}/desired`);
    expect(tree.files).toEqual([
      { path: 'C.YAML', text: '{}', problem: undefined },
      { path: 'apps/a.yaml', text: 'ä', problem: undefined },
      { path: 'b.yml', text: 'b', problem: undefined },
      { path: 'empty.yaml', text: '', problem: undefined },
    ]);
  });

  test.each([
    { name: 'the default branch where none is named', fragment: '#:desired', text: 'main' },
    { name: 'the root where no folder is named', fragment: '#main', text: 'root' },
    { name: 'both at once', fragment: '', text: 'root' },
    { name: 'another branch', fragment: '#stable/2:desired', text: 'stable' },
  ])('$name', async ({ fragment, text }) => {
    make([
      { files: { 'desired/a.yaml': 'stable' }, branch: 'stable/2' },
      { files: { 'desired/a.yaml': 'main', 'a.yaml': 'root' } },
    ]);

    const tree = await source({ fragment }).read(signal);

    expect(tree.files[0]?.text).toBe(text);
  });

  test('what cannot be read of a file is its problem, and no reason to refuse the others', async () => {
    make([
      {
        files: {
          'desired/a.yaml': 'a',
          'desired/binary.yaml': Buffer.from([0xff, 0xfe]),
          'desired/large.yaml': 'x'.repeat(1024 * 1024 + 1),
        },
        links: { 'desired/link.yaml': '../../../etc/passwd' },
      },
    ]);

    const { files } = await source().read(signal);

    expect(files.map(({ path, text, problem }) => [path, text ?? problem])).toEqual([
      ['a.yaml', 'a'],
      ['binary.yaml', 'is not UTF-8 text; save it as UTF-8'],
      ['large.yaml', 'is larger than 1024 KiB; split it'],
      ['link.yaml', 'is a link, which is not followed; commit the file itself'],
    ]);
  });

  test('an unchanged branch is the same tree, and costs no process', async () => {
    make([desired({ 'a.yaml': 'a' })]);
    const one = source();
    const first = await one.read(signal);
    const applied = appliedOf(first);
    await one.read(signal, applied);
    const starts = gitStarts();

    ops.nowMs += 10 * hourMs;
    const again = await one.read(signal, applied);

    expect(again).toBe(first);
    expect(gitStarts()).toBe(starts);
  });

  test('a commit that follows is followed, also after a restart, and the files that say the same are read anew', async () => {
    make([desired({ 'a.yaml': 'one' })]);
    const one = source();
    const first = await one.read(signal);
    const [second] = make([follows({ 'a.yaml': 'two' })], 1);

    const next = await one.read(signal, appliedOf(first));
    const restarted = await source().read(signal, appliedOf(first));

    expect([next.revision, restarted.revision]).toEqual([second, second]);
    expect(next.files[0]?.text).toBe('two');
  });

  test('relative recipe URLs start beside the repository, with the user that ssh needs', () => {
    const base = (place: string) => {
      const location = parseDesiredLocation(place);
      return location.kind === 'git' ? location.base : location.kind;
    };

    expect(base('git+https://git.example.org/ops.git#main:desired')).toBe(
      'https://git.example.org/ops.git/desired',
    );
    expect(base('git+ssh://git@git.example.org/ops.git')).toBe('ssh://git@git.example.org/ops.git');
  });
});

describe('refuses', () => {
  test('a history that was rewritten, also after a restart, and still has the tree that was applied', async () => {
    make([desired({ 'a.yaml': 'one' })]);
    const first = await source().read(signal);
    const [rewritten] = make([desired({ 'a.yaml': 'other' })], 1);

    for (const one of [source(), source()]) {
      const stale = await staleOf(one.read(signal, appliedOf(first)));
      const applied = await one.readApplied?.(appliedOf(first), signal);

      expect(stale).toMatchObject({ code: 'history-rewritten', refused: rewritten });
      expect(stale.resolve).toBe(`push a commit that follows ${first.revision}`);
      expect(applied?.files[0]?.text).toBe('one');
    }
  });

  test('a branch that was set back to an older commit', async () => {
    const [older] = make([desired({ 'a.yaml': 'one' }), desired({ 'a.yaml': 'two' })]);
    const newer = await source().read(signal);
    git(ops.repository, ['update-ref', 'refs/heads/main', older ?? '']);

    const stale = await staleOf(source().read(signal, appliedOf(newer)));

    expect(stale.code).toBe('history-rewritten');
  });

  test('nothing of another branch or repository than the one that was applied: that was a choice', async () => {
    make([desired({ 'a.yaml': 'one' })]);
    const first = await source().read(signal);
    const [other] = make([{ ...desired({ 'a.yaml': 'two' }), branch: 'next' }], 1);

    const tree = await source({ fragment: '#next:desired' }).read(signal, appliedOf(first));

    expect(tree.revision).toBe(other);
    expect(
      await source({ fragment: '#next:desired' }).readApplied?.(appliedOf(first), signal),
    ).toBeUndefined();
  });

  test.each([
    { name: 'an empty tree', files: { 'desired/README.md': 'x' }, code: 'empty' },
    { name: 'a folder that is gone', files: { 'a.yaml': 'x' }, code: 'unreadable' },
    { name: 'a folder that is a file', files: { desired: 'x' }, code: 'unreadable' },
  ])('$name', async ({ files, code }) => {
    make([desired({ 'a.yaml': 'one' })]);
    const first = await source().read(signal);
    const [refused] = make([{ files, onTop: true }], 1);

    expect(await staleOf(source().read(signal, appliedOf(first)))).toMatchObject({ code, refused });
  });

  test('a branch that is not there, and says which are', async () => {
    make([desired({ 'a.yaml': 'one' })]);

    const stale = await staleOf(source({ fragment: '#mian:desired' }).read(signal));

    expect(stale).toMatchObject({ code: 'unreadable' });
    expect(stale.why).toContain('has no branch mian; it has main');
  });

  test('a repository that does not answer; it is asked again when its pause is over', async () => {
    make([desired({ 'a.yaml': 'one' })]);
    const one = source();
    const first = await one.read(signal);
    rmSync(ops.repository, { recursive: true });

    expect((await staleOf(one.read(signal, appliedOf(first)))).code).toBe('fetch-failed');
    expect((await one.readApplied?.(appliedOf(first), signal))?.files[0]?.text).toBe('one');
    const starts = gitStarts();
    ops.nowMs += 30_000;
    await staleOf(one.read(signal, appliedOf(first)));
    expect(gitStarts()).toBe(starts);
    ops.nowMs += 31_000;
    await staleOf(one.read(signal, appliedOf(first)));
    expect(gitStarts()).toBe(starts + 1);
    // The pause has grown to two minutes.
    ops.nowMs += 61_000;
    await staleOf(one.read(signal, appliedOf(first)));
    expect(gitStarts()).toBe(starts + 1);
    make([desired({ 'a.yaml': 'one' })]);
    expect((await one.read(signal, appliedOf(first))).revision).toBe(first.revision);
  });

  test('whatever a git says that does not work here', async () => {
    make([desired({ 'a.yaml': 'one' })]);
    writeFileSync(join(ops.folder, 'git'), '#!/bin/sh\necho broken >&2\nexit 127\n');

    const stale = await staleOf(source().read(signal));

    expect(stale).toMatchObject({ code: 'fetch-failed' });
    expect(stale.resolve).toContain('ci-warm doctor');
  });

  test('a remote that does not answer, without a password in the reason, whatever git says', async () => {
    const complaint = 'fatal: no answer from http://me:hunter2@127.0.0.1:9/ops.git';
    const isAsked = `case "$*" in *ls-remote*) echo '${complaint}' >&2; exit 128;; esac`;
    const wrapper = join(ops.folder, 'git');
    writeFileSync(wrapper, readFileSync(wrapper, 'utf8').replace('exec', `${isAsked}\nexec`));
    const address = 'http://127.0.0.1:9/ops.git';

    const stale = await staleOf(source({ address }).read(signal));

    expect(stale.code).toBe('fetch-failed');
    expect(JSON.stringify(stale)).toContain('127.0.0.1:9/ops.git');
    expect(JSON.stringify(stale)).not.toMatch(/hunter2|me:/);
  });
});
