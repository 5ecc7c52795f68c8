/** What really is on the Swarm, asked of the Engine directly and not through the program under test. */
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import Dockerode from 'dockerode';

export const docker = new Dockerode({ socketPath: '/var/run/docker.sock' });

export interface ServiceFact {
  readonly name: string;
  readonly version: number;
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
}

export async function servicesOf(stack: string): Promise<readonly ServiceFact[]> {
  const services = await docker.listServices({
    filters: { label: [`com.docker.stack.namespace=${stack}`] },
  });
  return services
    .map((service) => ({
      name: service.Spec?.Name ?? '',
      version: service.Version?.Index ?? 0,
      image: imageOf(service.Spec?.TaskTemplate),
      labels: service.Spec?.Labels ?? {},
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function imageOf(template: unknown): string {
  const spec = (template as { ContainerSpec?: { Image?: string } } | undefined)?.ContainerSpec;
  return spec?.Image ?? '';
}

/** Ids of the stack's containers, running or not. */
export async function containersOf(stack: string): Promise<readonly string[]> {
  const containers = await docker.listContainers({
    all: true,
    filters: { label: [`com.docker.stack.namespace=${stack}`] },
  });
  return containers.map((container) => container.Id).sort();
}

/**
 * Starts and ends of a stack's containers from now on, as the Engine tells them: listened to rather than asked for
 * afterwards, because the Engine remembers a few hundred events of everybody's.
 */
export async function listenToLives(
  stack: string,
): Promise<{ readonly seen: readonly string[]; stop(): void }> {
  const stream = await docker.getEvents({
    filters: {
      type: ['container'],
      event: ['start', 'die'],
      label: [`com.docker.stack.namespace=${stack}`],
    },
  });
  if (!(stream instanceof Readable)) throw new Error('the Engine’s events are no stream');
  const seen: string[] = [];
  createInterface({ input: stream }).on('line', (line) => {
    seen.push((JSON.parse(line) as { readonly Action: string }).Action);
  });
  return { seen, stop: () => stream.destroy() };
}

/** Everything of a stack goes, in the order that leaks nothing; waits until it is gone. */
export async function removeStack(stack: string): Promise<void> {
  const filters = { label: [`com.docker.stack.namespace=${stack}`] };
  for (const service of await docker.listServices({ filters })) {
    await docker.getService(service.ID).remove();
  }
  await eventually(async () => (await containersOf(stack)).length === 0, `${stack} is gone`);
  for (const network of await docker.listNetworks({ filters })) {
    await eventually(async () => {
      await docker.getNetwork(network.Id).remove().catch(ignoreMissing);
      return true;
    }, `network ${network.Name} is gone`);
  }
  for (const secret of await docker.listSecrets()) {
    if (secret.Spec?.Name?.startsWith(`${stack}_`) === true)
      await docker.getSecret(secret.ID).remove();
  }
  for (const config of await docker.listConfigs()) {
    if (config.Spec?.Name.startsWith(`${stack}_`) === true) {
      await docker.getConfig(config.ID).remove();
    }
  }
  const { Volumes } = await docker.listVolumes();
  for (const volume of Volumes) {
    if (volume.Name.startsWith(`${stack}_`)) await docker.getVolume(volume.Name).remove();
  }
}

function ignoreMissing(error: unknown): void {
  if ((error as { statusCode?: number }).statusCode !== 404) throw error;
}

/** Polls until `look` says true; an error counts as not yet, and is what the failure tells in the end. */
export async function eventually(
  look: () => Promise<boolean>,
  what: string,
  limitMs = 60_000,
): Promise<void> {
  const deadline = Date.now() + limitMs;
  let last: unknown;
  for (;;) {
    try {
      if (await look()) return;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline)
      throw new Error(`not within ${String(limitMs)} ms: ${what}`, { cause: last });
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Id of the one running container of a service. */
export async function runningContainerOf(service: string): Promise<string> {
  const [container] = await docker.listContainers({
    filters: { label: [`com.docker.swarm.service.name=${service}`], status: ['running'] },
  });
  if (container === undefined) throw new Error(`${service} has no running container`);
  return container.Id;
}

/** Address at which this host reaches the one running task of a service. */
export async function addressOf(service: string): Promise<string> {
  const { NetworkSettings } = await docker
    .getContainer(await runningContainerOf(service))
    .inspect();
  const sandbox = (NetworkSettings as { SandboxID: string }).SandboxID || '';
  const bridge = (await docker.getNetwork('docker_gwbridge').inspect()) as {
    Containers: Record<string, { Name: string; IPv4Address: string }>;
  };
  const endpoint = Object.values(bridge.Containers).find(
    ({ Name }) => Name === `gateway_${sandbox.slice(0, 12)}`,
  );
  const address = endpoint?.IPv4Address.split('/')[0];
  if (address === undefined) throw new Error(`${service} has no address on docker_gwbridge`);
  return address;
}

/** One HTTP exchange with a service's task, from this host. */
export async function ask(
  service: string,
  path: string,
  init: RequestInit = {},
): Promise<{ readonly status: number; readonly body: unknown }> {
  const response = await fetch(`http://${await addressOf(service)}:8080${path}`, {
    ...init,
    signal: AbortSignal.timeout(5000),
  });
  const text = await response.text();
  return {
    status: response.status,
    body: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text,
  };
}
