/**
 * The bare mirror of the desired state's repository, and the talk with where it comes from.
 *
 * Other than recipes, this repository is trusted and often private: git is given the configuration of the user that
 * ci-warm runs as (credential helpers, ssh, signers), and never asks anybody. Nothing is checked out and no hook runs.
 *
 * What was once fetched stays here, so a history that is rewritten takes nothing from what was applied.
 */
import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { GitLocation } from '../../model/desired-location.ts';
import { DesiredStaleError } from '../../model/desired-stale.ts';
import { CiWarmError, reasonOf } from '../../model/failure.ts';
import { run, type Finished } from '../process/run.ts';
import { borrowObjects } from './borrow-objects.ts';
import { CONFIG_TEXT, SSH_COMMAND, gitEnvironment, readGit, type Mirror } from './git.ts';
import { initMirror } from './init-mirror.ts';
import { withoutCredentials } from './repository-url.ts';
import { sshProblemOf } from './ssh-problem.ts';

const CONFIG_TIMEOUT_MS = 30_000;
const LOOK_TIMEOUT_MS = 30_000;
const FETCH_TIMEOUT_MS = 300_000;
const OUTPUT_BYTES_MAX = 16 * 1024 * 1024;
const BRANCHES_SHOWN = 10;
/** Keeps what was fetched, and tells the next fetch what is here already. */
const KEPT_REF = 'refs/ci-warm/desired';

/** Of the user's own, beside what every program gets. */
const HOST_VARIABLES = [
  'GIT_CONFIG_SYSTEM',
  'GIT_CONFIG_NOSYSTEM',
  'GIT_ASKPASS',
  'GIT_SSH_COMMAND',
  'GNUPGHOME',
  'XDG_CONFIG_HOME',
];

/** Where the mirror is, made or not. */
export function mirrorOf(folder: string, { address }: GitLocation): Mirror {
  const digest = createHash('sha256').update(address).digest('hex').slice(0, 16);
  return { directory: join(folder, `${digest}.git`), configFile: join(folder, 'gitconfig') };
}

/** The repository and branch by which it is known what an applied revision is of. */
export function originOf({ shown, branch }: GitLocation): string {
  return `${shown}#${branch ?? ''}`;
}

/** Makes the mirror's folder and git's configuration. May be repeated. Errors: `tool-failed`, `disk-full`. */
export async function ensureDesiredMirror(
  folder: string,
  location: GitLocation,
  signal: AbortSignal,
): Promise<Mirror> {
  const mirror = mirrorOf(folder, location);
  const configText = hostConfigText(await namesSshCommand(signal));
  await initMirror(mirror, { doing: 'making the mirror of the desired state', configText }, signal);
  return mirror;
}

/**
 * A mirror in another folder with everything that the kept one has, made or not: nothing is copied, and what is fetched
 * goes into the other folder alone. Errors: as `ensureDesiredMirror`.
 */
export async function borrowDesiredMirror(
  kept: string,
  folder: string,
  location: GitLocation,
  signal: AbortSignal,
): Promise<Mirror> {
  const mirror = await ensureDesiredMirror(folder, location, signal);
  await borrowObjects(mirrorOf(kept, location), mirror);
  return mirror;
}

/** Whether the machine's or the user's configuration says by which command ssh is called: then that one counts. */
async function namesSshCommand(signal: AbortSignal): Promise<boolean> {
  const { exitCode } = await run(
    {
      doing: 'looking for an ssh command in the configuration of git',
      program: 'git',
      args: ['config', '--includes', '--get', 'core.sshCommand'],
      // In no repository, whose own configuration would be read, too.
      env: { ...ownVariables(['GIT_CONFIG_GLOBAL']), GIT_DIR: '/dev/null' },
      timeoutMs: CONFIG_TIMEOUT_MS,
      okExitCodes: [0, 1],
    },
    signal,
  );
  return exitCode === 0;
}

/** What git reads of the user. A service may have been given no HOME: then git and gpg would look for it nowhere. */
function ownVariables(more: readonly string[] = []): Readonly<Record<string, string>> {
  const own = [...HOST_VARIABLES, ...more].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { HOME: homedir(), ...Object.fromEntries(own) };
}

/** The user's own configuration, and leave to read repositories on this machine whoever they belong to. */
function hostConfigText(hasSshCommand: boolean): string {
  const own = process.env['GIT_CONFIG_GLOBAL'];
  const config = process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config');
  const files =
    own === undefined ? [join(config, 'git/config'), join(homedir(), '.gitconfig')] : [own];
  const includes = files.map((file) => `[include]\n\tpath = ${JSON.stringify(file)}\n`);
  const ssh = hasSshCommand ? '' : `[core]\n\tsshCommand = ${SSH_COMMAND}\n`;
  return `${includes.join('')}${ssh}${CONFIG_TEXT}`;
}

