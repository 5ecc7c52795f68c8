/**
 * Of which type the values of a compose file have to be for `docker stack deploy`: the whole format as one value.
 *
 * Only what every version from 3.9 on and every command line from 20.10 on refuses is excluded here. Not here: which keys
 * there are (compose-keys.ts); a key that is not named here may hold anything.
 */
import { mountConflict, nameConflict, volumeConflict } from './compose-conflicts.ts';
import {
  COUNT_FORMAT,
  CPUS_FORMAT,
  DURATION_FORMAT,
  MODE_FORMAT,
  MOUNT_FORMAT,
  MOUNT_TYPE_FORMAT,
  ORDER_FORMAT,
  PORT_FORMAT,
  SIZE_FORMAT,
  WORDS_FORMAT,
  type Format,
} from './compose-formats.ts';

export type Kind = 'text' | 'integer' | 'number' | 'boolean' | 'nothing' | 'list' | 'map';

export interface Shape {
  /** What may stand there; an integer is a number, too. */
  readonly kinds: readonly Kind[];
  /** What a text, or a number where one may stand, has to look like. */
  readonly format?: Format;
  /** Of a map, by key; other keys are as `others` says, or anything. */
  readonly fields?: Readonly<Record<string, Shape>>;
  readonly others?: Shape;
  /** Of people's own names as keys. */
  readonly isNamed?: true;
  /** Of a map: keys that have to be there. */
  readonly needs?: readonly string[];
  /** Of a map that is right key by key: what does not go together, behind its path. */
  readonly conflict?: (map: unknown) => string | undefined;
  readonly members?: Shape;
  /** No member of the list may be there twice. */
  readonly isSet?: true;
  /** In place of the general sentence. */
  readonly instead?: string;
}

const text: Shape = { kinds: ['text'] };
const integer: Shape = { kinds: ['integer'] };
const count: Shape = { kinds: ['integer'], format: COUNT_FORMAT };
const number: Shape = { kinds: ['number'] };
const boolean: Shape = { kinds: ['boolean'] };
const duration = formatted(DURATION_FORMAT);
const textSet: Shape = { kinds: ['list'], members: text, isSet: true };
const textOrSet: Shape = { ...textSet, kinds: ['text', 'list'] };
const command: Shape = { kinds: ['text', 'list'], members: text, format: WORDS_FORMAT };
const pairs: Shape = {
  kinds: ['map', 'list'],
  others: { kinds: ['text', 'number', 'nothing'] },
  members: text,
  isSet: true,
};
const options: Shape = { kinds: ['map'], others: { kinds: ['text', 'number'] } };

function formatted(format: Format): Shape {
  return { kinds: ['text'], format };
}

/** A map with these keys. */
function record(fields: Readonly<Record<string, Shape>>): Shape {
  return { kinds: ['map'], fields };
}

function listOf(members: Shape): Shape {
  return { kinds: ['list'], members };
}

function named(others: Shape): Shape {
  return { kinds: ['map'], others, isNamed: true };
}

/** The same key by key for many. */
function each(keys: string, shape: Shape): Readonly<Record<string, Shape>> {
  return Object.fromEntries(keys.split(' ').map((key) => [key, shape]));
}

function or(kind: Kind, shape: Shape): Shape {
  return { ...shape, kinds: [...shape.kinds, kind] };
}

const fileUses = listOf(
  or('text', record({ ...each('source target uid gid', text), mode: number })),
);
const update = record({
  ...{ parallelism: count, max_failure_ratio: number, failure_action: text },
  ...each('delay monitor', duration),
  order: formatted(ORDER_FORMAT),
});
const resources = {
  cpus: formatted(CPUS_FORMAT),
  memory: formatted(SIZE_FORMAT),
};
const genericResource = record({
  discrete_resource_spec: record({ kind: text, value: number }),
});

const deploy: Shape = or(
  'nothing',
  record({
    ...{ mode: formatted(MODE_FORMAT), endpoint_mode: text, replicas: count, labels: pairs },
    ...each('rollback_config update_config', update),
    resources: record({
      limits: record({ ...resources, pids: integer }),
      reservations: record({ ...resources, generic_resources: listOf(genericResource) }),
    }),
    restart_policy: record({
      ...{ condition: text, max_attempts: count },
      ...each('delay window', duration),
    }),
    placement: record({
      constraints: listOf(text),
      preferences: listOf(record({ spread: text })),
      max_replicas_per_node: count,
    }),
  }),
);

