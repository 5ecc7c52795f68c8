/**
 * A recipe at one commit, with an app's configuration: what it asks for, and the text that Docker is to be given.
 *
 * Whatever cannot be read or cannot be deployed is a problem with its place, never an error: a gate holds on any (G2).
 * Not here: whether this host's Docker is new enough for every key of the compose files (too-new.ts).
 */
import type { RecipeReading, ServiceReading } from '../model/recipe.ts';
import type { ReleaseSpec } from '../model/release.ts';
import { checkProject } from './check-project.ts';
import { environmentOf, type RecipeApp, type RecipeFiles } from './environment.ts';
import { loadProject, type LoadedProject } from './load-project.ts';
import { dockerNameOf, externalNetworkOf, type Service } from './project.ts';
import { workingFolder } from './recipe-path.ts';
import { readSecrets } from './read-secrets.ts';

/** A reading, and beside it what the deploy needs. */
export interface StackReading {
  readonly reading: RecipeReading;
  readonly loaded: LoadedProject;
}

type Want = Pick<ReleaseSpec, 'version' | 'commit' | 'env'>;

/** What the release asks for. Never throws. */
export function readRecipe(files: RecipeFiles, app: RecipeApp, release: Want): RecipeReading {
  return readStack(files, app, release).reading;
}

/** The same with all that a deploy needs. Never throws. */
export function readStack(files: RecipeFiles, app: RecipeApp, release: Want): StackReading {
  const environment = environmentOf(files, app, release);
  const loaded = loadProject(files, environment.env);
  const { project } = loaded;
  const { secrets, problems } = readSecrets(project.secrets.values(), app.stack, environment);
  const own = [...project.configs.values()].filter((config) => !config.isExternal);
  const reading: RecipeReading = {
    version: release.version,
    commit: release.commit,
    composeFiles: loaded.paths,
    env: environment.env,
    services: [...project.services.values()].map(readService),
    volumes: [...project.volumes.values()]
      .filter((volume) => !volume.isExternal)
      .map((volume) => volume.key),
    secrets,
    configs: own.map((config) => ({
      name: config.key,
      fullName: dockerNameOf(config, app.stack),
      file: config.sourceFile,
    })),
    externalNetworks: [...project.networks.values()]
      .filter((network) => network.isExternal)
      .map((network) => externalNetworkOf(network, app)),
    problems: [
      ...environment.problems,
      ...loaded.problems,
      ...problems,
      ...checkProject({ project, stack: app.stack, files, folder: workingFolder(loaded.paths) }),
    ],
  };
  return { reading, loaded };
}

function isChecked(healthcheck: Service['healthcheck']): boolean {
  return healthcheck !== undefined && !healthcheck.isOff && healthcheck.test[0] !== 'NONE';
}

function readService(service: Service): ServiceReading {
  return {
    name: service.name,
    image: service.image ?? '',
    replicas: service.replicas ?? 1,
    mounts: service.mounts
      .filter((mount) => mount.kind === 'volume' && mount.source !== '')
      .map((mount) => ({ volume: mount.source, target: mount.target })),
    networks: service.networks.length === 0 ? ['default'] : service.networks,
    labels: Object.fromEntries(
      [...service.labels, ...service.deployLabels].map(([key, value]) => [key, value ?? '']),
    ),
    targetPorts: service.ports,
    hasHealthcheck: isChecked(service.healthcheck),
    updateOrder: service.updateOrder,
    mayEnd: service.restartCondition === 'none' || service.restartCondition === 'on-failure',
  };
}
