/**
 * Credentials for registries from this host's Docker configuration (`$DOCKER_CONFIG` or `~/.docker`, `config.json`,
 * field `auths`): what `docker login` writes where no credential helper is set up. They go into one request's header
 * and nowhere else.
 */
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Fields of Docker's own `AuthConfig`. */
export type RegistryAuth = Readonly<Record<string, string>>;

interface StoredAuth {
  readonly auth?: string;
  readonly identitytoken?: string;
}

/** Under this name Docker stores credentials for its own hub. */
const hubKey = 'https://index.docker.io/v1/';

/** Undefined where there are none, or no configuration that can be read: the registry is asked as anybody then. */
export async function readRegistryAuth(registry: string): Promise<RegistryAuth | undefined> {
  const folder = process.env['DOCKER_CONFIG'] ?? join(homedir(), '.docker');
  try {
    return findAuth(await readFile(join(folder, 'config.json'), 'utf8'), registry);
  } catch {
    return undefined;
  }
}

/** The credentials for a registry in the text of a configuration file. Throws when it is no JSON. Pure. */
export function findAuth(configuration: string, registry: string): RegistryAuth | undefined {
  const { auths } = JSON.parse(configuration) as {
    readonly auths?: Readonly<Record<string, StoredAuth>>;
  };
  const wanted = registry === 'docker.io' ? hubKey : registry;
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

/** Older entries are whole URLs. */
function hostOf(key: string): string {
  return key.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
}

function splitOnce(pair: string): readonly [string, string] {
  const colon = pair.indexOf(':');
  return colon < 0 ? [pair, ''] : [pair.slice(0, colon), pair.slice(colon + 1)];
}
