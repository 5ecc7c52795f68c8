/** What `doctor` has to know of this host's Docker, as plain data. */

export interface HostFacts {
  /** Undefined where the Engine does not answer; `trouble` says why. */
  readonly engine: EngineFacts | undefined;
  /** Why the Engine, or a part of what is asked of it, gave no answer. A sentence that ends with what to do. */
  readonly trouble: string | undefined;
  /** `loadable`: the kernel has it as a module. Without IPVS a service's virtual address answers nothing. */
  readonly ipvs: 'present' | 'loadable' | 'absent';
}

export interface EngineFacts {
  readonly version: string;
  /** The version of the API that is spoken, as `1.41`. */
  readonly apiVersion: string;
  /** Docker's words: `inactive pending active error locked`. */
  readonly swarm: string;
  /** This node manages the Swarm. */
  readonly manager: boolean;
  /** Empty where there is no Swarm. */
  readonly nodeId: string;
  readonly nodes: number;
  readonly networks: readonly NetworkFacts[];
  /** Volumes of stacks without options: their data is in Docker's own folder. */
  readonly plainVolumes: readonly { readonly name: string; readonly stack: string }[];
  /** Where Docker keeps its data, and the room there; undefined where it is not on this host's disk. */
  readonly data: { readonly path: string; readonly freeBytes: number | undefined };
}

export interface NetworkFacts {
  readonly name: string;
  readonly driver: string;
  /** `swarm` for those that services can share. */
  readonly scope: string;
}
