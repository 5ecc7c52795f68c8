/**
 * A recipe's compose files as one project, put together as `docker stack deploy` does: of single values the last file's
 * counts, maps and lists add up, mounts by their target.
 *
 * What a service asks for (volumes, networks, secrets, configs) is thus the union over the files: nothing that one file
 * asks for can be hidden by another.
 */
import { lineOf, type ComposeFile } from './compose-file.ts';
import { readServicePart, type Healthcheck, type Mount, type ServicePart } from './compose-part.ts';
import { memberOf, membersOf, textOf } from './yaml-value.ts';

export interface Service extends ServicePart {
  readonly name: string;
  /** Where it is first spoken of. */
  readonly file: string;
  readonly line: number | undefined;
}

/** A volume, network, secret or config under its key at the top level. */
export interface Declared {
  readonly key: string;
  readonly file: string;
  readonly line: number | undefined;
  readonly isExternal: boolean;
  /** `name:`, or the older `external: {name: …}`. */
  readonly name: string | undefined;
  readonly sourceFile: string | undefined;
  readonly driver: string | undefined;
  readonly hasDriverOptions: boolean;
}

export interface Project {
  readonly services: ReadonlyMap<string, Service>;
  readonly volumes: ReadonlyMap<string, Declared>;
  readonly networks: ReadonlyMap<string, Declared>;
  readonly secrets: ReadonlyMap<string, Declared>;
  readonly configs: ReadonlyMap<string, Declared>;
}

type Section = 'volumes' | 'networks' | 'secrets' | 'configs';

/** The files as interpolate-file.ts leaves them. Those that could not be parsed add nothing. Never throws. */
export function mergeProject(files: readonly ComposeFile[]): Project {
  const services = new Map<string, Service>();
  for (const file of files) {
    for (const [name, value] of membersOf(memberOf(file.content, 'services'))) {
      const before = services.get(name);
      const part = readServicePart(value);
      const line = lineOf(file, ['services', name]);
      services.set(
        name,
        before === undefined
          ? { ...part, name, file: file.path, line }
          : { ...mergeParts(before, part), name, file: before.file, line: before.line },
      );
    }
  }
  const section = (key: Section): ReadonlyMap<string, Declared> => {
    const all = new Map<string, Declared>();
    for (const file of files) {
      for (const [name, value] of membersOf(memberOf(file.content, key))) {
        const here = { key: name, file: file.path, line: lineOf(file, [key, name]) };
        all.set(name, declared(here, value, all.get(name)));
      }
    }
    return all;
  };
  return {
    services,
    volumes: section('volumes'),
    networks: section('networks'),
    secrets: section('secrets'),
    configs: section('configs'),
  };
}

function mergeParts(base: ServicePart, over: ServicePart): ServicePart {
  return {
    image: over.image ?? base.image,
    environment: new Map([...base.environment, ...over.environment]),
    envFiles: [...base.envFiles, ...over.envFiles],
    labels: new Map([...base.labels, ...over.labels]),
    deployLabels: new Map([...base.deployLabels, ...over.deployLabels]),
    mounts: mergeMounts(base.mounts, over.mounts),
    ports: union(base.ports, over.ports),
    networks: union(base.networks, over.networks),
    secrets: union(base.secrets, over.secrets),
    configs: union(base.configs, over.configs),
    replicas: over.replicas ?? base.replicas,
    restartCondition: over.restartCondition ?? base.restartCondition,
    updateOrder: over.updateOrder ?? base.updateOrder,
    healthcheck: mergeHealthchecks(base.healthcheck, over.healthcheck),
  };
}

function mergeMounts(base: readonly Mount[], over: readonly Mount[]): readonly Mount[] {
  const byTarget = new Map(base.map((mount) => [mount.target, mount]));
  for (const mount of over) byTarget.set(mount.target, mount);
  return [...byTarget.values()];
}

/** Docker makes one list of the tests of two files. */
function mergeHealthchecks(
  base: Healthcheck | undefined,
  over: Healthcheck | undefined,
): Healthcheck | undefined {
  if (base === undefined || over === undefined) return over ?? base;
  return { isOff: base.isOff || over.isOff, test: [...base.test, ...over.test] };
}

function union<T>(base: readonly T[], over: readonly T[]): readonly T[] {
  return [...new Set([...base, ...over])];
}

function declared(
  here: Pick<Declared, 'key' | 'file' | 'line'>,
  value: unknown,
  before: Declared | undefined,
): Declared {
  // Of two files the later one's words count alone, for Docker too.
  const external = memberOf(value, 'external');
  const name = textOf(memberOf(value, 'name')) ?? textOf(memberOf(external, 'name'));
  const options = memberOf(value, 'driver_opts');
  return {
    key: here.key,
    file: before?.file ?? here.file,
    line: before?.line ?? here.line,
    isExternal: external === true || external instanceof Map,
    name,
    sourceFile: textOf(memberOf(value, 'file')),
    driver: textOf(memberOf(value, 'driver')),
    hasDriverOptions: membersOf(options).length > 0,
  };
}

/** The name that it has in Docker: its own, or the stack's before its key. */
export function dockerNameOf(one: Declared, stack: string): string {
  return one.name ?? (one.isExternal ? one.key : `${stack}_${one.key}`);
}

/** What recipes call the network that the proxy shares with every app. */
export const RECIPE_PROXY_NETWORK = 'proxy';

/** The external network that is really meant: hosts may call the proxy's network otherwise. */
export function externalNetworkOf(one: Declared, app: { readonly proxyNetwork: string }): string {
  const name = one.name ?? one.key;
  return name === RECIPE_PROXY_NETWORK ? app.proxyNetwork : name;
}
