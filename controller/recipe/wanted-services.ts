/**
 * A recipe's services as a deploy of it would write them, by the names that Docker has for things: to be held against
 * services that somebody else deployed. Not here: what is written on top of a recipe (override.ts).
 */
import type { WantedMount, WantedService } from '../model/structure.ts';
import { parseEnvFile } from './env-file.ts';
import type { RecipeApp, RecipeFiles } from './environment.ts';
import { dockerNameOf, externalNetworkOf, type Declared, type Service } from './project.ts';
import type { StackReading } from './read-recipe.ts';
import { pathInRecipe, workingFolder } from './recipe-path.ts';

/** In the order of the recipe. Never throws. */
export function wantedServices(
  files: RecipeFiles,
  app: RecipeApp,
  stack: StackReading,
): readonly WantedService[] {
  const { project } = stack.loaded;
  const named = (keys: readonly string[], of: ReadonlyMap<string, Declared>): readonly string[] =>
    [...new Set(keys)].map((key) => nameOf(key, of.get(key), app));
  return [...project.services.values()].map((service) => ({
    name: service.name,
    replicas: service.replicas ?? 1,
    environment: environmentOf(service, files, stack),
    mounts: service.mounts.flatMap((mount): readonly WantedMount[] => {
      const { kind, source, target } = mount;
      if (kind === 'other') return [];
      if (kind === 'bind' || source === '') return [{ kind, source, target }];
      return [{ kind, source: nameOf(source, project.volumes.get(source), app), target }];
    }),
    secrets: named(service.secrets, project.secrets),
    configs: named(service.configs, project.configs),
    networks: named(
      service.networks.length === 0 ? ['default'] : service.networks,
      project.networks,
    ),
  }));
}

function nameOf(key: string, declared: Declared | undefined, app: RecipeApp): string {
  if (declared === undefined) return `${app.stack}_${key}`;
  return declared.isExternal ? externalNetworkOf(declared, app) : dockerNameOf(declared, app.stack);
}

/** What the recipe says, then its files of variables; those without a value take the app's, as Docker does it. */
function environmentOf(
  service: Service,
  files: RecipeFiles,
  { reading, loaded }: StackReading,
): ReadonlyMap<string, string> {
  const folder = workingFolder(loaded.paths);
  const fromFiles = service.envFiles.flatMap((path) =>
    parseEnvFile(files.get(pathInRecipe(folder, path) ?? '') ?? ''),
  );
  const written = new Map([...fromFiles, ...service.environment]);
  return new Map(
    [...written].flatMap(([name, value]): readonly [string, string][] => {
      if (value !== null && value !== '') return [[name, value]];
      if (Object.hasOwn(reading.env, name)) return [[name, reading.env[name] ?? '']];
      return value === null ? [] : [[name, '']];
    }),
  );
}