const mount: Shape = {
  ...record({
    ...each('source target consistency', text),
    type: formatted(MOUNT_TYPE_FORMAT),
    read_only: boolean,
    bind: record({ propagation: text }),
    volume: record({ nocopy: boolean, subpath: text }),
    tmpfs: record({ size: count }),
  }),
  kinds: ['text', 'map'],
  needs: ['type'],
  conflict: mountConflict,
  format: MOUNT_FORMAT,
};

const port: Shape = {
  ...record({ ...each('mode protocol', text), ...each('target published', count) }),
  kinds: ['integer', 'text', 'map'],
  format: PORT_FORMAT,
};

const attachment = record({
  ...{ aliases: textSet, driver_opts: options },
  ...each('ipv4_address ipv6_address', text),
});

const limit: Shape = {
  ...record(each('soft hard', integer)),
  kinds: ['integer', 'map'],
  needs: ['soft', 'hard'],
};

const build = record({
  ...each('context dockerfile network target', text),
  ...each('args labels extra_hosts', pairs),
  ...{ cache_from: textSet, shm_size: { kinds: ['integer', 'text'] } },
});

const service: Shape = record({
  ...each(
    'cgroupns_mode cgroup_parent container_name domainname hostname image ipc isolation mac_address ' +
      'network_mode restart shm_size stop_signal user userns_mode working_dir',
    text,
  ),
  ...each('init privileged read_only stdin_open tty', boolean),
  ...each('cap_add cap_drop devices external_links links security_opt', textSet),
  ...each('dns dns_search tmpfs', textOrSet),
  ...each('environment extra_hosts labels sysctls', pairs),
  ...each('command entrypoint', command),
  ...each('configs secrets', fileUses),
  ...{ build: or('text', build), deploy, oom_score_adj: integer, pid: or('nothing', text) },
  credential_spec: record(each('config file registry', text)),
  depends_on: {
    ...textSet,
    instead: 'depends_on has to be a list: a stack knows no conditions, and no order either',
  },
  env_file: { ...textOrSet, instead: 'env_file has to be a path or a list of paths' },
  expose: { kinds: ['list'], members: { kinds: ['text', 'number'] }, isSet: true },
  healthcheck: record({
    ...{
      disable: boolean,
      retries: { ...number, format: COUNT_FORMAT },
      test: { kinds: ['text', 'list'], members: text },
    },
    ...each('interval timeout start_period start_interval', duration),
  }),
  logging: record({
    driver: text,
    options: { kinds: ['map'], others: { kinds: ['text', 'number', 'nothing'] } },
  }),
  networks: {
    ...named(or('nothing', attachment)),
    kinds: ['list', 'map'],
    members: text,
    isSet: true,
  },
  ports: { kinds: ['list'], members: port, isSet: true },
  stop_grace_period: duration,
  ulimits: { kinds: ['map'], others: limit },
  volumes: listOf(mount),
});

const external: Shape = or('boolean', record({ name: text }));
const declared = { name: text, external, labels: pairs };
const stored = { ...declared, file: text, template_driver: text };

const network: Shape = {
  ...record({
    ...{ ...declared, driver: text, driver_opts: options },
    ...each('internal attachable', boolean),
    ipam: record({ driver: text, config: listOf(record({ subnet: text })) }),
  }),
  conflict: nameConflict,
};
const volume: Shape = {
  ...record({ ...declared, driver: text, driver_opts: options }),
  conflict: volumeConflict,
};
const secret = record({ ...stored, driver: text, driver_opts: options });

/** Of a whole compose file. Names of volumes are looked at in check-project.ts. */
export const COMPOSE_SHAPE: Shape = record({
  services: named(service),
  networks: { kinds: ['map'], others: or('nothing', network) },
  volumes: { kinds: ['map'], others: or('nothing', volume) },
  secrets: named({ ...secret, conflict: nameConflict }),
  configs: named({ ...record(stored), conflict: nameConflict }),
});
