/**
 * A recipe at one commit as the safety gate compares it with another. The same reading as a deploy's (read-recipe.ts), so
 * that what is judged is what would run; with the places of what may hold an upgrade.
 *
 * A commit never changes: the same files, app and release give the same structure, always.
 */
import type { ReleaseSpec } from '../model/release.ts';
import type {
  EmptyVariable,
  FileObject,
  RecipeStructure,
  SecretStructure,
  ServiceStructure,
} from '../model/structure.ts';
import { parseDotenv, type Dotenv } from './dotenv.ts';
import { SAMPLE_FILE, type RecipeApp, type RecipeFiles } from './environment.ts';
import type { LoadedProject } from './load-project.ts';
import { mountsOf, placeOfKey } from './places.ts';
import { dockerNameOf, type Declared, type Service } from './project.ts';
import { readStack, type StackReading } from './read-recipe.ts';
import { pathInRecipe, workingFolder } from './recipe-path.ts';
import { versionVariable } from './secret-rule.ts';
import { wantedServices } from './wanted-services.ts';

/** Never throws: what cannot be read is in `problems`. */
export function readStructure(
  files: RecipeFiles,
  app: RecipeApp,
  release: Pick<ReleaseSpec, 'version' | 'commit' | 'env'>,
): RecipeStructure {
  const stack = readStack(files, app, release);
  const { project } = stack.loaded;
  const sampleText = files.get(SAMPLE_FILE) ?? '';
  const sample = parseDotenv(SAMPLE_FILE, sampleText);
  return {
    tag: release.version,
    commit: release.commit,
    services: [...project.services.values()].map((one) => readService(stack.loaded, one)),
    wanted: wantedServices(files, app, stack),
    environment: stack.reading.env,
    volumes: [...project.volumes.values()].map((volume) => ({
      key: volume.key,
      name: dockerNameOf(volume, app.stack),
      isExternal: volume.isExternal,
      file: volume.file,
      line: volume.line,
    })),
    sample: new Map(sample.entries.map(({ name, value }) => [name, value])),
    emptyVariables: emptyVariables(sample, sampleText, stack.reading.env),
    secrets: readSecrets(stack, sample),
    fileObjects: [
      ...fileObjects('config', project.configs.values(), { files, app, loaded: stack.loaded }),
      ...fileObjects('secret', project.secrets.values(), { files, app, loaded: stack.loaded }),
    ],
    problems: stack.reading.problems,
  };
}

function readService({ parsed }: LoadedProject, service: Service): ServiceStructure {
  return {
    name: service.name,
    image: service.image ?? '',
    imagePlace: placeOfKey(parsed, service, 'image'),
    mounts: mountsOf(parsed, service),
    startFirst:
      service.updateOrder === 'start-first'
        ? placeOfKey(parsed, service, 'deploy', 'update_config', 'order')
        : undefined,
  };
}

/** Written as `NAME=` and nothing else: a value that refers to another variable is one. */
function emptyVariables(
  { entries }: Dotenv,
  text: string,
  env: StackReading['reading']['env'],
): readonly EmptyVariable[] {
  const lines = text.split(/\r?\n/);
  return entries
    .filter(({ value, line }) => value === '' && lines[line - 1]?.includes('$') !== true)
    .map(({ name, line }) => ({
      name,
      file: SAMPLE_FILE,
      line,
      isSet: Object.hasOwn(env, name) && env[name] !== '',
    }));
}

/** Each at the line that states its version, where there is one. */
function readSecrets(
  { reading, loaded }: StackReading,
  sample: Dotenv,
): readonly SecretStructure[] {
  const lines = new Map(sample.entries.map(({ name, line }) => [name, line]));
  return reading.secrets.map(({ name, fullName, generate }) => {
    const line = lines.get(versionVariable(name));
    const declared = loaded.project.secrets.get(name);
    const place =
      line === undefined && declared !== undefined
        ? { file: declared.file, line: declared.line }
        : { file: SAMPLE_FILE, line };
    return { name, fullName, isGenerated: generate, ...place };
  });
}

interface Within {
  readonly files: RecipeFiles;
  readonly app: RecipeApp;
  readonly loaded: LoadedProject;
}

function fileObjects(
  kind: FileObject['kind'],
  declared: Iterable<Declared>,
  { files, app, loaded }: Within,
): readonly FileObject[] {
  const folder = workingFolder(loaded.paths);
  return [...declared].flatMap((one): readonly FileObject[] => {
    if (one.isExternal || one.sourceFile === undefined) return [];
    const file = pathInRecipe(folder, one.sourceFile);
    if (file === undefined) return [];
    const fullName = dockerNameOf(one, app.stack);
    return [{ kind, name: one.key, fullName, file, text: files.get(file) }];
  });
}
