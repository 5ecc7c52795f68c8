/** The driver `Stack` on the real Swarm, once with every Docker command line that this machine has. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createConnection } from '../../controller/adapters/docker/connect.ts';
import { createEngine } from '../../controller/adapters/docker/engine.ts';
import { createSecrets } from '../../controller/adapters/docker/secrets.ts';
import { createVolumes } from '../../controller/adapters/docker/volumes.ts';
import { createGitRecipes } from '../../controller/adapters/git/recipes.ts';
import { createStackDriver } from '../../controller/adapters/stack/driver.ts';
import type { AppIdentity } from '../../controller/model/app.ts';
import {
  parseAppName,
  parseDomain,
  parseRecipeName,
  stackNameOf,
} from '../../controller/model/names.ts';
import { parseCommitSha } from '../../controller/model/names.ts';
import type { Release } from '../../controller/model/release.ts';
import { noteTestThings } from '../../controller/setup/test-things.ts';
import { makeRepository } from '../adapters/git/make-repository.ts';
import { describeDriver, type DriverWorld, type ServiceFact } from '../conformance/driver.ts';
import { docker, eventually, removeStack } from './support/swarm.ts';

const programs = [...new Set(['/usr/bin/docker', '/usr/local/bin/docker'].filter(existsSync))];
const signal = new AbortController().signal;

for (const program of programs) {
  const version = execFileSync(program, ['--version']).toString().trim();
  describeDriver(`the driver Stack by ${program} (${version})`, () => makeWorld(program));
}

const compose = (image: string): string => `version: "3.8"
x-common: &common
  image: ${image}
  command: [/bin/sh, -c, "trap 'exit 0' TERM; while :; do sleep 0.2; done"]
  stop_grace_period: 1s
services:
  app:
    <<: *common
    networks: [proxy, internal]
    volumes: ["data:/data"]
    secrets: [token]
    configs:
      - source: page
        target: /page
    deploy:
      endpoint_mode: dnsrr
      restart_policy: {condition: any, delay: 1s}
      update_config: {failure_action: rollback, order: start-first}
      labels:
        - "coop-cloud.\${STACK_NAME}.version=made by hand"
volumes: {data: }
networks:
  proxy: {external: true}
  internal:
secrets:
  token: {external: true, name: "\${STACK_NAME}_token_\${SECRET_TOKEN_VERSION}"}
configs:
  page: {name: "\${STACK_NAME}_page_\${PAGE_VERSION}", file: page.tmpl, template_driver: golang}
`;
/** Without a version of its own, and asking for nothing that runs. */
const composeOff = (image: string): string => `services:
  off:
    image: ${image}
    deploy:
      endpoint_mode: dnsrr
      replicas: \${OFF_REPLICAS:-\${NONE:-0}}
    networks: [internal]
`;
const sample = `TYPE=driver-test
DOMAIN=driver-test.example.com
COMPOSE_FILE="compose.yml"
GREETING=hello
SECRET_TOKEN_VERSION=v1 # length=20 charset=hex
`;

