/**
 * What of a single compose file `docker stack deploy` refuses whatever the rest says: keys that it does not have. Found
 * when the recipe is read, before anything is touched. Beside it, modes that it takes and ci-warm does not serve.
 *
 * Not here: of which type values have to be (check-types.ts).
 */
import type { RecipeProblem } from '../model/recipe.ts';
import { unknownKeys } from './compose-keys.ts';
import { lineOf, type ComposeFile } from './compose-file.ts';
import { memberOf, membersOf, textOf } from './yaml-value.ts';

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
/** What Docker turns into a restart policy where `deploy` has none. */
const RESTART = /^(?:|no|always|unless-stopped|on-failure(?::\d*)?)$/;

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
  const mode = textOf(memberOf(service, 'deploy', 'mode'));
  if (mode === 'replicated-job' || mode === 'global-job') {
    const message = `mode ${mode} is not served, because Swarm may run such a job again and again: use restart_policy with condition none`;
    found.push({ path: ['deploy', 'mode'], message });
  }
  if (mode === 'global' && memberOf(service, 'deploy', 'replicas') !== undefined) {
    const message = 'deploy.replicas goes with mode replicated only: take it out';
    found.push({ path: ['deploy', 'replicas'], message });
  }
  const restart = memberOf(service, 'restart');
  const counts = memberOf(service, 'deploy', 'restart_policy') === undefined;
  if (counts && typeof restart === 'string' && !RESTART.test(restart)) {
    const message = `restart is \`${restart}\`, and Docker takes no, always, unless-stopped or on-failure:3 there`;
    found.push({ path: ['restart'], message });
  }
  return found;
}
