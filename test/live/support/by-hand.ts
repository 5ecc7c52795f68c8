/** A sample recipe deployed as a person would who has never heard of ci-warm: a clone, an environment, `docker stack deploy`. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { containersOf, docker, eventually, servicesOf } from './swarm.ts';

export interface ByHand {
  /** A bare repository. */
  readonly repository: string;
  readonly tag: string;
  readonly stack: string;
  readonly domain: string;
  /** Over those of the recipe's sample. */
  readonly env?: Readonly<Record<string, string>>;
  /** Changes of compose.yml before it is deployed. */
  readonly edits?: readonly (readonly [from: string, to: string])[];
  /** `always` is Docker's default, and writes the digest behind the tag. */
  readonly resolveImage?: 'always' | 'never';
}

/** Returns when each of its services has a task that runs. */
export async function deployByHand(options: ByHand): Promise<void> {
  const { repository, tag, stack, domain, env = {}, edits = [] } = options;
  const folder = mkdtempSync(join(tmpdir(), 'ci-warm-by-hand-'));
  try {
    const quiet = ['-c', 'safe.directory=*', '-c', 'advice.detachedHead=false'];
    execFileSync('git', [...quiet, 'clone', '--quiet', '--branch', tag, repository, folder]);
    const path = join(folder, 'compose.yml');
    const text = edits.reduce(
      (before, [from, to]) => {
        if (!before.includes(from)) throw new Error(`compose.yml has no ${from}`);
        return before.replace(from, () => to);
      },
      readFileSync(path, 'utf8'),
    );
    writeFileSync(path, text);
    await docker
      .createSecret({
        Name: `${stack}_admin_token_v1`,
        Data: Buffer.from('by hand').toString('base64'),
        Labels: {},
      })
      .catch((error: unknown) => {
        if ((error as { readonly statusCode?: number }).statusCode !== 409) throw error;
      });
    const args = ['stack', 'deploy', '--resolve-image', options.resolveImage ?? 'always'];
    execFileSync('docker', [...args, '--compose-file', path, stack], {
      cwd: folder,
      stdio: 'pipe',
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: process.env['HOME'] ?? '/root',
        ...variablesOf(readFileSync(join(folder, '.env.sample'), 'utf8')),
        ...variablesOf(readFileSync(join(folder, 'abra.sh'), 'utf8')),
        ...env,
        DOMAIN: domain,
        STACK_NAME: stack,
      },
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const { length } = await servicesOf(stack);
  await eventually(async () => (await runningTasksOf(stack)).length === length, `${stack} runs`);
}

function variablesOf(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...text.matchAll(/^(?:export )?(?<name>[A-Z_]+)=(?<value>[^#\n]*)/gm)].map(({ groups }) => [
      groups?.['name'] ?? '',
      (groups?.['value'] ?? '').trim().replaceAll(/^["']|["']$/g, ''),
    ]),
  );
}

/** Ids of the tasks that run, with their containers'. */
export async function runningTasksOf(stack: string): Promise<readonly string[]> {
  const tasks = await docker.listTasks({
    filters: { label: [`com.docker.stack.namespace=${stack}`] },
  });
  const containers = new Set(await containersOf(stack));
  return (tasks as readonly RawTask[])
    .filter(({ Status }) => Status.State === 'running')
    .map(({ ID, Status }) => `${ID} ${Status.ContainerStatus?.ContainerID ?? ''}`)
    .filter((one) => containers.has(one.split(' ')[1] ?? ''))
    .sort();
}

interface RawTask {
  readonly ID: string;
  readonly Status: {
    readonly State: string;
    readonly ContainerStatus?: { readonly ContainerID?: string };
  };
}