async function makeWorld(program: string): Promise<DriverWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'ci-warm-stack-'));
  const repository = join(folder, 'recipe.git');
  const app = identity(repository);
  const run = randomBytes(3).toString('hex');
  const names = [1, 2].map((number) => `ci-warm-test/stack-${run}:${String(number)}`);
  const forget = noteTestThings({ stacks: [app.stack], images: names });
  const images = names.map((name, index) => importImage(folder, index + 1, name));
  const [one, two] = images.map((image) => image.name);
  const files = {
    '.env.sample': `${sample}COMPOSE_FILE="$COMPOSE_FILE:compose.off.yml"\n`,
    'abra.sh': 'export PAGE_VERSION=v1\n',
    'compose.yml': compose(one ?? ''),
    'compose.off.yml': composeOff(one ?? ''),
    'page.tmpl': 'greeting: {{ env "GREETING" }}',
  };
  const next = { ...files, '.env.sample': sample, 'compose.yml': compose(two ?? '') };
  const commits = makeRepository(repository, [
    { files, tags: ['1.0.0+1'] },
    { files: next, tags: ['1.0.1+2'] },
    { files: { ...next, 'page.tmpl': 'another text' }, tags: ['1.0.2+2'] },
  ]);
  const ids = images.map((image) => image.id);
  const release = (index: number, version: string, image: string | undefined): Release => ({
    version,
    commit: parsed(parseCommitSha(commits[index] ?? '')),
    env: { GREETING: 'costs $5 & "more"' },
    specHash: `sha256:${version}`,
    images: { app: image ?? '', ...(index === 0 ? { off: image ?? '' } : {}) },
  });
  const stateDir = join(folder, 'state');
  const connection = createConnection({ socketPath: undefined });
  const engine = createEngine(connection);
  const driver = createStackDriver({
    recipes: createGitRecipes({ stateDir, clock: Date }),
    secrets: createSecrets(connection),
    volumes: createVolumes(connection),
    engine,
    stateDir,
    dockerProgram: program,
  });
  return {
    driver,
    app,
    first: release(0, '1.0.0+1', ids[0]),
    second: release(1, '1.0.1+2', ids[1]),
    spoiled: release(2, '1.0.2+2', ids[1]),
    nodeId: (await engine.observeStack(app.stack, signal)).nodes.find(({ self }) => self)?.id ?? '',
    services: () => servicesOf(app.stack),
    secrets: () => createSecrets(connection).list(app.stack, signal),
    volumeDevice: async (name) => {
      const { Volumes } = await docker.listVolumes({ filters: { name: [name] } });
      return Volumes.find((volume) => volume.Name === name)?.Options?.['device'];
    },
    exec: (service, command) => exec(`${app.stack}_${service}`, command),
    leftovers: () => readdirSync(join(stateDir, '.cache', 'deploy')),
    remove: async () => {
      await removeStack(app.stack);
      for (const { name } of images) await docker.getImage(name).remove({ force: true });
      rmSync(folder, { recursive: true, force: true });
      forget();
    },
  };
}

/** A name that nobody else on this Swarm uses. */
function identity(repository: string): AppIdentity {
  const name = `drv${randomBytes(3).toString('hex')}`;
  const domain = parsed(parseDomain(`${name}.test`));
  return {
    name: parsed(parseAppName(name)),
    recipe: parsed(parseRecipeName('driver-test')),
    recipeUrl: repository,
    driver: 'Stack',
    domain,
    stack: parsed(stackNameOf(domain)),
    data: 'Stateful',
    proxyNetwork: 'proxy',
    givenSecrets: [],
  };
}

function parsed<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the test made a name that is none');
  return value;
}

/** busybox and nothing else; the number makes the images differ. */
function importImage(
  folder: string,
  number: number,
  name: string,
): { readonly name: string; readonly id: string } {
  const root = join(folder, `image-${number}`);
  mkdirSync(join(root, 'bin'), { recursive: true });
  copyFileSync('/bin/busybox', join(root, 'bin', 'busybox'));
  for (const applet of ['sh', 'sleep', 'cat', 'ls', 'touch']) {
    copyFileSync('/bin/busybox', join(root, 'bin', applet));
  }
  const archive = execFileSync('tar', ['-C', root, '-c', '.'], { maxBuffer: 64 * 1024 * 1024 });
  const id = execFileSync('docker', ['import', '-c', `LABEL number=${number}`, '-', name], {
    input: archive,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  return { name, id: id.toString().trim() };
}

async function servicesOf(stack: string): Promise<readonly ServiceFact[]> {
  const services = await docker.listServices({
    filters: { label: [`com.docker.stack.namespace=${stack}`] },
  });
  return services
    .map((service) => {
      const task = service.Spec?.TaskTemplate as TaskTemplate | undefined;
      return {
        name: service.Spec?.Name ?? '',
        version: service.Version?.Index ?? 0,
        labels: service.Spec?.Labels ?? {},
        image: task?.ContainerSpec?.Image ?? '',
        containerLabels: task?.ContainerSpec?.Labels ?? {},
        constraints: task?.Placement?.Constraints ?? [],
        networks: task?.Networks?.length ?? 0,
        failureAction: service.Spec?.UpdateConfig?.FailureAction,
        order: service.Spec?.UpdateConfig?.Order,
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

interface TaskTemplate {
  readonly ContainerSpec?: { readonly Image?: string; readonly Labels?: Record<string, string> };
  readonly Placement?: { readonly Constraints?: readonly string[] };
  readonly Networks?: readonly unknown[];
}

async function exec(service: string, command: readonly string[]): Promise<string> {
  let container = '';
  await eventually(async () => {
    const filters = { label: [`com.docker.swarm.service.name=${service}`], status: ['running'] };
    container = (await docker.listContainers({ filters }))[0]?.Id ?? '';
    return container !== '';
  }, `${service} runs`);
  return execFileSync('docker', ['exec', container, ...command])
    .toString()
    .trim();
}
