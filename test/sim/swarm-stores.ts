/** What outlives every service: Docker's volumes, Swarm's networks and secrets. */
import { label } from '../../controller/model/swarm.ts';
import type { SimNetwork } from './swarm-objects.ts';

type Labels = Readonly<Record<string, string>>;

interface SimVolume {
  /** The folder that it is bound to. */
  readonly path: string;
  readonly labels: Labels;
  /** Undefined: a plain one, as Docker makes it for a stack. */
  readonly device: string | undefined;
}

interface SimSecret {
  readonly id: string;
  readonly labels: Labels;
}

export class SwarmStores {
  readonly volumes = new Map<string, SimVolume>();
  readonly secrets = new Map<string, SimSecret>();
  readonly networks = new Map<string, SimNetwork>();
  #ids = 0;

  /** A volume that Docker made when a person deployed the stack. */
  addPlainVolume(stack: string, volume: string, path: string): void {
    const labels = { [label.stack]: stack };
    this.volumes.set(`${stack}_${volume}`, { path, labels, device: undefined });
  }

  ensureNetwork(stack: string): void {
    const name = `${stack}_default`;
    if ([...this.networks.values()].some((network) => network.name === name)) return;
    const id = this.newId('network');
    this.networks.set(id, { id, name, stack, isLeaving: false });
  }

  ensureSecret(name: string, labels: Labels = {}): string {
    const found = this.secrets.get(name);
    if (found !== undefined) return found.id;
    const id = this.newId('secret');
    this.secrets.set(name, { id, labels });
    return id;
  }

  /** The same name, another secret. */
  replaceSecret(name: string): void {
    const found = this.secrets.get(name);
    if (found !== undefined) this.secrets.set(name, { ...found, id: this.newId('secret') });
  }

  protected newId(kind: string): string {
    this.#ids += 1;
    return `${kind}-${String(this.#ids)}`;
  }
}
