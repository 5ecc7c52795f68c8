/** A repository of desired state in a folder of a test's own, and the source that follows it. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, vi } from 'vitest';
import { createDesiredGit } from '../../../controller/adapters/git/desired-git.ts';
import type { AppliedDesired } from '../../../controller/model/applied-desired.ts';
import { parseDesiredLocation } from '../../../controller/model/desired-location.ts';
import { DesiredStaleError, type Stale } from '../../../controller/model/desired-stale.ts';
import type { DesiredSource, DesiredTree } from '../../../controller/ports/desired-source.ts';
import { recordedLog } from '../files/samples.ts';
import { makeRepository, type CommitSpec } from './make-repository.ts';

export const signal = new AbortController().signal;
export const hourMs = 3_600_000;

/** Of the test that runs. */
export const ops = {
  folder: '',
  repository: '',
  /** The source's time. */
  nowMs: 0,
  /** Of every source of the test. */
  log: recordedLog(),
};

/** Makes the folder before each test of the file, and takes it away. Git is given nothing of this machine's user. */
export function useOps(): void {
  beforeEach(() => {
    ops.folder = mkdtempSync(join(tmpdir(), 'ci-warm-git-'));
    ops.log = recordedLog();
    ops.repository = join(ops.folder, 'ops.git');
    // Far behind every file's own time: each stamp counts as settled.
    ops.nowMs = Date.now() + hourMs;
    const real = execFileSync('sh', ['-c', 'command -v git']).toString().trim();
    writeFileSync(
      join(ops.folder, 'git'),
      `#!/bin/sh\nprintf '%s\\n' "$*" >> '${gitLog()}'\nexec '${real}' "$@"\n`,
    );
    chmodSync(join(ops.folder, 'git'), 0o755);
    writeFileSync(join(ops.folder, 'gitconfig'), '');
    vi.stubEnv('PATH', `${ops.folder}:${process.env['PATH'] ?? ''}`);
    vi.stubEnv('GIT_CONFIG_GLOBAL', join(ops.folder, 'gitconfig'));
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(ops.folder, { recursive: true, force: true });
  });
}

/** Every start of git by its name, a line each. */
function gitLog(): string {
  return join(ops.folder, 'git.log');
}

export function gitStarts(): number {
  return existsSync(gitLog()) ? readFileSync(gitLog(), 'utf8').trim().split('\n').length : 0;
}

interface Asked {
  readonly fragment?: string;
  readonly address?: string;
  readonly isSigned?: boolean;
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
}

export function source({
  fragment = '#main:desired',
  address,
  isSigned = false,
  sleep,
}: Asked = {}): DesiredSource {
  const location = parseDesiredLocation(`git+${address ?? ops.repository}${fragment}`);
  if (location.kind !== 'git') throw new Error(JSON.stringify(location));
  return createDesiredGit({
    location,
    stateDir: join(ops.folder, 'state'),
    clock: { now: () => ops.nowMs, sleep: sleep ?? (() => Promise.resolve()) },
    log: ops.log,
    holdsLock: true,
    isSigned,
  });
}

export function make(commits: readonly CommitSpec[], startIndex = 0): readonly string[] {
  return makeRepository(ops.repository, commits, startIndex);
}

/** A commit with these files under desired/. */
export function desired(files: Readonly<Record<string, string | Buffer>>): CommitSpec {
  const below = Object.entries(files).map(([path, content]) => [`desired/${path}`, content]);
  return { files: Object.fromEntries(below) as CommitSpec['files'] };
}

export function follows(files: Readonly<Record<string, string | Buffer>>): CommitSpec {
  return { ...desired(files), onTop: true };
}

export function appliedOf({ revision, origin }: DesiredTree): AppliedDesired {
  return { revision, origin: origin ?? null, objects: [], appliedAt: '2026-11-21T09:30:00.000Z' };
}

export async function staleOf(work: Promise<unknown>): Promise<Stale> {
  const thrown = await work.then(
    () => 'no failure',
    (error: unknown) => error,
  );
  if (thrown instanceof DesiredStaleError) return thrown.stale;
  throw new Error('was followed', { cause: thrown });
}
