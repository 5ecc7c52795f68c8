/**
 * What of a single compose file `docker stack deploy` refuses whatever the rest says: keys that it does not have, and
 * forms of values that only `docker compose` takes. Found when the recipe is read, before anything is touched.
 */
import type { RecipeProblem } from '../model/recipe.ts';
import { unknownKeys } from './compose-keys.ts';
import { lineOf, type ComposeFile } from './compose-file.ts';
import { listOf, memberOf, membersOf, textOf } from './yaml-value.ts';

/** What to write in place of a key that Docker does not take in a stack; the others are simply to be left out. */
const INSTEAD: ReadonlyMap<string, string> = new Map([
  ['extends', 'write the service out, or share parts of it by YAML anchors'],
  ['include', 'name the files in COMPOSE_FILE'],
  ['profiles', 'put the service into a file of its own and name it in COMPOSE_FILE'],
  ['content', 'put the text into a file'],
  ['required', 'name the file as plain text'],
  ...['cpus', 'cpu_count', 'cpu_quota', 'cpu_shares', 'cpuset', 'mem_limit', 'memswap_limit'].map(
    (key): [string, string] => [key, 'use deploy.resources'],
  ),
  ['mem_reservation', 'use deploy.resources'],
  ['scale', 'use deploy.replicas'],
  ['volumes_from', 'declare the volume at the top and mount it in both services'],
]);
/** Maps of pairs, in which Docker takes texts, numbers and nothing, but no booleans. */
const PAIRS: readonly (readonly string[])[] = [['environment'], ['labels'], ['deploy', 'labels']];

/** In the order of the file. Never throws. */
export function checkKeys(file: ComposeFile): readonly RecipeProblem[] {
  const say = (path: readonly string[], message: string): RecipeProblem => ({
    ...{ file: file.path, line: lineOf(file, path) },
    message,
  });
  const services = membersOf(memberOf(file.content, 'services'));
  return [
    ...unknownKeys(file.content).map((path) => say(path, unknownKey(path))),
    ...services.flatMap(([name, service]) =>
      checkForms(service).map(({ path, message }) =>
        say(['services', name, ...path], `service ${name}: ${message}`),
      ),
    ),
  ];
}

function unknownKey(path: readonly string[]): string {
  const key = path.at(-1) ?? '';
  const where = path.length === 1 ? 'at the top' : `in ${path.slice(0, -1).join('.')}`;
  const instead = INSTEAD.get(key) ?? 'leave it out';
  return `\`docker stack deploy\` takes no key ${key} ${where}: ${instead}`;
}

interface Found {
  readonly path: readonly string[];
  readonly message: string;
}

function checkForms(service: unknown): readonly Found[] {
  const found: Found[] = [];
  if (memberOf(service, 'depends_on') instanceof Map) {
    const message = 'depends_on has to be a list: a stack knows no conditions, and no order either';
    found.push({ path: ['depends_on'], message });
  }
  const envFiles = memberOf(service, 'env_file');
  if ([envFiles, ...listOf(envFiles)].some((member) => member instanceof Map)) {
    found.push({ path: ['env_file'], message: 'env_file has to be a path or a list of paths' });
  }
  const mode = textOf(memberOf(service, 'deploy', 'mode'));
  if (mode === 'replicated-job' || mode === 'global-job') {
    const message = `mode ${mode} is not served, because Swarm may run such a job again and again: use restart_policy with condition none`;
    found.push({ path: ['deploy', 'mode'], message });
  }
  return [...found, ...PAIRS.flatMap((path) => booleansIn(memberOf(service, ...path), path))];
}

function booleansIn(pairs: unknown, path: readonly string[]): readonly Found[] {
  return membersOf(pairs).flatMap(([key, value]) => {
    if (typeof value !== 'boolean') return [];
    const message = `${path.join('.')}.${key} is ${String(value)}, and Docker takes texts and numbers there: put it in quotes`;
    return [{ path: [...path, key], message }];
  });
}
