/**
 * What Docker would refuse or misread only when it is too late: while the app is down. So it is looked for when the
 * recipe is read, before anything is touched.
 */
import { DOCKER_NAME_MAX } from '../model/names.ts';
import type { RecipeProblem } from '../model/recipe.ts';
import type { Mount } from './compose-part.ts';
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

/** Swarm takes a service for a host name's part. */
const SERVICE_NAME_MAX = 63;

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
    ...[...project.secrets.values()].flatMap((secret) => checkSecret(secret, question)),
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
    ...checkServiceName(service, question.stack),
    ...(isImage(service.image ?? '') || isUnfilled(service) ? [] : [say(wrongImage(service))]),
    ...unknown('volume', volumes, project.volumes),
    ...unknown(
      'network',
      service.networks.filter((name) => name !== 'default'),
      project.networks,
    ),
    ...unknown('secret', service.secrets, project.secrets),
    ...unknown('config', service.configs, project.configs),
    ...checkHealth(service).map(say),
    ...service.mounts
      .filter(isFromCheckout)
      .map(({ source }) => say(fromCheckout(service, source))),
    ...service.envFiles
      .filter((path) => !isInRecipe(path, question))
      .map((path) => say(`service ${service.name}: ${notInRecipe('env_file', path)}`)),
  ];
}

function checkServiceName(service: Service, stack: string): readonly RecipeProblem[] {
  const name = `${stack}_${service.name}`;
  if (name.length <= SERVICE_NAME_MAX) return [];
  const message = `service ${service.name} would be called ${name}, and Swarm takes no more than ${String(SERVICE_NAME_MAX)} characters: shorten the app's domain`;
  return [sayAt(service)(message)];
}

/** Words with which a list of a test begins: a second one in it stands where Docker has put two files together. */
const TEST_WORDS: readonly string[] = ['NONE', 'CMD', 'CMD-SHELL'];

function checkHealth({ name, healthcheck }: Service): readonly string[] {
  if (healthcheck === undefined) return [];
  const { isOff, test } = healthcheck;
  if (isOff && test.length > 0) {
    return [
      `service ${name}: its healthcheck has a test and is disabled, which Docker refuses: take the test out`,
    ];
  }
  return test.slice(1).some((word) => TEST_WORDS.includes(word))
    ? [
        `service ${name}: two files have a test for its healthcheck, and Docker makes one test of both: leave it to one file`,
      ]
    : [];
}

/** A folder that is there while Docker reads the files, and no longer when the app runs. */
function isFromCheckout({ kind, source }: Mount): boolean {
  return kind === 'bind' && !/^[/~$]/.test(source);
}

function fromCheckout(service: Service, source: string): string {
  return `service ${service.name} mounts ${source} out of the recipe, whose files are not kept on the host: use a config, a volume, or a path that begins with /`;
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
  return config.isExternal ? [] : checkFileObject('config', config, question);
}

/** Of external ones, read-secrets.ts says what is wrong. One of a `driver` has no file. */
function checkSecret(secret: Declared, question: ProjectQuestion): readonly RecipeProblem[] {
  const hasDriver = secret.driver !== undefined;
  return secret.isExternal || hasDriver ? [] : checkFileObject('secret', secret, question);
}

function checkFileObject(
  kind: 'config' | 'secret',
  one: Declared,
  question: ProjectQuestion,
): readonly RecipeProblem[] {
  const name = dockerNameOf(one, question.stack);
  const say = sayAt(one);
  const tooLong = `${kind} ${one.key} would be called ${name}, and Docker takes no more than ${String(DOCKER_NAME_MAX)} characters: shorten the app's domain`;
  return [
    ...(name.length > DOCKER_NAME_MAX ? [say(tooLong)] : []),
    ...(name.endsWith('_') ? [say(`${kind} ${one.key} has no version: ${name}`)] : []),
    ...(one.sourceFile === undefined ? [say(`${kind} ${one.key} has no file`)] : []),
    ...checkSourceFile(kind, one, question),
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
