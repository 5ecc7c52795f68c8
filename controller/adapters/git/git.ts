/**
 * How git is run here: on a bare mirror of ours, without anybody's configuration, hooks, prompts or credentials
 * helpers, and with the protocols of repository-url.ts alone.
 *
 * A mirror is only ever read and fetched into. Nothing of it is checked out, so nothing in a repository (hooks, filters,
 * attributes, submodules) is ever acted on.
 */
import { start, run, type Finished } from '../process/run.ts';
import { PROTOCOLS } from './repository-url.ts';

export interface Mirror {
  /** The bare repository. */
  readonly directory: string;
  /** Git's only configuration beside the mirror's own. */
  readonly configFile: string;
}

/**
 * The one setting: repositories on this machine may belong to another user than the one that ci-warm runs as. They are
 * named by the desired tree, and of theirs only objects and refs are read.
 */
export const CONFIG_TEXT = '[safe]\n\tdirectory = *\n';

/**
 * Asks nobody: for a passphrase, or whether a host is known. It ends by itself where a server takes no connection, is
 * silent in the middle of one, or is gone: ssh would wait for ever, and who ends git does not end ssh.
 */
export const SSH_COMMAND =
  'ssh -o BatchMode=yes -o ConnectTimeout=15 -o ServerAliveInterval=5 -o ServerAliveCountMax=3';

const READ_TIMEOUT_MS = 60_000;
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

/** Every variable of git's that it is given. */
export function gitEnvironment(configFile: string): Readonly<Record<string, string>> {
  return {
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: configFile,
    GIT_TERMINAL_PROMPT: '0',
    GIT_ALLOW_PROTOCOL: PROTOCOLS,
    GIT_SSH_COMMAND: SSH_COMMAND,
    GIT_OPTIONAL_LOCKS: '0',
  };
}

/** Reads from the mirror. `args` come from us alone. Errors: as `run`. */
export async function readGit(
  mirror: Mirror,
  doing: string,
  args: readonly string[],
  signal: AbortSignal,
  input?: string,
): Promise<Finished> {
  return await run(
    {
      ...commandOf(mirror, doing, args),
      outputBytesMax: OUTPUT_BYTES_MAX,
      ...(input === undefined ? {} : { input }),
    },
    signal,
  );
}

/** The same with an output that is bytes. The caller knows that it is not too large. */
export async function readGitBytes(
  mirror: Mirror,
  question: { readonly doing: string; readonly args: readonly string[]; readonly input: string },
  signal: AbortSignal,
): Promise<Buffer> {
  const process = start(commandOf(mirror, question.doing, question.args), signal);
  const chunks: Buffer[] = [];
  process.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  // When git ends before it has read all, its exit code tells more than the broken pipe does.
  process.stdin.on('error', () => undefined);
  process.stdin.end(question.input);
  await process.finished;
  return Buffer.concat(chunks);
}

function commandOf(mirror: Mirror, doing: string, args: readonly string[]) {
  return {
    doing,
    program: 'git',
    args: ['--git-dir', mirror.directory, ...args],
    env: gitEnvironment(mirror.configFile),
    timeoutMs: READ_TIMEOUT_MS,
  };
}
