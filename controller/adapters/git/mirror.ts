/**
 * The bare mirror of a recipe's repository, and the talk with where it comes from: one cheap look at the remote's refs,
 * and a fetch when they are others than last time.
 *
 * What was once fetched stays: no ref's end removes objects here, so a commit that is deployed can be deployed again
 * after its tag was moved or deleted.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';

import { simpleGit, type SimpleGit } from 'simple-git';

import { CiWarmError, reasonOf } from '../../model/failure.ts';
import { borrowObjects } from './borrow-objects.ts';
import { CONFIG_TEXT, SSH_COMMAND, gitEnvironment, type Mirror } from './git.ts';
import { initMirror } from './init-mirror.ts';
import { withoutCredentials } from './repository-url.ts';
import { sshProblemOf } from './ssh-problem.ts';

export interface RemoteRefs {
  /** All refs as the remote lists them: equal texts, equal refs. */
  readonly text: string;
  /** The commit of its default branch; undefined: it has none yet. */
  readonly head: string | undefined;
}

export interface Remote {
  readonly recipe: string;
  /** What git is given: a path or a URL. */
  readonly address: string;
}

/** Without a sign of life for so long, the remote counts as not answering. */
const SILENCE_MS = 30_000;
/**
 * The life of one ssh. A server can stay in touch while what it was asked to run hangs; git is then given up, and with it
 * nobody is left who would end ssh. In the foreground, so that it stays a child of git's.
 */
const SSH_SECONDS_MAX = 900;
/** Tags, and branches for whoever asks for one; the rest of a forge's refs is nobody's release. */
const REFSPECS = ['+refs/tags/*:refs/tags/*', '+refs/heads/*:refs/heads/*'];

/** Where the mirror is below `cacheDirectory`, made or not. */
function mirrorOf(cacheDirectory: string, { recipe, address }: Remote): Mirror {
  const folder = join(cacheDirectory, 'recipes');
  const digest = createHash('sha256').update(address).digest('hex').slice(0, 12);
  return {
    directory: join(folder, `${recipe}-${digest}.git`),
    configFile: join(folder, 'gitconfig'),
  };
}

/** Makes the mirror's folder and git's configuration. May be repeated. Errors: `tool-failed`, `disk-full`. */
export async function ensureMirror(
  cacheDirectory: string,
  remote: Remote,
  signal: AbortSignal,
): Promise<Mirror> {
  const mirror = mirrorOf(cacheDirectory, remote);
  const doing = `making the mirror of recipe ${remote.recipe}`;
  await initMirror(mirror, { doing, configText: CONFIG_TEXT }, signal);
  return mirror;
}

/**
 * A mirror below `cacheDirectory` with everything that the kept one has, made or not: nothing is copied, and what is
 * fetched goes into the new one alone. May be repeated. Errors: as `ensureMirror`.
 */
export async function borrowMirror(
  keptDirectory: string,
  cacheDirectory: string,
  remote: Remote,
  signal: AbortSignal,
): Promise<Mirror> {
  const mirror = await ensureMirror(cacheDirectory, remote, signal);
  await borrowObjects(mirrorOf(keptDirectory, remote), mirror);
  return mirror;
}

/** One look at the remote; changes nothing. Errors: `no-answer`, `aborted`. */
export async function lookAtRemote(
  mirror: Mirror,
  remote: Remote,
  signal: AbortSignal,
): Promise<RemoteRefs> {
  const text = await talk(remote, signal, () =>
    gitAt(mirror, signal).listRemote(['--', remote.address]),
  );
  return { text, head: /^(?<id>[0-9a-f]{40,64})\tHEAD$/m.exec(text)?.groups?.['id'] };
}

/** Brings what the remote has now. May be repeated. Errors: `no-answer`, `disk-full`, `aborted`. */
export async function fetchRemote(
  mirror: Mirror,
  remote: Remote,
  signal: AbortSignal,
): Promise<void> {
  const options = [
    '--prune',
    '--force',
    '--no-tags',
    '--no-auto-maintenance',
    '--no-write-fetch-head',
    // Signs of life, by which a slow fetch is told from a dead one.
    '--progress',
  ];
  await talk(remote, signal, () =>
    gitAt(mirror, signal).raw(['fetch', ...options, '--', remote.address, ...REFSPECS]),
  );
}

function gitAt(mirror: Mirror, signal: AbortSignal): SimpleGit {
  const env = {
    ...gitEnvironment(mirror.configFile),
    GIT_SSH_COMMAND: `exec timeout --foreground --kill-after=5 ${String(SSH_SECONDS_MAX)} ${SSH_COMMAND}`,
    // Else git runs the command once more, only to see by its options which ssh it is.
    GIT_SSH_VARIANT: 'ssh',
    LC_ALL: 'C',
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '/',
  };
  return simpleGit({
    baseDir: mirror.directory,
    abort: signal,
    timeout: { block: SILENCE_MS },
    maxConcurrentProcesses: 1,
    config: ['core.hooksPath=/dev/null'],
    allowEnvironment: Object.keys(env),
    // All three are set by us, above, to make git safer.
    unsafe: {
      allowUnsafeHooksPath: true,
      allowUnsafeConfigPaths: true,
      allowUnsafeSshCommand: true,
    },
  }).env(env);
}

async function talk(
  remote: Remote,
  signal: AbortSignal,
  ask: () => Promise<string>,
): Promise<string> {
  const doing = `asking ${withoutCredentials(remote.address)} for the releases of recipe ${remote.recipe}`;
  try {
    signal.throwIfAborted();
    return await ask();
  } catch (error) {
    if (signal.aborted) throw new CiWarmError('aborted', `${doing} was stopped, as asked`);
    if (reasonOf(error).includes('No space left on device')) {
      throw new CiWarmError('disk-full', `${doing}: the disk is full; free some space`);
    }
    const problem = sshProblemOf(remote.address, reasonOf(error));
    if (problem !== undefined) {
      throw new CiWarmError('no-answer', `${doing}: ${problem.why}; ${problem.resolve}`);
    }
    throw new CiWarmError(
      'no-answer',
      `${doing}: ${lastLine(reasonOf(error))}; see that the repository is there and may be read (\`git ls-remote\` shows it)`,
    );
  }
}

/** Git's own reason is the last line that says `fatal`, or the last one. */
function lastLine(message: string): string {
  const lines = withoutCredentials(message)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.find((line) => line.startsWith('fatal:')) ?? lines.at(-1) ?? 'git gave no reason';
}
