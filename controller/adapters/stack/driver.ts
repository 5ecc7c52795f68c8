/**
 * The driver `Stack`: deploys Co-op Cloud recipes by Docker alone.
 *
 * What is deployed is what was read for the gates: the recipe's compose files with their variables filled in and an
 * override of ours, put together as one file (controller/recipe/). It is written into a folder of its own beside
 * everything else that the commit holds, handed to `docker stack deploy`, and removed.
 *
 * Volumes are made before the stack, as binds onto folders of the app's state, so that no prune can take them; a volume
 * of that name that was there before is used as it is, unless it may be a stranger's (own-volumes.ts). Secrets are made
 * when they are missing.
 */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { AppIdentity } from '../../model/app.ts';
import { CiWarmError } from '../../model/failure.ts';
import type { RecipeReading } from '../../model/recipe.ts';
import type { Release, ReleaseSpec } from '../../model/release.ts';
import type { VolumePlace } from '../../model/snapshot.ts';
import { label } from '../../model/swarm.ts';
import type { Driver } from '../../ports/driver.ts';
import type { Engine } from '../../ports/engine.ts';
import type { Recipes } from '../../ports/recipes.ts';
import type { Secrets } from '../../ports/secrets.ts';
import type { Volumes } from '../../ports/volumes.ts';
import type { RecipeFiles } from '../../recipe/environment.ts';
import { renderOverride } from '../../recipe/override.ts';
import { readStack, type StackReading } from '../../recipe/read-recipe.ts';
import { renderStackFile } from '../../recipe/stack-file.ts';
import { neededDocker, tooNewFor } from '../../recipe/too-new.ts';
import { writeFailure, writeFileAtomic } from '../files/atomic-write.ts';
import { createCliVersion, type CliVersion } from './cli-version.ts';
import { createDockerCli, type DockerCli } from './docker-cli.ts';
import { ensureSecrets } from './ensure-secrets.ts';
import { isDeployed } from './is-deployed.ts';
import { ownVolumes, refuseStranger } from './own-volumes.ts';

export interface StackDriverDeps {
  readonly recipes: Recipes;
  readonly secrets: Secrets;
  readonly volumes: Volumes;
  readonly engine: Pick<Engine, 'observeStack'>;
  /** Volumes are made in `<stateDir>/<app>/volumes`, the files of a deploy in `<stateDir>/.cache`. */
  readonly stateDir: string;
  /** The Docker command line, a name in PATH or a path; default `docker`. */
  readonly dockerProgram?: string;
}

/** Makes the port; asks nothing yet. */
export function createStackDriver(deps: StackDriverDeps): Driver {
  const program = deps.dockerProgram ?? 'docker';
  const cli = createDockerCli(program);
  const version = createCliVersion(program);
  return {
    read: (app, release, signal) => readForCli(deps, version, { app, release }, signal),
    volumes: (app, release, signal) => placesOf(deps, app, release, signal),
    releaseVolumes: (app, release, signal) => releaseVolumes(deps, app, release, signal),
    deploy: (app, release, signal) => deploy(deps, cli, { app, release }, signal),
  };
}

interface Target {
  readonly app: AppIdentity;
  readonly release: Release;
}

interface AppReading {
  readonly files: RecipeFiles;
  readonly stack: StackReading;
}

async function readApp(
  deps: StackDriverDeps,
  app: AppIdentity,
  release: ReleaseSpec,
  signal: AbortSignal,
): Promise<AppReading> {
  const files = await deps.recipes.files(app.recipe, app.recipeUrl, release.commit, signal);
  return { files, stack: readStack(files, app, release) };
}

/** With what this host's command line is too old for; it is asked only where that could be. */
async function readForCli(
  deps: StackDriverDeps,
  version: CliVersion,
  { app, release }: { readonly app: AppIdentity; readonly release: ReleaseSpec },
  signal: AbortSignal,
): Promise<RecipeReading> {
  const { reading, loaded } = (await readApp(deps, app, release, signal)).stack;
  const needed = neededDocker(loaded.parsed);
  if (needed === 0) return reading;
  const major = await version.major(needed, signal);
  if (major === undefined) return reading;
  return { ...reading, problems: [...reading.problems, ...tooNewFor(loaded.parsed, major)] };
}

