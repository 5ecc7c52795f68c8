/** What others have on the same Swarm, under names that are nearly ours. Whatever happens, it stays as it is (R2). */
import { recipeFrom } from './catalogue.ts';
import type { SimDisk } from './disk.ts';
import { draft } from './scenario.ts';
import type { SwarmModel } from './swarm-model.ts';
import { stackOf } from './wanted.ts';

const names: readonly string[] = ['others', `${stackOf('alpha')}2`];

export function settleStrangers(swarm: SwarmModel, disk: SimDisk, present: Set<string>): void {
  for (const stack of names) {
    const [release] = recipeFrom(stack, [draft], true).releases;
    const [program] = release?.services ?? [];
    if (release === undefined || program === undefined) return;
    const path = `/srv/${stack}/data`;
    disk.files.makeDirectory(path);
    present.add(program.image);
    swarm.ensureNetwork(stack);
    swarm.ensureSecret(`${stack}_key_v1`);
    swarm.addPlainVolume(stack, 'data', path);
    const mounts = new Map([['data', path]]);
    const spec = { app: stack, specHash: '', image: program.image, release, program, mounts };
    swarm.createService(`${stack}_app`, stack, spec);
  }
  disk.files.syncAll();
}

/** What is not there any more, or not as it was. */
export function missingOfStrangers(swarm: SwarmModel, disk: SimDisk): string | undefined {
  for (const stack of names) {
    const service = swarm.serviceNamed(`${stack}_app`);
    if (service?.versionIndex !== 1) return `service ${stack}_app`;
    const isThere = [...swarm.networks.values()].some(
      (network) => network.stack === stack && !network.isLeaving,
    );
    if (!isThere) return `network ${stack}_default`;
    if (!swarm.secrets.has(`${stack}_key_v1`)) return `secret ${stack}_key_v1`;
    if (!swarm.volumes.has(`${stack}_data`)) return `volume ${stack}_data`;
    if (disk.folder(`/srv/${stack}/data`) === undefined) return `the data of ${stack}`;
  }
  return undefined;
}
