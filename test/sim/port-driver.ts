/** The port Driver: what `docker stack deploy` would do, step by step, over the simulated Swarm. */
import { CiWarmError } from '../../controller/model/failure.ts';
import type { AppIdentity } from '../../controller/model/app.ts';
import type { RecipeReading } from '../../controller/model/recipe.ts';
import type { Release, ReleaseSpec } from '../../controller/model/release.ts';
import { label } from '../../controller/model/swarm.ts';
import type { VolumePlace } from '../../controller/model/snapshot.ts';
import type { Driver } from '../../controller/ports/driver.ts';
import { ensureNestedDirectory } from '../../controller/adapters/files/atomic-write.ts';
import { isDeployed } from '../../controller/adapters/stack/is-deployed.ts';
import { secretOf } from './asked.ts';
import { releaseAt, type SimRelease } from './catalogue.ts';
import type { Life } from './life.ts';
import { createSecrets } from './ports-docker.ts';
import type { SimSpec } from './swarm-objects.ts';
import type { World } from './world.ts';

export function volumePath(app: string, volume: string): string {
  return `/state/${app}/volumes/${volume}/data`;
}

export function createDriver(life: Life): Driver {
  const { world, door } = life;
  const found = (app: AppIdentity, release: ReleaseSpec): SimRelease =>
    findRelease(world, app, release);
  const read: Driver['read'] = (app, release) =>
    door.through({ name: 'driver.read', of: app.name, mutates: false, errors: ['no-answer'] }, () =>
      readingOf(app, found(app, release)),
    );
  return {
    read,
    volumes: (app, release) =>
      door.through(
        { name: 'driver.volumes', of: app.name, mutates: false, errors: ['no-answer'] },
        () => placesOf(app, found(app, release)),
      ),
    releaseVolumes: async (app, release) => {
      const released: VolumePlace[] = [];
      for (const place of placesOf(app, found(app, release))) {
        await door.through(
          {
            name: 'volumes.release',
            of: app.stack,
            mutates: true,
            errors: ['no-answer', 'conflict'],
          },
          () => {
            world.api.refuseWhileDown();
            world.rules.mayTouch(app.stack, 'drop-data');
            world.rules.noWriter(app.name, [place.path]);
            const isUsed = [...world.swarm.containers.values()].some(
              ({ task }) => task.service.stack === app.stack && task.spec.mounts.has(place.volume),
            );
            if (isUsed) throw new CiWarmError('conflict', `volume ${place.name} is in use`);
            world.swarm.volumes.delete(place.name);
          },
        );
        released.push(place);
      }
      return released;
    },
    deploy: async (app, release, signal) => {
      const reading = await read(app, release, signal);
      const view = await door.through(
        { name: 'driver.observe', of: app.stack, mutates: false, errors: ['no-answer'] },
        () => world.api.view(app.stack),
      );
      if (isDeployed(view, app, release, reading)) return;
      const secrets = createSecrets(life);
      for (const { fullName, generate } of reading.secrets) {
        if (!generate) continue;
        await secrets.ensure(
          { name: fullName, value: Buffer.from(''), labels: ownLabels(app) },
          signal,
        );
      }
      for (const place of placesOf(app, found(app, release))) await ensureVolume(life, app, place);
      const pathOf = (volume: string): string => volumePath(app.name, volume);
      await writeServices(life, app, release, found(app, release), pathOf);
    },
  };
}

/** Throws `recipe-invalid` for a commit that the recipe does not have. */
export function findRelease(world: World, app: AppIdentity, release: ReleaseSpec): SimRelease {
  const recipe = world.recipes.get(app.recipe);
  const it = recipe === undefined ? undefined : releaseAt(recipe, release.commit);
  if (it === undefined) throw new CiWarmError('recipe-invalid', `no commit ${release.commit}`);
  return it;
}

function placesOf(app: AppIdentity, release: SimRelease): readonly VolumePlace[] {
  return release.volumes.map((volume) => ({
    volume,
    name: `${app.stack}_${volume}`,
    path: volumePath(app.name, volume),
  }));
}

