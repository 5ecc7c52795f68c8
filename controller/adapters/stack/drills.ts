/**
 * The port `Drills`: a release in a stack of a drill's own, made from the same files as the app's (recipe/isolate.ts).
 *
 * Everything of it has a name or a place of its own: stack `drill-<stack>`, volumes `drill-<stack>_<key>` as binds onto
 * `<state>/.drills/<app>/volumes/<key>/data`. All of it carries the labels of that stack and of the app, by which it is
 * taken away again (R2).
 */
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { AppIdentity } from '../../model/app.ts';
import { CiWarmError } from '../../model/failure.ts';
import { drillStackOf } from '../../model/names.ts';
import type { Release, ReleaseSpec } from '../../model/release.ts';
import type { VolumePlace } from '../../model/snapshot.ts';
import { label } from '../../model/swarm.ts';
import type { Drills } from '../../ports/drills.ts';
import type { Engine } from '../../ports/engine.ts';
import type { Recipes } from '../../ports/recipes.ts';
import type { StackRemains } from '../../ports/stack-remains.ts';
import type { Volumes } from '../../ports/volumes.ts';
import type { RecipeFiles } from '../../recipe/environment.ts';
import { renderApart, whyNotApart } from '../../recipe/isolate.ts';
import { readStack, type StackReading } from '../../recipe/read-recipe.ts';
import { writeFailure, writeFileAtomic } from '../files/atomic-write.ts';
import { nodeFileSystem, type FileSystem } from '../files/fs.ts';
import { createDockerCli, type DockerCli } from './docker-cli.ts';
import { isDeployed } from './is-deployed.ts';

export interface DrillsDeps {
  readonly recipes: Recipes;
  readonly volumes: Volumes;
  readonly remains: StackRemains;
  readonly engine: Pick<Engine, 'observeStack'>;
  readonly stateDir: string;
  /** Default: `docker`. */
  readonly dockerProgram?: string;
  /** Default: the real one. */
  readonly fs?: FileSystem;
}

/** Makes the port; asks nothing yet. */
export function createDrills(deps: DrillsDeps): Drills {
  const { fs = nodeFileSystem, dockerProgram = 'docker' } = deps;
  const cli = createDockerCli(dockerProgram);
  return {
    read: async (app, release, signal) =>
      (await readApart(deps, app, release, signal)).stack.reading,
    volumes: async (app, release, signal) =>
      placesOf(deps, app, (await readApart(deps, app, release, signal)).stack),
    deploy: (app, release, signal) => deploy(deps, cli, app, release, signal),
    clear: async (app, signal) => {
      await deps.remains.remove(drillStackOf(app.stack), app.name, signal);
      await removeFolder(folderOf(deps, app.name), fs);
    },
    hasData: (app) => {
      const folder = folderOf(deps, app.name);
      return lookAt(folder, () => fs.lstat(folder) !== undefined);
    },
    unpacked: () => {
      const parent = dirname(folderOf(deps, 'any'));
      return lookAt(parent, () =>
        fs.lstat(parent)?.kind === 'directory' ? fs.list(parent).map(({ name }) => name) : [],
      );
    },
    clearUnpacked: async (app, volumes, signal) => {
      const folder = folderOf(deps, app);
      for (const { name, labels, options } of volumes) {
        const path = options['device'] ?? '';
        if (!path.startsWith(`${folder}/`)) continue;
        await deps.volumes.removeBindVolume({ name, path, labels }, signal);
      }
      await removeFolder(folder, fs);
    },
  };
}

function lookAt<T>(path: string, look: () => T): T {
  try {
    return look();
  } catch (error) {
    throw writeFailure(`looking at ${path}`, error);
  }
}

async function removeFolder(folder: string, fs: FileSystem): Promise<void> {
  try {
    await fs.removeTree(folder);
    // A power cut must not bring back what nobody would look for again.
    const parent = dirname(folder);
    if (fs.stat(parent) !== undefined) await fs.syncDirectory(parent);
  } catch (error) {
    throw writeFailure(`removing ${folder}`, error);
  }
}

interface Apart {
  readonly files: RecipeFiles;
  readonly stack: StackReading;
}

/** With the variables of the app itself: its domain and its secrets are what its data knows. */
async function readApart(
  { recipes }: DrillsDeps,
  app: AppIdentity,
  release: ReleaseSpec,
  signal: AbortSignal,
): Promise<Apart> {
  const files = await recipes.files(app.recipe, app.recipeUrl, release.commit, signal);
  const stack = readStack(files, app, release);
  const why = whyNotApart(stack);
  if (why === undefined) return { files, stack };
  throw new CiWarmError(
    'conflict',
    `a drill of ${app.name} at ${release.version} could touch more than itself: ${why}; its snapshot can be verified, and not tried`,
  );
}

function folderOf({ stateDir }: DrillsDeps, app: string): string {
  return join(stateDir, '.drills', app);
}

function placesOf(
  deps: DrillsDeps,
  app: AppIdentity,
  { loaded }: StackReading,
): readonly VolumePlace[] {
  return [...loaded.project.volumes.values()]
    .filter(({ isExternal }) => !isExternal)
    .map(({ key }) => ({
      volume: key,
      name: `${drillStackOf(app.stack)}_${key}`,
      path: join(folderOf(deps, app.name), 'volumes', key, 'data'),
    }));
}

async function deploy(
  deps: DrillsDeps,
  cli: DockerCli,
  app: AppIdentity,
  release: Release,
  signal: AbortSignal,
): Promise<void> {
  const apart = await readApart(deps, app, release, signal);
  const stack = drillStackOf(app.stack);
  const view = await deps.engine.observeStack(stack, signal);
  if (isDeployed(view, { ...app, stack }, release, apart.stack.reading)) return;
  const nodeId = view.nodes.find((node) => node.self)?.id;
  if (nodeId === undefined) {
    throw new CiWarmError(
      'no-answer',
      `a drill of ${app.name}: Docker does not say which node this is`,
    );
  }
  for (const { volume, name, path } of placesOf(deps, app, apart.stack)) {
    const labels = { [label.stack]: stack, [label.app]: app.name, [label.volume]: volume };
    await deps.volumes.ensureBindVolume({ name, path, labels }, signal);
  }
  const directory = join(folderOf(deps, app.name), 'files');
  try {
    await (deps.fs ?? nodeFileSystem).removeTree(directory);
    await mkdir(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw writeFailure(`cannot make ${directory}`, error);
  }
  await deps.recipes.export(app.recipe, app.recipeUrl, release.commit, directory, signal);
  const { path, text } = renderApart({ app, release, ...apart, nodeId });
  await writeFileAtomic(join(directory, path), text);
  await cli.deploy({ stack, directory, files: [path] }, signal);
}
