import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createDesiredGit } from '../../../controller/adapters/git/desired-git.ts';
import type { AppliedDesired } from '../../../controller/model/applied-desired.ts';
import { parseDesiredLocation } from '../../../controller/model/desired-location.ts';
import { DesiredStaleError, type Stale } from '../../../controller/model/desired-stale.ts';
import type { DesiredTree } from '../../../controller/ports/desired-source.ts';
import { recordedLog } from '../files/samples.ts';
import { git, makeRepository, type CommitSpec } from './make-repository.ts';

const signal = new AbortController().signal;
const hourMs = 3_600_000;

let folder = '';
let repository = '';
let nowMs = 0;
/** Every start of git in the place of the real one, a line each. */
let gitLog = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ci-warm-git-'));
  repository = join(folder, 'ops.git');
  // Far behind every file's own time: each stamp counts as settled.
  nowMs = Date.now() + hourMs;
  gitLog = join(folder, 'git.log');
  const real = execFileSync('sh', ['-c', 'command -v git']).toString().trim();
  writeFileSync(
    join(folder, 'git'),
    `#!/bin/sh\nprintf '%s\\n' "$*" >> '${gitLog}'\nexec '${real}' "$@"\n`,
  );
  chmodSync(join(folder, 'git'), 0o755);
  writeFileSync(join(folder, 'gitconfig'), '');
  vi.stubEnv('PATH', `${folder}:${process.env['PATH'] ?? ''}`);
  vi.stubEnv('GIT_CONFIG_GLOBAL', join(folder, 'gitconfig'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

interface Asked {
  readonly fragment?: string;
  readonly address?: string;
  readonly isSigned?: boolean;
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
}

function source({ fragment = '#main:desired', address, isSigned = false, sleep }: Asked = {}) {
  const location = parseDesiredLocation(`git+${address ?? repository}${fragment}`);
  if (location.kind !== 'git') throw new Error(JSON.stringify(location));
  return createDesiredGit({
    location,
    stateDir: join(folder, 'state'),
    clock: { now: () => nowMs, sleep: sleep ?? (() => Promise.resolve()) },
    log: recordedLog(),
    holdsLock: true,
    isSigned,
  });
}

function make(commits: readonly CommitSpec[], startIndex = 0): readonly string[] {
  return makeRepository(repository, commits, startIndex);
}

/** A commit with these files under desired/. */
function desired(files: Readonly<Record<string, string | Buffer>>): CommitSpec {
  const below = Object.entries(files).map(([path, content]) => [`desired/${path}`, content]);
  return { files: Object.fromEntries(below) as CommitSpec['files'] };
}

function follows(files: Readonly<Record<string, string | Buffer>>): CommitSpec {
  return { ...desired(files), onTop: true };
}

function appliedOf({ revision, origin = null }: DesiredTree): AppliedDesired {
  return { revision, origin, objects: [], appliedAt: '2026-11-21T09:30:00.000Z' };
}

async function staleOf(work: Promise<unknown>): Promise<Stale> {
  const thrown = await work.then(
    () => 'no failure',
    (error: unknown) => error,
  );
  if (thrown instanceof DesiredStaleError) return thrown.stale;
  throw new Error('was followed', { cause: thrown });
}

function gitStarts(): number {
  return existsSync(gitLog) ? readFileSync(gitLog, 'utf8').trim().split('\n').length : 0;
}

describe('read', () => {
  test('the YAML files of the folder at the branch, with the commit as revision', async () => {
    const [commit] = make([
      {
        files: {
          'README.md': 'no',
          'other.yaml': 'no',
          'desired/b.yml': 'b',
          'desired/apps/a.yaml': 'ä',
          'desired/empty.yaml': '',
          'desired/.hidden.yaml': 'no',
          'desired/.github/x.yaml': 'no',
          'desired/notes.txt': 'no',
        },
      },
    ]);

    const tree = await source().read(signal);

    expect(tree.revision).toBe(commit);
    expect(tree.baseDirectory).toBe(`${repository}/desired`);
    expect(tree.files).toEqual([
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

    nowMs += 10 * hourMs;
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

  test('relative recipe URLs start beside the repository, without its password', () => {
    const base = (place: string) => {
      const location = parseDesiredLocation(place);
      return location.kind === 'git' ? location.base : location.kind;
    };

    expect(base('git+https://me:hunter2@git.example.org/ops.git#main:desired')).toBe(
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
    git(repository, ['update-ref', 'refs/heads/main', older ?? '']);

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
    rmSync(repository, { recursive: true });

    expect((await staleOf(one.read(signal, appliedOf(first)))).code).toBe('fetch-failed');
    expect((await one.readApplied?.(appliedOf(first), signal))?.files[0]?.text).toBe('one');
    const starts = gitStarts();
    nowMs += 30_000;
    await staleOf(one.read(signal, appliedOf(first)));
    expect(gitStarts()).toBe(starts);
    nowMs += 31_000;
    await staleOf(one.read(signal, appliedOf(first)));
    expect(gitStarts()).toBe(starts + 1);
    // The pause has grown to two minutes.
    nowMs += 61_000;
    await staleOf(one.read(signal, appliedOf(first)));
    expect(gitStarts()).toBe(starts + 1);
    make([desired({ 'a.yaml': 'one' })]);
    expect((await one.read(signal, appliedOf(first))).revision).toBe(first.revision);
  });

  test('a remote that does not answer, without its password in the reason', async () => {
    const address = 'http://me:hunter2@127.0.0.1:9/ops.git';

    const stale = await staleOf(source({ address }).read(signal));

    expect(stale.code).toBe('fetch-failed');
    expect(JSON.stringify(stale)).toContain('127.0.0.1:9/ops.git');
    expect(JSON.stringify(stale)).not.toMatch(/hunter2|me:/);
  });
});

describe('with signatures demanded', () => {
  test('a signed commit is followed, and one without a signature, or with a foreign one, is refused', async () => {
    const own = signer('own');
    const foreign = signer('foreign');
    writeFileSync(join(folder, 'signers'), `own@example.org ${readFileSync(`${own}.pub`, 'utf8')}`);
    writeFileSync(
      join(folder, 'gitconfig'),
      `[gpg "ssh"]\n\tallowedSignersFile = ${join(folder, 'signers')}\n`,
    );
    make([desired({ 'a.yaml': 'one' })]);
    expect(await staleOf(source({ isSigned: true }).read(signal))).toMatchObject({
      code: 'unsigned',
    });

    sign(own);
    const one = source({ isSigned: true });
    const signed = await one.read(signal);
    const starts = gitStarts();
    await one.read(signal, appliedOf(signed));
    expect(gitStarts()).toBe(starts);

    const byForeign = sign(foreign);
    const stale = await staleOf(one.read(signal, appliedOf(signed)));
    expect(stale).toMatchObject({ code: 'unsigned', refused: byForeign });
    expect(stale.resolve).toContain('--desired-signed');
  });

  test('a signature that nobody can verify is none', async () => {
    make([desired({ 'a.yaml': 'one' })]);
    sign(signer('own'));

    const stale = await staleOf(source({ isSigned: true }).read(signal));

    expect(stale.code).toBe('unsigned');
    expect(stale.why).toContain('allowedSignersFile');
  });

  test('what was refused is verified again after a while, for the keys that count may be others by then', async () => {
    make([desired({ 'a.yaml': 'one' })]);
    const own = signer('own');
    sign(own);
    const one = source({ isSigned: true });
    await staleOf(one.read(signal));
    writeFileSync(join(folder, 'signers'), `own@example.org ${readFileSync(`${own}.pub`, 'utf8')}`);
    writeFileSync(
      join(folder, 'gitconfig'),
      `[gpg "ssh"]\n\tallowedSignersFile = ${join(folder, 'signers')}\n`,
    );

    await staleOf(one.read(signal));
    nowMs += 61_000;

    expect((await one.read(signal)).files[0]?.text).toBe('one');
  });
});

describe('watch', () => {
  test('wakes for a new commit in a repository on this machine, and not without one', async () => {
    make([desired({ 'a.yaml': 'one' })]);
    const stop = new AbortController();
    const steps = [
      () => undefined,
      () => make([follows({ 'a.yaml': 'two' })], 1),
      () => stop.abort(),
    ];
    const woken: number[] = [];
    const one = source({ sleep: async () => void steps.shift()?.() });
    await one.read(signal);

    await one.watch(() => woken.push(steps.length), stop.signal);

    expect(woken).toEqual([1]);
  });

  test('asks a remote by its own timer, while passes ask nobody', async () => {
    make([desired({ 'a.yaml': 'one' })]);
    const served = await serve();
    const stop = new AbortController();
    const pauses: number[] = [];
    const woken: string[] = [];
    let starts = 0;
    const one = source({
      address: served.url,
      sleep: async (ms) => {
        pauses.push(ms);
        nowMs += ms;
        if (pauses.length === 1) {
          starts = gitStarts();
          await one.read(signal);
          expect(gitStarts()).toBe(starts);
          make([follows({ 'a.yaml': 'two' })], 1);
          git(repository, ['update-server-info']);
        } else if (pauses.length === 3) {
          served.close();
        } else if (pauses.length === 5) stop.abort();
      },
    });
    const first = await one.read(signal);

    await one.watch(() => woken.push('woken'), stop.signal);

    expect(pauses).toEqual([60_000, 60_000, 60_000, 60_000, 120_000]);
    expect(woken).toEqual(['woken', 'woken']);
    expect((await staleOf(one.read(signal, appliedOf(first)))).code).toBe('fetch-failed');
  });
});

/** The repository over HTTP, as files. */
async function serve(): Promise<{ readonly url: string; close(): void }> {
  git(repository, ['update-server-info']);
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname;
    try {
      response.end(readFileSync(join(folder, path)));
    } catch {
      response.writeHead(404).end();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${String(port)}/ops.git`, close: () => void server.close() };
}

function signer(name: string): string {
  const key = join(folder, `key-${name}`);
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', key]);
  return key;
}

/** A commit with the same tree on top of the branch, signed with the key. */
function sign(key: string): string {
  const settings = ['-c', 'gpg.format=ssh', '-c', `user.signingKey=${key}`];
  const args = ['commit-tree', '-S', '-p', 'main', '-m', 'signed', 'main^{tree}'];
  const commit = git(repository, [...settings, ...args]);
  git(repository, ['update-ref', 'refs/heads/main', commit]);
  return commit;
}