async function deploy(
  deps: StackDriverDeps,
  cli: DockerCli,
  { app, release }: Target,
  signal: AbortSignal,
): Promise<void> {
  const { files, stack } = await readApp(deps, app, release, signal);
  refuseProblems(app, release, stack);
  const view = await deps.engine.observeStack(app.stack, signal);
  if (isDeployed(view, app, release, stack.reading)) return;
  const nodeId = view.nodes.find((node) => node.self)?.id;
  if (nodeId === undefined) {
    throw new CiWarmError(
      'no-answer',
      `deploying ${app.name}: Docker does not say which node of the Swarm this is; see \`docker node ls\``,
    );
  }
  await placesOn(deps, app, stack, signal);
  await ensureSecrets(app, stack.reading, deps.secrets, signal);
  await ensureVolumes(deps, app, stack, signal);
  const override = renderOverride({ app, release, stack, files, nodeId });
  await withExport(deps, { app, release }, signal, async (directory) => {
    const { path, text } = renderStackFile({ loaded: stack.loaded, files, override });
    await writeFileAtomic(join(directory, path), text);
    await cli.deploy({ stack: app.stack, directory, files: [path] }, signal);
  });
}

/** A problem is found out before anything is touched; here it must not get any further. */
function refuseProblems(app: AppIdentity, release: Release, stack: StackReading): void {
  const [first] = stack.reading.problems;
  if (first !== undefined) {
    const place = first.line === undefined ? first.file : `${first.file}:${String(first.line)}`;
    const more = stack.reading.problems.length - 1;
    throw new CiWarmError(
      'recipe-invalid',
      `deploying ${app.name} at ${release.version}: ${place}: ${first.message}${more === 0 ? '' : ` (and ${String(more)} more)`}`,
    );
  }
  const unpinned = stack.reading.services.find(({ name }) => release.images[name] === undefined);
  if (unpinned !== undefined) {
    throw new CiWarmError(
      'recipe-invalid',
      `deploying ${app.name} at ${release.version}: the image of service ${unpinned.name} was never resolved`,
    );
  }
}

async function placesOf(
  deps: StackDriverDeps,
  app: AppIdentity,
  release: ReleaseSpec,
  signal: AbortSignal,
): Promise<readonly VolumePlace[]> {
  return await placesOn(deps, app, (await readApp(deps, app, release, signal)).stack, signal);
}

/** Where they are, or would be. Throws `conflict` when one of them may be somebody else's. */
async function placesOn(
  deps: StackDriverDeps,
  app: AppIdentity,
  stack: StackReading,
  signal: AbortSignal,
): Promise<readonly VolumePlace[]> {
  return await Promise.all(
    ownVolumes(deps, app, stack).map(async (place) => {
      const found = await deps.volumes.find(place.name, signal);
      refuseStranger(deps, app, place, found);
      return { ...place, path: found?.path ?? place.path };
    }),
  );
}

async function ensureVolumes(
  deps: StackDriverDeps,
  app: AppIdentity,
  stack: StackReading,
  signal: AbortSignal,
): Promise<void> {
  for (const place of ownVolumes(deps, app, stack)) {
    const labels = labelsOf(app, place);
    await deps.volumes.ensureBindVolume({ name: place.name, path: place.path, labels }, signal);
  }
}

async function releaseVolumes(
  deps: StackDriverDeps,
  app: AppIdentity,
  release: ReleaseSpec,
  signal: AbortSignal,
): Promise<readonly VolumePlace[]> {
  const { stack } = await readApp(deps, app, release, signal);
  const released: VolumePlace[] = [];
  for (const place of ownVolumes(deps, app, stack)) {
    const { name, path } = place;
    const volume = { name, path, labels: labelsOf(app, place) };
    if (await deps.volumes.removeBindVolume(volume, signal)) released.push(place);
  }
  return released;
}

/** What we write on a volume that we make, and go by when it is to go (R2). */
function labelsOf(app: AppIdentity, { volume }: VolumePlace): Readonly<Record<string, string>> {
  return { [label.stack]: app.stack, [label.app]: app.name, [label.volume]: volume };
}

/** One folder an app, which has one transition at a time: what a killed process left there goes first (L2). */
async function withExport(
  deps: StackDriverDeps,
  { app, release }: Target,
  signal: AbortSignal,
  use: (directory: string) => Promise<void>,
): Promise<void> {
  const directory = join(deps.stateDir, '.cache', 'deploy', app.name);
  try {
    await rm(directory, { recursive: true, force: true });
    await mkdir(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw writeFailure(`cannot make ${directory}`, error);
  }
  try {
    await deps.recipes.export(app.recipe, app.recipeUrl, release.commit, directory, signal);
    await use(directory);
  } finally {
    await rm(directory, { recursive: true, force: true }).catch(() => undefined);
  }
}
