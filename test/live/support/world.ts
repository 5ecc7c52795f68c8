/**
 * A small world of a test's own on the real Swarm: desired tree, state directory, recipe repositories with just the tags
 * that the test needs, and a domain that nobody else uses. Everything is taken away in the end.
 */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildRecipeRepository } from '../../../controller/setup/recipe-repository.ts';
import { noteTestThings } from '../../../controller/setup/test-things.ts';
import { runCiWarm, startCiWarm, type Program, type Ran } from './program.ts';
import { removeStack } from './swarm.ts';

export interface LiveWorld {
  readonly folder: string;
  readonly desired: string;
  readonly state: string;
  readonly baseDomain: string;
  /** The stack of an app with the default domain. */
  stackOf(app: string): string;
  write(path: string, text: string): void;
  warmApp(name: string, spec: Readonly<Record<string, unknown>>): void;
  /** Makes, or makes anew, the repository of a sample recipe with just these tags. */
  recipe(name: 'guestbook' | 'frontdoor', tags: readonly string[]): Promise<void>;
  once(...more: string[]): Promise<Ran>;
  controller(): Program;
  ciWarm(...args: string[]): Promise<Ran>;
  /** A state file; undefined when it is not there. */
  read(path: string): string | undefined;
  json(path: string): unknown;
  alerts(): readonly Record<string, unknown>[];
  /** Every entry of an app's volumes with type, mode, owner, size, times and content hash: made without the program. */
  tree(app: string): string;
  journal(app: string): readonly Record<string, unknown>[];
  remove(): Promise<void>;
}

const shortWaits = `timeouts: { converge: 90s, boot: 20s }`;

export function makeLiveWorld(apps: readonly string[]): LiveWorld {
  const folder = mkdtempSync(join(tmpdir(), 'ci-warm-live-'));
  const desired = join(folder, 'desired');
  const state = join(folder, 'state');
  const baseDomain = `t${randomBytes(3).toString('hex')}.test`;
  const stackOf = (app: string): string => `warm-${app}.${baseDomain}`.replaceAll('.', '_');
  const args = ['--desired', desired, '--state', state];
  const forget = noteTestThings({ stacks: apps.map(stackOf), images: [] });
  const write = (path: string, text: string): void => {
    const target = join(desired, path);
    mkdirSync(join(target, '..'), { recursive: true });
    const hidden = join(target, '..', `.${path.split('/').at(-1) ?? ''}.new`);
    writeFileSync(hidden, text);
    renameSync(hidden, target);
  };
  const read = (path: string): string | undefined =>
    existsSync(join(state, path)) ? readFileSync(join(state, path), 'utf8') : undefined;
  write('settings.yaml', settings(baseDomain));
  write('recipes/guestbook.yaml', recipe('guestbook'));
  write('recipes/frontdoor.yaml', recipe('frontdoor'));
  return {
    folder,
    desired,
    state,
    baseDomain,
    stackOf,
    write,
    read,
    warmApp: (name, spec) => {
      const object = { apiVersion: 'ci-warm.dev/v1', kind: 'WarmApp', metadata: { name }, spec };
      write(`warm-apps/${name}.yaml`, JSON.stringify(object, null, 2));
    },
    recipe: async (name, tags) => {
      await buildRecipeRepository(name, { tags, into: join(folder, 'recipes', `${name}.git`) });
    },
    once: (...more) => runCiWarm(['controller', '--once', ...args, ...more]),
    controller: () => startCiWarm(['controller', ...args]),
    ciWarm: (...more) => runCiWarm([...more, ...args]),
    json: (path) => JSON.parse(read(path) ?? 'null') as unknown,
    alerts: () => alertsIn(state),
    tree: (app) => treeOf(join(state, app, 'volumes')),
    journal: (app) =>
      (read(`${app}/journal.jsonl`) ?? '')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    remove: async () => {
      for (const app of apps) await removeStack(stackOf(app));
      rmSync(folder, { recursive: true, force: true });
      forget();
    },
  };
}

function settings(baseDomain: string): string {
  return `apiVersion: ci-warm.dev/v1
kind: Settings
metadata: { name: host }
spec:
  baseDomain: ${baseDomain}
  recipeUrl: ../recipes/{recipe}.git
  disk: { reserve: 100Mi, warnBelow: 200Mi, orphanGrace: 72h }
`;
}

function recipe(name: string): string {
  return `apiVersion: ci-warm.dev/v1
kind: Recipe
metadata: { name: ${name} }
spec:
  health: { stableFor: 2s }
  ${shortWaits}
`;
}

function alertsIn(state: string): readonly Record<string, unknown>[] {
  const folder = join(state, 'alerts');
  if (!existsSync(folder)) return [];
  return (
    readdirSync(folder)
      .filter((name) => name.endsWith('.json') && !name.startsWith('.'))
      .map((name) => name.slice(0, -'.json'.length))
      // By id, as they came: of two in one second, `…-2.json` would come before `….json`.
      .sort()
      .map((id) => JSON.parse(readFileSync(join(folder, `${id}.json`), 'utf8')) as object)
      .map((alert) => ({ ...alert }))
  );
}

/** Only the live data: what is displaced or staged beside it is not the app's. */
function treeOf(volumes: string): string {
  const lines: string[] = [];
  for (const volume of existsSync(volumes) ? readdirSync(volumes).sort() : []) {
    const data = join(volumes, volume, 'data');
    if (!existsSync(data)) continue;
    const listed = execFileSync('find', [data, '-printf', '%P|%y|%m|%U:%G|%s|%T@|%l\\n'], {
      encoding: 'utf8',
    });
    const hashes = execFileSync('find', [data, '-type', 'f', '-exec', 'sha256sum', '{}', '+'], {
      encoding: 'utf8',
    });
    lines.push(volume, ...listed.split('\n').sort(), ...hashes.split('\n').sort());
  }
  return lines.join('\n');
}