async function ensureVolume(life: Life, app: AppIdentity, place: VolumePlace): Promise<void> {
  const { world, door, files } = life;
  await door.through(
    { name: 'volumes.ensure', of: app.stack, mutates: true, errors: ['no-answer'] },
    async () => {
      world.api.refuseWhileDown();
      world.rules.mayTouch(app.stack, 'deploy');
      const isMade = world.swarm.volumes.has(place.name);
      // A folder of a volume that is there is not made again, unless a rollback has moved it away.
      if (isMade && !isSetAside(world, place)) return;
      await ensureNestedDirectory(place.path, files);
      // Docker's own list is durable at once.
      const labels = { ...ownLabels(app), [label.volume]: place.volume };
      const { path } = place;
      world.swarm.volumes.set(place.name, { path, labels, device: path });
    },
  );
}

function ownLabels(app: AppIdentity): Readonly<Record<string, string>> {
  return { [label.stack]: app.stack, [label.app]: app.name };
}

function isSetAside({ disk }: World, { path }: VolumePlace): boolean {
  return disk.folder(path) === undefined && disk.beside(path, 'aside-').length > 0;
}

/** Network first, then one service after another; killed in between, half of the stack is there. */
export async function writeServices(
  life: Life,
  app: AppIdentity,
  release: Release,
  sim: SimRelease,
  pathOf: (volume: string) => string,
): Promise<void> {
  const { world, door, sleep } = life;
  const { swarm, api } = world;
  for (const program of sim.services) {
    const name = `${app.stack}_${program.name}`;
    const spec: SimSpec = {
      app: app.name,
      specHash: release.specHash,
      image: release.images[program.name] ?? program.image,
      release: sim,
      program,
      mounts: new Map(program.mounts.map((volume) => [volume, pathOf(volume)])),
    };
    await door.through(
      {
        name: 'driver.deploy',
        of: app.stack,
        mutates: true,
        errors: ['no-answer', 'tool-failed'],
      },
      () =>
        api.write(() => {
          world.rules.mayTouch(app.stack, 'deploy');
          const leaving = [...swarm.networks.values()].some(
            (network) => network.stack === app.stack && network.isLeaving,
          );
          if (leaving)
            throw new CiWarmError('tool-failed', `network ${app.stack}_default not found`);
          swarm.ensureNetwork(app.stack);
          const service = swarm.serviceNamed(name);
          if (service === undefined) swarm.createService(name, app.stack, spec);
          else if (!isSame(service.spec, spec) || service.updateState === 'paused') {
            swarm.updateService(service, spec);
          }
        }, sleep),
    );
  }
}

function isSame(one: SimSpec, other: SimSpec): boolean {
  return one.specHash === other.specHash && one.image === other.image && one.app === other.app;
}

function readingOf(app: AppIdentity, release: SimRelease): RecipeReading {
  return {
    version: release.tag,
    commit: release.commit,
    composeFiles: ['compose.yml'],
    env: {},
    services: release.services.map((service) => ({
      name: service.name,
      image: service.image,
      replicas: 1,
      mounts: service.mounts.map((volume) => ({ volume, target: `/${volume}` })),
      networks: [],
      labels: {},
      targetPorts: service.name === 'app' ? [80] : [],
      hasHealthcheck: false,
      updateOrder: 'stop-first',
      mayEnd: false,
    })),
    volumes: release.volumes,
    secrets: [
      {
        name: 'key',
        fullName: `${app.stack}_key_v1`,
        length: 32,
        charset: 'default',
        generate: true,
      },
      ...release.asks.flatMap(({ kind, name }) =>
        kind === 'secret'
          ? [
              {
                name,
                fullName: secretOf(app.stack, name),
                length: 32,
                charset: 'default',
                generate: false,
              },
            ]
          : [],
      ),
    ],
    configs: [],
    externalNetworks: ['proxy'],
    problems: [],
  };
}
