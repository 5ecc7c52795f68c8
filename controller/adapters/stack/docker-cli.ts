/**
 * `docker stack deploy`, the one thing that the Docker command line is used for: it turns compose files into services.
 * Debian's 20.10 and today's are both fine; what only one of them knows is asked for once.
 */
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

import { run } from '../process/run.ts';
import { deployFailure, isOutOfSequence } from './deploy-failure.ts';

export interface StackFiles {
  readonly stack: string;
  /** Where the files are, and relative paths in them start. */
  readonly directory: string;
  /** In the order in which they override one another. */
  readonly files: readonly string[];
}

export interface DockerCli {
  /**
   * Returns when Swarm has accepted every service. May be repeated.
   * Errors: `recipe-invalid`, `no-answer`, `tool-failed`, `timed-out`, `aborted`.
   */
  deploy(stack: StackFiles, signal: AbortSignal): Promise<void>;
}

const PROBE_TIMEOUT_MS = 20_000;
const DEPLOY_TIMEOUT_MS = 120_000;
const ATTEMPTS_MAX = 4;
const DEFAULT_HOST = 'unix:///var/run/docker.sock';

/** `program`: a name in PATH, or a path. Nothing is run yet. */
export function createDockerCli(program: string): DockerCli {
  let knowsDetach: Promise<boolean> | undefined;
  /** Named, so that a `docker context` of the user's cannot lead the command line to another Engine than the API. */
  const env = { DOCKER_HOST: process.env['DOCKER_HOST'] ?? DEFAULT_HOST };

  async function probe(signal: AbortSignal): Promise<boolean> {
    const { stdout } = await run(
      {
        doing: 'asking the Docker command line what it knows',
        program,
        args: ['stack', 'deploy', '--help'],
        env,
        timeoutMs: PROBE_TIMEOUT_MS,
      },
      signal,
    );
    return stdout.includes('--detach');
  }

  async function argumentsFor(stack: StackFiles, signal: AbortSignal): Promise<readonly string[]> {
    knowsDetach ??= probe(signal);
    try {
      return [
        ...['stack', 'deploy', '--resolve-image', 'never'],
        ...((await knowsDetach) ? ['--detach=true'] : []),
        ...((await hasRegistryCredentials()) ? ['--with-registry-auth'] : []),
        ...stack.files.flatMap((file) => ['--compose-file', file]),
        stack.stack,
      ];
    } catch (error) {
      knowsDetach = undefined;
      throw error;
    }
  }

  return {
    async deploy(stack, signal) {
      const args = await argumentsFor(stack, signal);
      for (let attempt = 1; ; attempt += 1) {
        const { exitCode, stderr } = await run(
          {
            doing: `deploying stack ${stack.stack}`,
            program,
            args,
            env,
            cwd: stack.directory,
            timeoutMs: DEPLOY_TIMEOUT_MS,
            okExitCodes: [0, 1, 125],
          },
          signal,
        );
        if (exitCode === 0) return;
        if (attempt === ATTEMPTS_MAX || !isOutOfSequence(stderr)) {
          throw deployFailure(stack.stack, stderr);
        }
      }
    },
  };
}

/** Whether this host has logged in to any registry; only then is there something to pass on. */
async function hasRegistryCredentials(): Promise<boolean> {
  const folder = process.env['DOCKER_CONFIG'] ?? join(homedir(), '.docker');
  try {
    const config: unknown = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8'));
    if (typeof config !== 'object' || config === null) return false;
    return ['auths', 'credHelpers', 'credsStore'].some((key) => {
      const value = (config as Readonly<Record<string, unknown>>)[key];
      if (typeof value === 'string') return value !== '';
      return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
    });
  } catch {
    return false;
  }
}
