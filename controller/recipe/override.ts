/**
 * Our own compose file, put over the recipe's: what ci-warm adds to a recipe and nothing else.
 *
 * - Images as pinned. Services whose task was never pinned keep what the recipe says.
 * - Swarm never rolls back by itself, and never runs two tasks on one volume: an old version on data that a newer one
 *   has migrated is what ci-warm is there to prevent (U1, U3).
 * - Services with volumes stay on the node that holds the data; elsewhere Swarm would start them on an empty volume.
 * - Labels that say whose they are and what they run: on the service for Co-op Cloud's tools and for us, on the
 *   container so that a task still says it when its service has moved on (U3).
 * - The app's variables in service `app`, as abra gives them, so that templated configs find them.
 *
 * It is put over the recipe's files (stack-file.ts): maps add up, lists are appended, single values replace the recipe's.
 */
import { stringify } from 'yaml';

import type { AppIdentity } from '../model/app.ts';
import type { Release } from '../model/release.ts';
import { label } from '../model/swarm.ts';
import { parseVersion } from '../model/version.ts';
import { parseEnvFile } from './env-file.ts';
import type { RecipeFiles } from './environment.ts';
import { externalNetworkOf, RECIPE_PROXY_NETWORK, type Project, type Service } from './project.ts';
import type { StackReading } from './read-recipe.ts';
import { pathInRecipe, workingFolder } from './recipe-path.ts';

export interface OverrideInput {
  readonly app: AppIdentity;
  readonly release: Release;
  readonly stack: StackReading;
  /** For the variables that services take from files. */
  readonly files: RecipeFiles;
  /** The Swarm node that holds the app's volumes. */
  readonly nodeId: string;
}

/** The service that Co-op Cloud's recipes show to the world. */
const PUBLIC_SERVICE = 'app';
const SHORT_COMMIT = 8;
const TRAEFIK_NETWORK_LABEL = 'traefik.docker.network';

/** The file as YAML. The same input gives the same text. */
export function renderOverride(input: OverrideInput): string {
  const { project, version } = input.stack.loaded;
  const services = [...project.services.values()].map((service): [string, unknown] => [
    service.name,
    serviceOverride(service, input),
  ]);
  const networks = proxyOverride(project, input.app);
  return stringify(
    withDoubledDollars({
      version,
      services: Object.fromEntries(services),
      ...(networks === undefined ? {} : { networks }),
    }),
    { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'QUOTE_DOUBLE', lineWidth: 0 },
  );
}

function serviceOverride(service: Service, input: OverrideInput): unknown {
  const { app, release, nodeId } = input;
  const image = release.images[service.name];
  const holdsData = ownVolumes(service, input.stack.loaded.project).length > 0;
  const ours = { [label.app]: app.name, [label.spec]: release.specHash };
  const environment = missingVariables(service, input);
  const order = holdsData ? { order: 'stop-first' } : {};
  return {
    ...(image === undefined ? {} : { image }),
    ...(Object.keys(environment).length === 0 ? {} : { environment }),
    labels: ours,
    deploy: {
      labels: { ...proxyLabel(service, app), ...recipeLabels(app, release), ...ours },
      update_config: { failure_action: 'pause', ...order },
      ...(holdsData
        ? { rollback_config: order, placement: { constraints: [`node.id==${nodeId}`] } }
        : {}),
    },
  };
}

/** Keys of the stack's own volumes that the service mounts. */
function ownVolumes(service: Service, project: Project): readonly string[] {
  return service.mounts
    .filter((mount) => mount.kind === 'volume')
    .map((mount) => mount.source)
    .filter((source) => project.volumes.get(source)?.isExternal === false);
}

/** What abra writes on a service. A release that is no tag counts as chaos there: only its commit says what it is. */
function recipeLabels(app: AppIdentity, release: Release): Readonly<Record<string, string>> {
  const isTag = parseVersion(release.version).kind !== 'no-release';
  const prefix = `coop-cloud.${app.stack}`;
  return {
    [`${prefix}.recipe`]: app.recipe,
    [`${prefix}.chaos`]: String(!isTag),
    ...(isTag
      ? { [`${prefix}.version`]: release.version }
      : { [`${prefix}.chaos-version`]: release.commit.slice(0, SHORT_COMMIT) }),
  };
}

/**
 * Variables that the service names without a value, or with an empty one, from the app's; and for the public service all others of the app
 * that it does not set itself. Docker's command line has none of them to fill in.
 */
function missingVariables(
  service: Service,
  { stack, files }: OverrideInput,
): Readonly<Record<string, string>> {
  const { env } = stack.reading;
  const named = [...service.environment].filter(([, value]) => isOpen(value)).map(([name]) => name);
  const folder = workingFolder(stack.loaded.paths);
  const fromFiles = service.envFiles.flatMap((path) => {
    return parseEnvFile(files.get(pathInRecipe(folder, path) ?? '') ?? '');
  });
  const inFiles = new Map(fromFiles);
  const open = [...inFiles]
    .filter(([name, value]) => isOpen(value) && !service.environment.has(name))
    .map(([name]) => name);
  const set = new Set([...service.environment.keys(), ...inFiles.keys()]);
  const exposed =
    service.name === PUBLIC_SERVICE ? Object.keys(env).filter((name) => !set.has(name)) : [];
  return Object.fromEntries(
    [...named, ...open, ...exposed]
      .sort()
      .flatMap((name) => (Object.hasOwn(env, name) ? [[name, env[name] ?? '']] : [])),
  );
}

/** Docker fills in both from its environment. */
function isOpen(value: string | null): boolean {
  return value === null || value === '';
}

function proxyOverride(project: Project, app: AppIdentity): unknown {
  const renamed = [...project.networks.values()].filter(
    (network) =>
      network.isExternal &&
      (network.name ?? network.key) === RECIPE_PROXY_NETWORK &&
      externalNetworkOf(network, app) !== RECIPE_PROXY_NETWORK,
  );
  if (renamed.length === 0) return undefined;
  return Object.fromEntries(
    renamed.map((network) => [network.key, { external: true, name: app.proxyNetwork }]),
  );
}

/** Recipes tell Traefik by name which of an app's networks it is on. */
function proxyLabel(service: Service, app: AppIdentity): Readonly<Record<string, string>> {
  const isMeant = service.deployLabels.get(TRAEFIK_NETWORK_LABEL) === RECIPE_PROXY_NETWORK;
  return isMeant ? { [TRAEFIK_NETWORK_LABEL]: app.proxyNetwork } : {};
}

/** Docker interpolates this file too; a dollar sign of ours is one. Keys it leaves alone. */
function withDoubledDollars(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('$', () => '$$');
  if (Array.isArray(value)) return value.map(withDoubledDollars);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, withDoubledDollars(member)]),
  );
}
