/** The port Drills: a release in a stack of a drill's own, over the simulated Swarm, with data of its own on the disk. */
import type { AppIdentity } from '../../controller/model/app.ts';
import { drillStackOf } from '../../controller/model/names.ts';
import type { ReleaseSpec } from '../../controller/model/release.ts';
import type { VolumePlace } from '../../controller/model/snapshot.ts';
import { label } from '../../controller/model/swarm.ts';
import type { Driver } from '../../controller/ports/driver.ts';
import type { Drills } from '../../controller/ports/drills.ts';
import { isDeployed } from '../../controller/adapters/stack/is-deployed.ts';
import { ensureNestedDirectory } from '../../controller/adapters/files/atomic-write.ts';
import { DRILLS, drillFolder } from './drilled.ts';
import type { Life } from './life.ts';
import { findRelease, writeServices } from './port-driver.ts';
import { createRemains } from './port-remains.ts';

export function createDrills(life: Life, driver: Driver): Drills {
  const { world, door, files } = life;
  const remains = createRemains(life);
  const volumes = (app: AppIdentity, release: ReleaseSpec): readonly VolumePlace[] =>
    findRelease(world, app, release).volumes.map((volume) => ({
      volume,
      name: `${drillStackOf(app.stack)}_${volume}`,
      path: `${drillFolder(app.name)}/volumes/${volume}/data`,
    }));
  return {
    read: (app, release, signal) => driver.read(app, release, signal),
    volumes: (app, release) =>
      door.through(
        { name: 'drills.volumes', of: app.name, mutates: false, errors: ['no-answer'] },
        () => volumes(app, release),
      ),
    deploy: async (app, release, signal) => {
      const reading = await driver.read(app, release, signal);
      const staged = { ...app, stack: drillStackOf(app.stack) };
      const { stack } = staged;
      const view = await door.through(
        { name: 'drills.observe', of: stack, mutates: false, errors: ['no-answer'] },
        () => world.api.view(stack),
      );
      if (isDeployed(view, staged, release, reading)) return;
      for (const { volume, name, path } of volumes(app, release)) {
        await door.through(
          { name: 'drills.ensureVolume', of: stack, mutates: true, errors: ['no-answer'] },
          async () => {
            world.api.refuseWhileDown();
            world.rules.mayTouch(stack, 'deploy');
            await ensureNestedDirectory(path, files);
            const labels = { [label.stack]: stack, [label.app]: app.name, [label.volume]: volume };
            world.swarm.volumes.set(name, { path, labels, device: path });
          },
        );
      }
      const paths = new Map(volumes(app, release).map(({ volume, path }) => [volume, path]));
      const pathOf = (volume: string): string => paths.get(volume) ?? '';
      await writeServices(life, staged, release, findRelease(world, app, release), pathOf);
    },
    clear: async (app, signal) => {
      await remains.remove(drillStackOf(app.stack), app.name, signal);
      await files.removeTree(drillFolder(app.name));
      if (files.stat(DRILLS) !== undefined) await files.syncDirectory(DRILLS);
    },
    hasData: (app) => files.lstat(drillFolder(app.name)) !== undefined,
    unpacked: () =>
      files.stat(DRILLS) === undefined ? [] : files.list(DRILLS).map(({ name }) => name),
    clearUnpacked: async (app) => {
      await files.removeTree(drillFolder(app));
      await files.syncDirectory(DRILLS);
    },
  };
}
