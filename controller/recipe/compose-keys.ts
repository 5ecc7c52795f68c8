/**
 * The keys that `docker stack deploy` takes, and since which version of the format. It refuses a file with any other, and
 * says so only when it is handed the files: while the app is down. So they are looked for when the recipe is read.
 *
 * Not here: what the keys mean, and of which type their values have to be (compose-shapes.ts).
 */
import { membersOf } from './yaml-value.ts';

interface Row {
  /** `*` is any key, `[]` any member of a list. */
  readonly path: string;
  readonly keys: string;
  /** Keys under `x-…` are everybody's, or any key is. */
  readonly takes?: 'own' | 'any';
}

const UPDATE = 'parallelism delay failure_action monitor max_failure_ratio order';
const FILE_USE = 'source target uid gid mode';

/** Where nothing stands here, any key goes: maps of people's own names. */
const ROWS: readonly Row[] = [
  { path: '', keys: 'version services networks volumes secrets configs', takes: 'own' },
  {
    path: 'services.*',
    keys:
      'build cap_add cap_drop cgroup_parent cgroupns_mode command configs container_name credential_spec ' +
      'depends_on deploy devices dns dns_search domainname entrypoint env_file environment expose external_links ' +
      'extra_hosts healthcheck hostname image init ipc isolation labels links logging mac_address network_mode ' +
      'networks oom_score_adj pid ports privileged read_only restart secrets security_opt shm_size stdin_open ' +
      'stop_grace_period stop_signal sysctls tmpfs tty ulimits user userns_mode volumes working_dir',
    takes: 'own',
  },
  {
    path: 'services.*.build',
    keys: 'args cache_from context dockerfile extra_hosts labels network shm_size target',
  },
  { path: 'services.*.configs.[]', keys: FILE_USE },
  { path: 'services.*.credential_spec', keys: 'config file registry' },
  {
    path: 'services.*.deploy',
    keys: 'endpoint_mode labels mode placement replicas resources restart_policy rollback_config update_config',
  },
  { path: 'services.*.deploy.placement', keys: 'constraints max_replicas_per_node preferences' },
  { path: 'services.*.deploy.placement.preferences.[]', keys: 'spread' },
  { path: 'services.*.deploy.resources', keys: 'limits reservations' },
  { path: 'services.*.deploy.resources.limits', keys: 'cpus memory pids' },
  { path: 'services.*.deploy.resources.reservations', keys: 'cpus memory generic_resources' },
  { path: 'services.*.deploy.restart_policy', keys: 'condition delay max_attempts window' },
  { path: 'services.*.deploy.rollback_config', keys: UPDATE },
  { path: 'services.*.deploy.update_config', keys: UPDATE },
  {
    path: 'services.*.healthcheck',
    keys: 'disable interval retries start_interval start_period test timeout',
  },
  { path: 'services.*.logging', keys: 'driver options' },
  { path: 'services.*.networks.*', keys: 'aliases driver_opts ipv4_address ipv6_address' },
  { path: 'services.*.ports.[]', keys: 'mode protocol published target' },
  { path: 'services.*.secrets.[]', keys: FILE_USE },
  { path: 'services.*.ulimits.*', keys: 'hard soft' },
  {
    path: 'services.*.volumes.[]',
    keys: 'bind cluster consistency read_only source target tmpfs type volume',
  },
  { path: 'services.*.volumes.[].volume', keys: 'nocopy subpath', takes: 'any' },
  {
    path: 'networks.*',
    keys: 'attachable driver driver_opts external internal ipam labels name',
    takes: 'own',
  },
  { path: 'networks.*.ipam', keys: 'config driver' },
  { path: 'networks.*.ipam.config.[]', keys: 'subnet' },
  { path: 'volumes.*', keys: 'driver driver_opts external labels name', takes: 'own' },
  {
    path: 'secrets.*',
    keys: 'driver driver_opts external file labels name template_driver',
    takes: 'own',
  },
  { path: 'configs.*', keys: 'external file labels name template_driver', takes: 'own' },
];

interface Since {
  /** Of the format: 3.<minor>. */
  readonly minor: number;
  /** Of Docker's command line: the first major version that passes it on. */
  readonly docker: number;
}

/** What brought a key; all others are in 3.9, which every command line knows. */
const SINCE: ReadonlyMap<string, Since> = new Map([
  ['services.*.healthcheck.start_interval', { minor: 12, docker: 25 }],
  ['services.*.networks.*.driver_opts', { minor: 13, docker: 27 }],
  ['services.*.oom_score_adj', { minor: 13, docker: 27 }],
  // An older Docker passes over it, and the whole volume would be there instead.
  ['services.*.volumes.[].volume.subpath', { minor: 13, docker: 28 }],
]);

interface Table {
  readonly path: string;
  readonly parts: readonly string[];
  readonly keys: ReadonlySet<string>;
  readonly takes: Row['takes'];
}

const TABLES: readonly Table[] = ROWS.map(({ path, keys, takes }) => ({
  path,
  parts: path === '' ? [] : path.split('.'),
  keys: new Set(keys.split(' ')),
  takes,
}));
const DEPTH_MAX = Math.max(...TABLES.map(({ parts }) => parts.length));

/** Paths of the keys in a compose file's content that no Docker takes in their places, in the order of the file. */
export function unknownKeys(content: unknown): readonly (readonly string[])[] {
  const found: (readonly string[])[] = [];
  visitTables(content, (table, path, key) => {
    if (table.keys.has(key) || table.takes === 'any') return;
    if (table.takes !== 'own' || !key.startsWith('x-')) found.push([...path, key]);
  });
  return found;
}

/** The lowest version 3.<minor> that has every key of the file; 0: any that ci-warm hands on. */
export function neededMinor(content: unknown): number {
  let minor = 0;
  visitTables(content, ({ path }, _at, key) => {
    minor = Math.max(minor, SINCE.get(`${path}.${key}`)?.minor ?? 0);
  });
  return minor;
}

export interface NewerKey {
  readonly path: readonly string[];
  /** The first major version of Docker's command line that knows it. */
  readonly docker: number;
}

/** Keys of the file that not every command line knows, in the order of the file. */
export function newerKeys(content: unknown): readonly NewerKey[] {
  const found: NewerKey[] = [];
  visitTables(content, ({ path }, at, key) => {
    const since = SINCE.get(`${path}.${key}`);
    if (since !== undefined) found.push({ path: [...at, key], docker: since.docker });
  });
  return found;
}

function visitTables(
  content: unknown,
  visit: (table: Table, path: readonly string[], key: string) => void,
): void {
  const go = (value: unknown, path: readonly string[], shape: readonly string[]): void => {
    if (path.length > DEPTH_MAX) return;
    if (Array.isArray(value)) {
      for (const [index, member] of value.entries()) {
        go(member, [...path, String(index)], [...shape, '[]']);
      }
      return;
    }
    const table = TABLES.find((one) => isAt(one.parts, shape));
    for (const [key, member] of membersOf(value)) {
      if (table !== undefined) visit(table, path, key);
      go(member, [...path, key], [...shape, key]);
    }
  };
  go(content, [], []);
}

function isAt(parts: readonly string[], shape: readonly string[]): boolean {
  return (
    parts.length === shape.length &&
    parts.every((part, index) => part === shape[index] || (part === '*' && shape[index] !== '[]'))
  );
}
