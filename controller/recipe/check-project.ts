/**
 * What Docker would refuse or misread only when it is too late: while the app is down. So it is looked for when the
 * recipe is read, before anything is touched.
 */
import { DOCKER_NAME_MAX } from '../model/names.ts';
import type { RecipeProblem } from '../model/recipe.ts';
import type { RecipeFiles } from './environment.ts';
import { dockerNameOf, type Declared, type Project, type Service } from './project.ts';
import { pathInRecipe } from './recipe-path.ts';

export interface ProjectQuestion {
  readonly project: Project;
  readonly stack: string;
  readonly files: RecipeFiles;
  /** Where relative paths start. */
  readonly folder: string;
}

/** Every problem, in the order of the files' services and sections. Never throws. */
export function checkProject(question: ProjectQuestion): readonly RecipeProblem[] {
  const { project, files } = question;
  if (project.services.size === 0) {
    const file = 'compose.yml';
    const line = files.has(file) ? 1 : undefined;
    return [{ file, line, message: 'the compose files name no service' }];
  }
  return [
    ...[...project.services.values()].flatMap((service) => checkService(service, question)),
    ...[...project.volumes.values()].flatMap(checkVolume),
    ...[...project.configs.values()].flatMap((config) => checkConfig(config, question)),
    ...[...project.secrets.values()].flatMap((secret) =>
      checkSourceFile('secret', secret, question),
    ),
  ];
}

function checkService(service: Service, question: ProjectQuestion): readonly RecipeProblem[] {
  const { project } = question;
  const say = sayAt(service);
  const unknown = (kind: string, names: readonly string[], known: ReadonlyMap<string, unknown>) =>
    names
      .filter((name) => !known.has(name))
      .map((name) => say(`service ${service.name} uses ${kind} ${name}, which no file declares`));
  const volumes = service.mounts.flatMap((mount) =>
    mount.kind === 'volume' && mount.source !== '' ? [mount.source] : [],
  );
  return [
    ...(isImage(service.image ?? '') || isUnfilled(service) ? [] : [say(wrongImage(service))]),
    ...unknown('volume', volumes, project.volumes),
    ...unknown(
      'network',
      service.networks.filter((name) => name !== 'default'),
      project.networks,
    ),
    ...unknown('secret', service.secrets, project.secrets),
    ...unknown('config', service.configs, project.configs),
    ...service.envFiles
      .filter((path) => !isInRecipe(path, question))
      .map((path) => say(`service ${service.name}: ${notInRecipe('env_file', path)}`)),
  ];
}

function wrongImage(service: Service): string {
  return service.image === undefined || service.image === ''
    ? `service ${service.name} has no image`
    : `service ${service.name}: \`${service.image}\` is no image reference`;
}

/** Its variable could not be filled in, and that has been said. */
function isUnfilled(service: Service): boolean {
  return service.image?.includes('$') === true;
}

/** Loosely what Docker takes: enough to catch a variable that was empty, a space, a missing tag. */
function isImage(image: string): boolean {
  return (
    /^[a-z0-9][\w.:/-]*[\w](?:@sha256:[0-9a-f]{64})?$/i.test(image) && !/::|\/\/|:\//.test(image)
  );
}

function checkVolume(volume: Declared): readonly RecipeProblem[] {
  if (volume.isExternal) return [];
  const say = sayAt(volume);
  if (!/^[a-z0-9][\w.-]*$/i.test(volume.key)) {
    return [say(`\`${volume.key}\` is no name of a volume: letters, digits, dots, - and _`)];
  }
  if (/^[a-z]$/i.test(volume.key)) {
    return [
      say(`Docker takes the volume name ${volume.key} for a Windows drive: use a longer one`),
    ];
  }
  const isPlain = !volume.hasDriverOptions && (volume.driver ?? 'local') === 'local';
  return isPlain
    ? []
    : [
        say(
          `volume ${volume.key} has a driver or options of its own, and ci-warm keeps an app's volumes in folders of its own: declare it as external, and make it by hand`,
        ),
      ];
}

function checkConfig(config: Declared, question: ProjectQuestion): readonly RecipeProblem[] {
  if (config.isExternal) return [];
  const name = dockerNameOf(config, question.stack);
  const say = sayAt(config);
  const tooLong = `config ${config.key} would be called ${name}, and Docker takes no more than ${String(DOCKER_NAME_MAX)} characters: shorten the app's domain`;
  return [
    ...(name.length > DOCKER_NAME_MAX ? [say(tooLong)] : []),
    ...(name.endsWith('_') ? [say(`config ${config.key} has no version: ${name}`)] : []),
    ...(config.sourceFile === undefined ? [say(`config ${config.key} has no file`)] : []),
    ...checkSourceFile('config', config, question),
  ];
}

function checkSourceFile(
  kind: string,
  one: Declared,
  question: ProjectQuestion,
): readonly RecipeProblem[] {
  if (one.sourceFile === undefined || isInRecipe(one.sourceFile, question)) return [];
  return [sayAt(one)(`${kind} ${one.key}: ${notInRecipe('file', one.sourceFile)}`)];
}

function isInRecipe(path: string, { files, folder }: ProjectQuestion): boolean {
  const inside = pathInRecipe(folder, path);
  return inside !== undefined && files.has(inside);
}

/** Files from outside would be the host's, and a stack must not depend on them. */
function notInRecipe(key: string, path: string): string {
  return `${key} ${path} is no file of the recipe at this commit`;
}

function sayAt(place: { readonly file: string; readonly line: number | undefined }) {
  return (message: string): RecipeProblem => ({ file: place.file, line: place.line, message });
}
