/**
 * What the Engine's list calls answer, as far as it is read here. Every field may be missing or null: Engines leave out
 * what is empty, and differ in which. Nothing outside this folder sees these shapes.
 */

export type RawLabels = Readonly<Record<string, string>> | null;

export interface RawContainerSpec {
  readonly Image?: string;
  readonly Labels?: RawLabels;
  /** `Test: ['NONE']` switches off the image's own. */
  readonly Healthcheck?: { readonly Test?: readonly string[] | null } | null;
  /** `NAME=value`; a name alone takes the variable away. */
  readonly Env?: readonly string[] | null;
  readonly Mounts?:
    | readonly {
        readonly Type?: string;
        readonly Source?: string;
        readonly Target?: string;
        readonly ReadOnly?: boolean;
      }[]
    | null;
  readonly Secrets?: readonly RawStoredUse[] | null;
  readonly Configs?: readonly RawStoredUse[] | null;
  readonly Command?: readonly string[] | null;
  readonly Args?: readonly string[] | null;
  readonly User?: string;
  readonly Dir?: string;
  readonly Hostname?: string;
}

/** A secret or a config in a service. */
export interface RawStoredUse {
  readonly SecretName?: string;
  readonly ConfigName?: string;
  readonly File?: { readonly Name?: string } | null;
}

export interface RawTaskSpec {
  readonly ContainerSpec?: RawContainerSpec | null;
  readonly RestartPolicy?: {
    readonly Condition?: string;
    readonly MaxAttempts?: number | null;
  } | null;
  readonly Networks?: readonly RawNetworkUse[] | null;
  readonly Resources?: {
    readonly Limits?: RawResources | null;
    readonly Reservations?: RawResources | null;
  } | null;
  readonly Placement?: { readonly Constraints?: readonly string[] | null } | null;
}

export interface RawResources {
  readonly NanoCPUs?: number;
  readonly MemoryBytes?: number;
}

export interface RawEndpointSpec {
  readonly Mode?: string;
  readonly Ports?:
    | readonly {
        readonly Protocol?: string;
        readonly TargetPort?: number;
        readonly PublishedPort?: number;
        readonly PublishMode?: string;
      }[]
    | null;
}

export interface RawNetworkUse {
  readonly Target?: string;
}

export interface RawService {
  readonly ID?: string;
  readonly Version?: { readonly Index?: number };
  readonly UpdatedAt?: string;
  readonly Spec?: {
    readonly Name?: string;
    readonly Labels?: RawLabels;
    readonly TaskTemplate?: RawTaskSpec;
    readonly Mode?: { readonly Replicated?: { readonly Replicas?: number } | null };
    /** Where older clients put what is in the task's spec today. */
    readonly Networks?: readonly RawNetworkUse[] | null;
    readonly EndpointSpec?: RawEndpointSpec | null;
  };
  readonly UpdateStatus?: { readonly State?: string } | null;
}

export interface RawTask {
  readonly ID?: string;
  readonly CreatedAt?: string;
  readonly ServiceID?: string;
  readonly NodeID?: string;
  readonly Slot?: number;
  readonly DesiredState?: string;
  readonly Spec?: RawTaskSpec;
  readonly Status?: {
    readonly Timestamp?: string;
    readonly State?: string;
    readonly Err?: string;
    readonly ContainerStatus?: {
      readonly ContainerID?: string;
      readonly ExitCode?: number;
    } | null;
  };
}

export interface RawContainer {
  readonly Id?: string;
  readonly Names?: readonly string[] | null;
  readonly State?: string;
  /** For people: `Up 3 minutes (healthy)`. */
  readonly Status?: string;
  /** Since API 1.52. */
  readonly Health?: { readonly Status?: string } | null;
  readonly Labels?: RawLabels;
  readonly Mounts?:
    readonly { readonly Type?: string; readonly Name?: string; readonly Source?: string }[] | null;
}

export interface RawVolume {
  readonly Name?: string;
  readonly Driver?: string;
  readonly Labels?: RawLabels;
  readonly Options?: RawLabels;
  readonly Mountpoint?: string;
}

export interface RawNetwork {
  readonly Id?: string;
  readonly Name?: string;
  readonly Labels?: RawLabels;
}

/** A secret or a config. */
export interface RawStored {
  readonly ID?: string;
  readonly Spec?: { readonly Name?: string; readonly Labels?: RawLabels };
}

export interface RawNode {
  readonly ID?: string;
  readonly Description?: { readonly Hostname?: string };
  readonly Status?: { readonly State?: string };
}

/** The answers of one observation, in the order in which they are asked for. */
export interface RawLists {
  readonly services: readonly RawService[];
  readonly tasks: readonly RawTask[];
  readonly containers: readonly RawContainer[];
  readonly volumes: readonly RawVolume[];
  readonly networks: readonly RawNetwork[];
  readonly secrets: readonly RawStored[];
  readonly configs: readonly RawStored[];
  readonly nodes: readonly RawNode[];
}
