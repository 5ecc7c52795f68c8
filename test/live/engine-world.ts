/**
 * A world for the conformance suite on the real Engine: one tiny image, and services, networks, volumes and secrets that
 * carry a label of the test's own. Made and taken away with the Engine's API alone, not with what is under test.
 */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, copyFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Dockerode from 'dockerode';
import { createConnection } from '../../controller/adapters/docker/connect.ts';
import type { Connection } from '../../controller/adapters/docker/connect.ts';
import { createEngine } from '../../controller/adapters/docker/engine.ts';
import { createSecrets } from '../../controller/adapters/docker/secrets.ts';
import { createVolumes } from '../../controller/adapters/docker/volumes.ts';
import { registryAddress } from '../../controller/setup/registry.ts';
import { noteTestThings } from '../../controller/setup/test-things.ts';
import type { EngineWorld, WantedService } from '../conformance/engine.ts';

const stackLabel = 'com.docker.stack.namespace';
const pollMs = 100;
const limitMs = 60_000;
const second = 1_000_000_000;

export interface LiveEngineWorld extends EngineWorld {
  readonly connection: Connection;
  readonly docker: Dockerode;
  /** A shell and the tools of busybox, and no more. */
  readonly image: string;
}

export async function openEngineWorld(): Promise<LiveEngineWorld> {
  const connection = createConnection({ socketPath: undefined });
  const docker = new Dockerode();
  const stack = `t-engine-${randomBytes(3).toString('hex')}`;
  const folder = mkdtempSync(join(tmpdir(), `${stack}-`));
  const image = `${stack}:1`;
  const images = [image, `${registryAddress}/${image}`];
  const forget = noteTestThings({ stacks: [stack], images });
  importShell(folder, image);
  const world: LiveEngineWorld = {
    connection,
    docker,
    image,
    engine: createEngine(connection),
    volumes: createVolumes(connection),
    secrets: createSecrets(connection),
    stack,
    folder,
    deploy: async (service) => {
      const { id } = await docker.createService(specOf(service, image));
      return id;
    },
    makeNetwork: async (of, name) => {
      const { id } = await docker.createNetwork({
        Name: `${of}_${name}`,
        Driver: 'overlay',
        Labels: { [stackLabel]: of },
      });
      return id;
    },
    kill: async (containerId) => {
      await docker.getContainer(containerId).kill({ signal: 'KILL' });
    },
    runOutside: async (name, volume) => {
      const HostConfig = { Mounts: [{ Type: 'volume' as const, Source: volume, Target: '/data' }] };
      const made = await docker.createContainer({ name, Image: image, Cmd: ['true'], HostConfig });
      return async () => {
        await made.remove({ force: true });
      };
    },
    until,
    dispose: async () => {
      await dispose(docker, stack, folder, image);
      forget();
    },
  };
  return world;
}

function importShell(folder: string, image: string): void {
  const root = join(folder, 'image');
  mkdirSync(join(root, 'bin'), { recursive: true });
  copyFileSync('/bin/busybox', join(root, 'bin', 'busybox'));
  for (const tool of ['sh', 'sleep', 'true', 'httpd', 'echo', 'cat']) {
    symlinkSync('busybox', join(root, 'bin', tool));
  }
  const tar = execFileSync('tar', ['-C', root, '-c', '.'], { maxBuffer: 64 * 1024 * 1024 });
  execFileSync('docker', ['import', '-', image], { input: tar });
}

function specOf(service: WantedService, image: string): Dockerode.ServiceSpec {
  const labels = { [stackLabel]: service.stack, ...service.labels };
  const mounts = [
    ...(service.volume === undefined
      ? []
      : [{ Type: 'volume' as const, Source: service.volume, Target: '/data' }]),
    ...(service.bind === undefined
      ? []
      : [{ Type: 'bind' as const, Source: service.bind, Target: '/host' }]),
  ];
  const health = service.healthScript;
  return {
    Name: `${service.stack}_${service.name}`,
    Labels: labels,
    TaskTemplate: {
      ContainerSpec: {
        Image: image,
        Command: ['/bin/sh', '-c', service.script],
        Labels: labels,
        Mounts: mounts,
        ...(health === undefined
          ? {}
          : {
              HealthCheck: {
                Test: ['CMD', '/bin/sh', '-c', health],
                Interval: second,
                Timeout: second,
                Retries: 1,
              },
            }),
      },
      RestartPolicy: { Condition: 'any', Delay: second / 2 },
      Networks: (service.networks ?? []).map((Target) => ({ Target })),
    },
    Mode: { Replicated: { Replicas: 1 } },
    // Works also where the kernel lacks IPVS.
    EndpointSpec: { Mode: 'dnsrr' },
  };
}

async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`not within a minute: ${what}`);
    await sleep(pollMs);
  }
}

/** In the order that leaks nothing; goes on after each error, so that as much as possible is taken away. */
async function dispose(
  docker: Dockerode,
  stack: string,
  folder: string,
  image: string,
): Promise<void> {
  const filters = { label: [`${stackLabel}=${stack}`] };
  for (const { ID } of await docker.listServices({ filters })) await docker.getService(ID).remove();
  await until('the containers are gone', async () =>
    (await docker.listContainers({ all: true, filters })).length === 0 ? true : undefined,
  );
  for (const { Id } of await docker.listNetworks({ filters })) {
    await until('the network is gone', () =>
      docker
        .getNetwork(Id)
        .remove()
        .then(() => true, isGone),
    );
  }
  for (const { ID } of await docker.listSecrets({ filters })) await docker.getSecret(ID).remove();
  const { Volumes } = await docker.listVolumes({ filters: { name: [stack] } });
  for (const { Name } of Volumes) await docker.getVolume(Name).remove();
  await docker.getImage(image).remove({ force: true });
  rmSync(folder, { recursive: true, force: true });
}

function isGone(thrown: unknown): true | undefined {
  return (thrown as { readonly statusCode?: number }).statusCode === 404 ? true : undefined;
}
