/**
 * The one file that Docker is given: the recipe's compose files and our override, put together.
 *
 * One, because two would not do: of two files Docker keys what it puts together, ports by what is published, secrets and
 * configs by their source, so of `53:53/tcp` and `53:53/udp`, or of a config that is mounted twice, one would be lost
 * that is there when the recipe is deployed by hand. And Docker's versions put files together differently
 * (merge-service.ts).
 */
import type { RecipeFiles } from './environment.ts';
import { parseEnvFile } from './env-file.ts';
import type { LoadedProject } from './load-project.ts';
import { mergeService } from './merge-service.ts';
import { pathInRecipe, workingFolder } from './recipe-path.ts';
import {
  isList,
  isTreeMap,
  leafText,
  readTree,
  showTree,
  type Tree,
  type TreeMap,
} from './yaml-tree.ts';

export interface StackFileInput {
  readonly loaded: Pick<LoadedProject, 'paths' | 'files'>;
  /** For the variables that services take from files. */
  readonly files: RecipeFiles;
  /** As recipe/override.ts renders it. */
  readonly override: string;
}

export interface StackFile {
  /** That of the recipe's first file, which it takes the place of: relative paths start there. */
  readonly path: string;
  readonly text: string;
}

const SECTIONS: readonly string[] = ['services', 'networks', 'volumes', 'secrets', 'configs'];

/** Files that are no YAML add nothing: a deploy refuses them. The same input gives the same text. Never throws. */
export function renderStackFile(input: StackFileInput): StackFile {
  const { path, tree } = stackFileTree(input);
  return { path, text: showTree(tree) };
}

/** The same before it is written: for what changes it further without reading values as another type. Never throws. */
export function stackFileTree({
  loaded,
  files,
  override,
}: StackFileInput): Pick<StackFile, 'path'> & { readonly tree: TreeMap } {
  const folder = workingFolder(loaded.paths);
  const trees = loaded.files.flatMap(({ text }) => readTree(text) ?? []);
  const readable = (path: string): string => files.get(pathInRecipe(folder, path) ?? '') ?? '';
  // A later file's variables from files count over what an earlier one says itself.
  const resolved = trees.length > 1 ? trees.map((tree) => withoutEnvFiles(tree, readable)) : trees;
  const whole = [...resolved, readTree(override) ?? new Map()].reduce<TreeMap>(
    mergeFiles,
    new Map(),
  );
  return { path: loaded.paths[0] ?? 'compose.yml', tree: withoutFragments(whole) };
}

/** Of a service both files count; of anything else that has a name, the last one's. */
function mergeFiles(base: TreeMap, over: TreeMap): TreeMap {
  const result = new Map([...base, ...over]);
  for (const name of SECTIONS) {
    const [before, after] = [base.get(name), over.get(name)];
    if (!isTreeMap(before)) continue;
    if (!isTreeMap(after)) result.set(name, before);
    else
      result.set(
        name,
        name === 'services' ? mergeServices(before, after) : new Map([...before, ...after]),
      );
  }
  return result;
}

function mergeServices(base: TreeMap, over: TreeMap): TreeMap {
  const result = new Map(base);
  for (const [name, service] of over) {
    const before = result.get(name);
    if (!isTreeMap(before)) result.set(name, service);
    else if (isTreeMap(service)) result.set(name, mergeService(before, service));
  }
  return result;
}

function withoutFragments(tree: TreeMap): TreeMap {
  return new Map([...tree].filter(([key]) => !key.startsWith('x-')));
}

function withoutEnvFiles(tree: TreeMap, read: (path: string) => string): TreeMap {
  const services = tree.get('services');
  if (!isTreeMap(services)) return tree;
  const entries = [...services].map(([name, service]): [string, Tree] => {
    const named = isTreeMap(service) ? service.get('env_file') : undefined;
    if (!isTreeMap(service) || named === undefined) return [name, service];
    const paths = (isList(named) ? named : [named]).flatMap((path) => leafText(path) ?? []);
    const variables = paths.flatMap((path) => parseEnvFile(read(path)));
    const environment = new Map<string, Tree>(
      variables.map(([key, value]) => [key, value?.replaceAll('$', () => '$$') ?? null]),
    );
    const own = service.get('environment');
    const merged = mergeService(
      new Map([['environment', environment]]),
      new Map(own === undefined ? [] : [['environment', own]]),
    );
    const rest = [...service].filter(([key]) => key !== 'env_file' && key !== 'environment');
    return [name, new Map([...rest, ...merged])];
  });
  return new Map([...tree, ['services', new Map(entries)]]);
}
