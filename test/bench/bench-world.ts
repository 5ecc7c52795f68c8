/** A desired tree, a state directory and recipes of the bench's own, with apps that nobody else has on the Swarm. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { docker, eventually } from '../live/support/swarm.ts';
import type { ProgramForm } from './programs.ts';
import { makeImage, makeRecipe, removeImage, type RecipeOptions } from './recipes.ts';

export interface BenchWorld {
  readonly folder: string;
  readonly desired: string;
  readonly state: string;
  /** Where recipes are, a bare repository each. */
  readonly recipes: string;
  stackOf(app: string): string;
  /** Replaces a file of the desired tree in one step. */
  write(path: string, text: string): void;
  settings(resync: string): void;
  recipe(name: string, options: RecipeOptions): void;
  /** Starts `ci-warm controller …`; what it says goes to a file. */
  controller(program: ProgramForm, more: readonly string[], engine?: string): Controller;
  /** Everything of it that is on the Swarm, and its files. */
  remove(): Promise<void>;
}

export interface Controller {
  readonly pid: number;
  /** Exit code. */
  readonly ended: Promise<number | null>;
  /** Asks it to stop, and waits until it has. */
  stop(): Promise<void>;
  log(): string;
}

const STACK_LABEL = 'com.docker.stack.namespace';

/** `stableFor` is 0 s here: it is a wait that people choose, and no cost of the program. */
export function makeBenchWorld(): BenchWorld {
  const folder = mkdtempSync('/var/tmp/ci-warm-bench-');
  const base = `bench${randomBytes(3).toString('hex')}.test`;
  const desired = join(folder, 'desired');
  const state = join(folder, 'state');
  const recipes = join(folder, 'recipes');
  const running = new Set<Controller>();
  for (const directory of [desired, state, recipes]) mkdirSync(directory);
  const write = (path: string, text: string): void => {
    const target = join(desired, path);
    mkdirSync(join(target, '..'), { recursive: true });
    const unseen = join(folder, 'unseen');
    writeFileSync(unseen, text);
    renameSync(unseen, target);
  };
  makeImage(folder);
  return {
    ...{ folder, desired, state, recipes, write },
    stackOf: (app) => `warm-${app}.${base}`.replaceAll('.', '_'),
    settings: (resync) => write('settings.yaml', settingsText(base, resync)),
    recipe: (name, options) => {
      makeRecipe(join(recipes, `${name}.git`), options);
      write(`recipes/${name}.yaml`, recipeText(name));
    },
    controller: (program, more, engine) => {
      const started = start(program, { folder, desired, state, more, engine });
      running.add(started);
      return started;
    },
    remove: async () => {
      for (const one of running) await one.stop();
      await removeStacks(`_${base.replaceAll('.', '_')}`);
      removeImage();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function appText(name: string, recipe: string, version: string, data: string): string {
  return `apiVersion: ci-warm.dev/v1
kind: WarmApp
metadata: { name: ${name} }
spec: { recipe: ${recipe}, version: '${version}', data: ${data} }
`;
}

function settingsText(baseDomain: string, resync: string): string {
  return `apiVersion: ci-warm.dev/v1
kind: Settings
metadata: { name: host }
spec:
  baseDomain: ${baseDomain}
  resync: ${resync}
  recipeUrl: ../recipes/{recipe}.git
  disk: { reserve: 100Mi, warnBelow: 200Mi, orphanGrace: 72h }
`;
}

function recipeText(name: string): string {
  return `apiVersion: ci-warm.dev/v1
kind: Recipe
metadata: { name: ${name} }
spec:
  health: { stableFor: 0s }
  timeouts: { converge: 600s, boot: 300s }
`;
}

interface StartOptions {
  readonly folder: string;
  readonly desired: string;
  readonly state: string;
  readonly more: readonly string[];
  readonly engine: string | undefined;
}

function start(program: ProgramForm, options: StartOptions): Controller {
  const { folder, desired, state, more, engine } = options;
  const log = join(folder, 'log');
  const out = openSync(log, 'a');
  const env = engine === undefined ? process.env : { ...process.env, DOCKER_HOST: engine };
  const child = spawn(
    process.execPath,
    [...program.command, 'controller', ...more, '--desired', desired, '--state', state],
    { stdio: ['ignore', out, out], env },
  );
  closeSync(out);
  const ended = endOf(child);
  return {
    pid: child.pid ?? -1,
    ended,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
    log: () => readFileSync(log, 'utf8'),
  };
}

function endOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
}

/** All at once: one after the other would take as long as there are stacks. */
async function removeStacks(ending: string): Promise<void> {
  const isOurs = (stack: string | undefined): boolean => stack?.endsWith(ending) === true;
  const gone = (thrown: unknown): void => {
    if ((thrown as { statusCode?: number }).statusCode !== 404) throw thrown;
  };
  for (const { ID, Spec } of await docker.listServices()) {
    if (isOurs(Spec?.Labels?.[STACK_LABEL])) await docker.getService(ID).remove().catch(gone);
  }
  await eventually(
    async () =>
      (await docker.listContainers({ all: true })).every(
        ({ Labels }) => !isOurs(Labels[STACK_LABEL]),
      ),
    'the containers of the bench are gone',
    300_000,
  );
  for (const { Id, Labels } of await docker.listNetworks()) {
    if (!isOurs(Labels?.[STACK_LABEL])) continue;
    await eventually(async () => {
      await docker.getNetwork(Id).remove().catch(gone);
      return true;
    }, 'a network of the bench is gone');
  }
  for (const { Name, Labels } of (await docker.listVolumes()).Volumes) {
    if (isOurs((Labels as Record<string, string> | null)?.[STACK_LABEL])) {
      await docker.getVolume(Name).remove();
    }
  }
}
