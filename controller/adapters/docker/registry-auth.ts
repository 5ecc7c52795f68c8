/**
 * Credentials for registries from this host's Docker configuration (`$DOCKER_CONFIG` or `~/.docker`, `config.json`): what
 * `docker login` writes into `auths`, or what the credential helper keeps that `credHelpers` or `credsStore` names. They
 * go into one request's header and nowhere else: no message, log or argument has them.
 */
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { CiWarmError } from '../../model/failure.ts';
import { run } from '../process/run.ts';

/** Fields of Docker's own `AuthConfig`. */
export type RegistryAuth = Readonly<Record<string, string>>;

interface StoredAuth {
  readonly auth?: string;
  readonly identitytoken?: string;
}

/** Under this name Docker stores credentials for its own hub. */
const hubKey = 'https://index.docker.io/v1/';

interface Configuration {
  readonly auths?: Readonly<Record<string, StoredAuth>>;
  /** A helper for everything that `credHelpers` does not name. */
  readonly credsStore?: string;
  /** By registry. */
  readonly credHelpers?: Readonly<Record<string, string>>;
}

const helperTimeoutMs = 30_000;
/** What helpers say in place of credentials: there are none. It is part of their protocol. */
const helperHasNone = /credentials not found/i;
const tokenUser = '<token>';

/**
 * Undefined where there are none, or no configuration that can be read: the registry is asked as anybody then. A helper
 * that is set up for the registry is asked alone, as Docker does. Errors: `tool-failed`, `timed-out` (the helper).
 */
export async function readRegistryAuth(
  registry: string,
  signal: AbortSignal,
): Promise<RegistryAuth | undefined> {
  const folder = process.env['DOCKER_CONFIG'] ?? join(homedir(), '.docker');
  let configuration: Configuration;
  try {
    configuration = JSON.parse(
      await readFile(join(folder, 'config.json'), 'utf8'),
    ) as Configuration;
  } catch {
    return undefined;
  }
  const helper = helperOf(configuration, registry);
  return helper === undefined
    ? findAuth(configuration, registry)
    : askHelper(helper, registry, signal);
}

/** The name of the helper that keeps the registry's credentials. Pure. */
export function helperOf(configuration: Configuration, registry: string): string | undefined {
  const { credHelpers = {}, credsStore } = configuration;
  const own = Object.entries(credHelpers).find(
    ([key]) => key === keyOf(registry) || hostOf(key) === registry,
  );
  const helper = own?.[1] ?? credsStore;
  return helper === undefined || helper === '' ? undefined : helper;
}

/** `docker-credential-<helper> get`: the registry on standard input, JSON on standard output. It is never shown. */
async function askHelper(
  helper: string,
  registry: string,
  signal: AbortSignal,
): Promise<RegistryAuth | undefined> {
  const doing = `asking credential helper ${helper} for ${registry}`;
  const advice = `see whether \`docker-credential-${helper} list\` works as the user that runs ci-warm`;
  if (!/^[\w.-]+$/.test(helper)) {
    throw new CiWarmError('tool-failed', `${doing}: that is no name of a helper`);
  }
  const { exitCode, stdout } = await run(
    {
      doing,
      program: `docker-credential-${helper}`,
      args: ['get'],
      input: `${keyOf(registry)}\n`,
      timeoutMs: helperTimeoutMs,
      okExitCodes: [0, 1],
    },
    signal,
  );
  if (exitCode !== 0 && helperHasNone.test(stdout)) return undefined;
  const auth = exitCode === 0 ? readHelperAnswer(stdout) : undefined;
  if (auth === undefined) {
    throw new CiWarmError('tool-failed', `${doing}: it gave no credentials; ${advice}`);
  }
  return { ...auth, serveraddress: keyOf(registry) };
}

/** Undefined when it is not what helpers answer. Pure. */
export function readHelperAnswer(stdout: string): RegistryAuth | undefined {
  let answer: { readonly Username?: unknown; readonly Secret?: unknown };
  try {
    answer = JSON.parse(stdout) as typeof answer;
  } catch {
    return undefined;
  }
  const { Username: username, Secret: secret } = answer;
  if (typeof username !== 'string' || typeof secret !== 'string' || secret === '') return undefined;
  return username === tokenUser ? { identitytoken: secret } : { username, password: secret };
}

/** The credentials for a registry that stand in the configuration itself. Pure. */
export function findAuth({ auths }: Configuration, registry: string): RegistryAuth | undefined {
  const wanted = keyOf(registry);
  const entry = Object.entries(auths ?? {}).find(
    ([key]) => key === wanted || hostOf(key) === wanted,
  );
  if (entry === undefined) return undefined;
  const [key, { auth, identitytoken }] = entry;
  const [username, password] = splitOnce(Buffer.from(auth ?? '', 'base64').toString('utf8'));
  if (identitytoken !== undefined && identitytoken !== '') {
    return { username, identitytoken, serveraddress: key };
  }
  return password === '' ? undefined : { username, password, serveraddress: key };
}

function keyOf(registry: string): string {
  return registry === 'docker.io' ? hubKey : registry;
}

/** Older entries are whole URLs. */
function hostOf(key: string): string {
  return key.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
}

function splitOnce(pair: string): readonly [string, string] {
  const colon = pair.indexOf(':');
  return colon < 0 ? [pair, ''] : [pair.slice(0, colon), pair.slice(colon + 1)];
}
