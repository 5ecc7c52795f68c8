/** What the simulated Swarm is made of. */
import { label } from '../../controller/model/swarm.ts';
import type { SimRelease, SimService } from './catalogue.ts';
import type { SimDisk } from './disk.ts';
import type { DirectoryNode } from './file-system.ts';
import type { Rng } from './rng.ts';
import { times } from './swarm-times.ts';
import type { SimTime } from './time.ts';

export interface SwarmDeps {
  readonly time: SimTime;
  readonly rng: Rng;
  readonly disk: SimDisk;
  /** How long until the image is on the node; undefined: it cannot be had. */
  readonly pullMs: (image: string) => number | undefined;
  readonly onStart: (container: SimContainer) => void;
  readonly nodes: number;
}

/** What a service is told to run. Ground truth travels with it: which release, and which of its programs. */
export interface SimSpec {
  readonly app: string;
  readonly specHash: string;
  readonly image: string;
  readonly release: SimRelease;
  readonly program: SimService;
  /** Volume in the compose file → its folder. */
  readonly mounts: ReadonlyMap<string, string>;
}

export interface SimServiceObject {
  readonly id: string;
  readonly name: string;
  readonly stack: string;
  spec: SimSpec;
  /** Of the service alone: no task knows them. */
  labels: Readonly<Record<string, string>>;
  updateState: string | undefined;
  versionIndex: number;
  updatedAtMs: number;
  isRemoved: boolean;
}

export interface SimTask {
  readonly id: string;
  readonly service: SimServiceObject;
  readonly spec: SimSpec;
  readonly createdAtMs: number;
  /** Undefined until it is assigned. */
  node: SimNode | undefined;
  desiredState: 'ready' | 'running' | 'shutdown' | 'remove';
  state: string;
  stateAtMs: number;
  error: string | undefined;
  exitCode: number | undefined;
  container: SimContainer | undefined;
}

export interface SimContainer {
  readonly id: string;
  readonly task: SimTask;
  readonly inodes: ReadonlyMap<string, DirectoryNode>;
  isRunning: boolean;
  /** It answers probes. */
  isServing: boolean;
  /** Since when it answers without a break, where it does. */
  servingSinceMs?: number;
}

export interface SimNetwork {
  readonly id: string;
  readonly name: string;
  readonly stack: string;
  isLeaving: boolean;
}

/** The controller's own. */
export const nodeId = 'node-1';

export interface SimNode {
  readonly id: string;
  /** Its agent hears nothing from the managers, and they nothing from it; its containers live on. */
  isCutOff: boolean;
  /** What the managers think of it. */
  isReady: boolean;
}

/** It has ended, and will not run again. */
export function isDead(task: SimTask): boolean {
  return ['failed', 'rejected', 'shutdown', 'complete'].includes(task.state);
}

/** Swarm wants it to run, now or soon. */
export function isWanted(task: SimTask): boolean {
  return task.desiredState === 'ready' || task.desiredState === 'running';
}

/** How long it takes to die after it was told to. */
export function graceMsOf(task: SimTask): number {
  return task.spec.program.behaviour === 'ignores-term' ? times.stopGraceMs : 0;
}

export function labelsOf({ app, specHash }: SimSpec): SimServiceObject['labels'] {
  return { [label.app]: app, [label.spec]: specHash };
}
