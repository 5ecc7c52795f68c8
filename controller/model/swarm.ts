/** Docker Swarm as one pass sees it: the answers of a handful of list calls, in our own words. */

export interface ServiceView {
  readonly id: string;
  /** `<stack>_<service>`. */
  readonly name: string;
  /** Label `com.docker.stack.namespace`; undefined for a service of no stack. */
  readonly stack: string | undefined;
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Grows with every write to the service, whoever makes it. */
  readonly versionIndex: number;
  /** Undefined: a global service (one task a node). */
  readonly replicas: number | undefined;
  /** Swarm's own update state (`completed`, `paused`, `rollback_completed` …); undefined where there is none (U3). */
  readonly updateState: string | undefined;
  /**
   * It may end by itself and still be right: its restart condition is not `any`, and it has no health check. One with a
   * health check is meant to stay, whatever its condition: Docker ends it when it is ill, and many then exit with 0.
   */
  readonly mayEnd: boolean;
  /** When Swarm replaces a task that ended. */
  readonly restartCondition: 'any' | 'on-failure' | 'none';
  readonly restartMaxAttempts: number | undefined;
  readonly updatedAtMs: number;
  readonly networkIds: readonly string[];
  /** Of a service in a stack: digest of what it was written with, to tell an edit by hand. */
  readonly writtenDigest?: string;
  /** Of a service in a stack: somebody else may have deployed it, and it is to be adopted. */
  readonly found?: FoundService;
}

/** What a service was written with by somebody else, as far as a recipe has a say in it. */
export interface FoundService {
  /** Variable → digest of its value, which may be a secret. */
  readonly environment: Readonly<Record<string, string>>;
  readonly mounts: readonly FoundMount[];
  /** Full names. */
  readonly secrets: readonly string[];
  readonly configs: readonly string[];
}

export interface FoundMount {
  readonly kind: 'volume' | 'bind' | 'other';
  /** The volume's name in Docker, or the path on the host; empty where it has none. */
  readonly source: string;
  readonly target: string;
}

export interface TaskView {
  readonly id: string;
  readonly serviceId: string;
  readonly slot: number | undefined;
  /** Empty until the task is assigned. */
  readonly nodeId: string;
  readonly desiredState: string;
  /** `new pending assigned accepted preparing ready starting running complete shutdown failed rejected remove orphaned`. */
  readonly state: string;
  readonly error: string | undefined;
  readonly exitCode: number | undefined;
  readonly createdAtMs: number;
  /** When `state` was reached. */
  readonly stateAtMs: number;
  readonly containerId: string | undefined;
  readonly stack: string | undefined;
  /** The image that this task's container runs: compare it with the service's (U3). */
  readonly image: string;
  /** `dev.ci-warm.spec` of the task's own spec, where the container carries it. */
  readonly specHash: string | undefined;
}

export interface ContainerView {
  readonly id: string;
  readonly names: readonly string[];
  readonly state: string;
  /** Docker's own health, from the list call; `none` where the container has no health check. */
  readonly health: 'none' | 'starting' | 'healthy' | 'unhealthy';
  readonly stack: string | undefined;
  readonly serviceId: string | undefined;
  readonly taskId: string | undefined;
  /** Names of the volumes mounted. */
  readonly volumes: readonly string[];
  /** Host paths bound into it. */
  readonly binds: readonly string[];
}

export interface VolumeView {
  readonly name: string;
  readonly driver: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly options: Readonly<Record<string, string>>;
  readonly mountpoint: string;
}

export interface NamedView {
  readonly id: string;
  readonly name: string;
  readonly stack: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
}

export interface NodeView {
  readonly id: string;
  readonly hostname: string;
  readonly ready: boolean;
  readonly self: boolean;
}

export interface SwarmView {
  readonly atMs: number;
  readonly services: readonly ServiceView[];
  readonly tasks: readonly TaskView[];
  readonly containers: readonly ContainerView[];
  readonly volumes: readonly VolumeView[];
  readonly networks: readonly NamedView[];
  readonly secrets: readonly NamedView[];
  readonly configs: readonly NamedView[];
  readonly nodes: readonly NodeView[];
}

/** Labels that ours carry, beside Co-op Cloud's. Ownership is proved by these, never inferred from a name (R2). */
export const label = {
  stack: 'com.docker.stack.namespace',
  app: 'dev.ci-warm.app',
  spec: 'dev.ci-warm.spec',
  volume: 'dev.ci-warm.volume',
  owner: 'dev.ci-warm.owner',
  /** On an adopted service whose image was not pinned when it was deployed: `adoptedAs`. */
  adopted: 'dev.ci-warm.adopted',
} as const;

/** That what a service calls its image is, for as long as it calls it so, the pinned one. */
export function adoptedAs(shown: string, pinned: string): string {
  return `${shown} ${pinned}`;
}