/** Git with the user's configuration. `args` come from us alone. Errors: as `run`, without credentials. */
export async function hostGit(
  mirror: Mirror,
  command: {
    readonly doing: string;
    readonly args: readonly string[];
    readonly timeoutMs: number;
    readonly okExitCodes?: readonly number[];
  },
  signal: AbortSignal,
): Promise<Finished> {
  const { args, ...rest } = command;
  // A variable would count for more than what the user's configuration says of ssh.
  const {
    GIT_CONFIG_NOSYSTEM: _alone,
    GIT_SSH_COMMAND: _batch,
    ...env
  } = gitEnvironment(mirror.configFile);
  try {
    return await run(
      {
        ...rest,
        program: 'git',
        args: ['--git-dir', mirror.directory, '-c', 'core.hooksPath=/dev/null', ...args],
        outputBytesMax: OUTPUT_BYTES_MAX,
        env: { ...env, ...ownVariables() },
      },
      signal,
    );
  } catch (error) {
    if (!(error instanceof CiWarmError)) throw error;
    throw new CiWarmError(error.code, withoutCredentials(error.message));
  }
}

/**
 * The commit that the branch is at: one look, which changes nothing. Errors: `DesiredStaleError` (`fetch-failed`, or
 * `unreadable` where the repository answers and has no such branch), `aborted`.
 */
export async function lookAtBranch(
  mirror: Mirror,
  location: GitLocation,
  signal: AbortSignal,
): Promise<string> {
  const doing = `asking ${location.shown} for its branches`;
  const args = ['ls-remote', '--', location.address, 'HEAD', 'refs/heads/*'];
  const { stdout } = await talk(
    mirror,
    location,
    { doing, args, timeoutMs: LOOK_TIMEOUT_MS },
    signal,
  );
  const refs = new Map(
    stdout.split('\n').flatMap((line): readonly (readonly [string, string])[] => {
      const [id = '', ref = ''] = line.split('\t');
      return /^[0-9a-f]{40,64}$/.test(id) ? [[ref, id]] : [];
    }),
  );
  const commit = refs.get(refOf(location));
  if (commit !== undefined) return commit;
  const branches = [...refs.keys()]
    .filter((ref) => ref.startsWith('refs/heads/'))
    .map((ref) => ref.slice('refs/heads/'.length));
  const shown = branches.slice(0, BRANCHES_SHOWN).join(', ');
  throw new DesiredStaleError({
    code: 'unreadable',
    why: `${location.shown} has ${location.branch === undefined ? 'no default branch' : `no branch ${location.branch}`}; it has ${shown === '' ? 'none at all' : shown}`,
    resolve: 'push the branch, or name another one in --desired',
  });
}

/** Brings the branch with its history. `keeps`: for the holder of the lock, whose mirror it is. Errors: as `lookAtBranch`. */
export async function fetchBranch(
  mirror: Mirror,
  location: GitLocation,
  options: { readonly keeps: boolean; readonly isShallow: boolean },
  signal: AbortSignal,
): Promise<void> {
  const ref = refOf(location);
  const args = [
    'fetch',
    '--quiet',
    '--force',
    '--no-tags',
    '--no-recurse-submodules',
    '--no-auto-maintenance',
    '--no-write-fetch-head',
    ...(options.isShallow ? ['--depth=1'] : []),
    '--',
    location.address,
    options.keeps ? `+${ref}:${KEPT_REF}` : ref,
  ];
  const doing = `fetching ${location.branch ?? 'the default branch'} of ${location.shown}`;
  await talk(mirror, location, { doing, args, timeoutMs: FETCH_TIMEOUT_MS }, signal);
}

/** Whether the mirror has the commit. Errors: `tool-failed`. */
export async function hasCommit(
  mirror: Mirror,
  commit: string,
  signal: AbortSignal,
): Promise<boolean> {
  const args = ['cat-file', '--batch-check'];
  const { stdout } = await readGit(
    mirror,
    'looking for a commit',
    args,
    signal,
    `${commit}^{commit}\n`,
  );
  return stdout.startsWith(`${commit} commit `);
}

/** Whether `later` is `earlier` or holds it in its history. The mirror has `later`. Errors: `tool-failed`. */
export async function isForward(
  mirror: Mirror,
  earlier: string,
  later: string,
  signal: AbortSignal,
): Promise<boolean> {
  if (earlier === later) return true;
  if (!(await hasCommit(mirror, earlier, signal))) return false;
  const args = ['rev-list', '--max-count=1', earlier, `^${later}`, '--'];
  const { stdout } = await readGit(mirror, 'comparing two commits', args, signal);
  return stdout.trim() === '';
}

function refOf({ branch }: GitLocation): string {
  return branch === undefined ? 'HEAD' : `refs/heads/${branch}`;
}

async function talk(
  mirror: Mirror,
  { address, shown }: GitLocation,
  command: Parameters<typeof hostGit>[1],
  signal: AbortSignal,
): Promise<Finished> {
  try {
    return await hostGit(mirror, command, signal);
  } catch (error) {
    if (signal.aborted) throw new CiWarmError('aborted', `${command.doing} was stopped, as asked`);
    const problem = sshProblemOf(address, reasonOf(error));
    if (problem !== undefined) {
      const why = `${command.doing}: ${problem.why}`;
      throw new DesiredStaleError({ ...problem, code: 'fetch-failed', why }, error);
    }
    const stale = {
      code: 'fetch-failed',
      why: reasonOf(error).replaceAll(/\s*\n\s*/g, ' / '),
      resolve: `see that the repository is there and may be read by the user that ci-warm runs as (\`git ls-remote ${shown}\` shows it)`,
    } as const;
    throw new DesiredStaleError(stale, error);
  }
}
