/** What `doctor` makes of the facts of a host: each thing that a controller needs, fine or not, and the command that mends it. */
import type { HostFacts } from '../ports/host-facts.ts';
import type { ToolFacts } from '../ports/tool-facts.ts';

export interface HostCheck {
  readonly name: string;
  /** `warn`: some apps will not work, or not for long; `fail`: a controller cannot work. */
  readonly verdict: 'ok' | 'warn' | 'fail';
  readonly message: string;
  /** The command that mends it, or the words where there is no command; null where nothing is to be mended. */
  readonly mend: string | null;
}

export interface DoctorFacts {
  readonly docker: HostFacts;
  readonly tools: readonly ToolFacts[];
  /** What the desired tree asks of the host; its defaults where it could not be read. */
  readonly wanted: {
    readonly proxyNetwork: string;
    readonly reserveBytes: number;
    readonly warnBelowBytes: number;
    /** Stacks of apps with data; empty where the tree could not be read. */
    readonly statefulStacks: readonly string[];
    /** Undefined where the tree could not be read. */
    readonly hasStateful: boolean | undefined;
  };
  /** The desired tree as typed, without credentials, and why nothing or not all of it would be followed. */
  readonly tree: { readonly shown: string; readonly trouble: string | undefined };
  readonly state: {
    readonly path: string;
    readonly exists: boolean;
    /** Of the directory, or of the nearest parent that is there. */
    readonly writable: boolean;
    readonly freeBytes: number | undefined;
  };
  /** Why none can be made in the state directory; undefined where they are not wanted, or it could not be tried. */
  readonly reflinks: { readonly trouble: string | undefined } | undefined;
  readonly isRoot: boolean;
  /** Where alerts are sent, and why one could not be sent there; undefined: nothing is known to be in the way. */
  readonly sinks: readonly { readonly name: string; readonly trouble: string | undefined }[];
}

const API_VERSION_MIN = '1.41';

const packages: Readonly<Record<string, string>> = {
  git: 'git',
  tar: 'tar',
  zstd: 'zstd',
  flock: 'util-linux',
  // On Debian 13 and newer it brings docker-cli along; before, there is no such package.
  docker: 'docker.io',
};

/** In the order in which a person would mend them. */
export function hostChecks(facts: DoctorFacts): readonly HostCheck[] {
  return [
    ...facts.tools.map(checkTool),
    ...checkDocker(facts),
    checkTree(facts),
    checkState(facts),
    ...checkReflinks(facts),
    checkRoot(facts),
    checkRoom('room for state', facts.state.path, facts.state.freeBytes, facts),
    ...(facts.docker.engine === undefined
      ? []
      : [
          checkRoom(
            'room for Docker',
            facts.docker.engine.data.path,
            facts.docker.engine.data.freeBytes,
            facts,
          ),
        ]),
    ...facts.sinks.map(checkSink),
  ];
}

function ok(name: string, message: string): HostCheck {
  return { name, verdict: 'ok', message, mend: null };
}

function bad(verdict: 'warn' | 'fail', name: string, message: string, mend: string): HostCheck {
  return { name, verdict, message, mend };
}

function checkTool({ program, version }: ToolFacts): HostCheck {
  const install = `apt-get install ${packages[program] ?? program}`;
  if (version === undefined) {
    return bad('fail', program, `${program} is not in PATH, or does not run`, install);
  }
  if (program === 'tar' && !version.includes('GNU tar')) {
    return bad('fail', program, `tar is not GNU tar: ${version}`, install);
  }
  // zstd frames what it says of itself with asterisks.
  return ok(program, version.replaceAll(/^[*\s]+|[*\s]+$/g, ''));
}

function checkSink({ name, trouble }: DoctorFacts['sinks'][number]): HostCheck {
  const what = `alerts to ${name}`;
  return trouble === undefined
    ? ok(what, 'its files and its command can be used; nothing was sent')
    : bad('warn', what, trouble, 'put it in its place, readable for the user of the controller');
}

function checkDocker({ docker, wanted }: DoctorFacts): readonly HostCheck[] {
  const { engine, trouble } = docker;
  if (engine === undefined) {
    return [
      bad(
        'fail',
        'Docker Engine',
        trouble ?? 'the Engine does not answer',
        trouble?.includes('EACCES') === true
          ? 'usermod -aG docker USER, and log in anew; or run ci-warm as root'
          : 'systemctl start docker (or npm start, in a checkout)',
      ),
    ];
  }
  const version = `Engine ${engine.version}, API ${engine.apiVersion}`;
  const networks = new Map(engine.networks.map((network) => [network.name, network]));
  return [
    isOlder(engine.apiVersion, API_VERSION_MIN)
      ? bad(
          'fail',
          'Docker Engine',
          `${version}: ${API_VERSION_MIN} is needed`,
          'apt-get install docker.io',
        )
      : ok('Docker Engine', version),
    checkSwarm(engine),
    checkProxyNetwork(wanted.proxyNetwork, networks.get(wanted.proxyNetwork)),
    networks.has('docker_gwbridge')
      ? ok('docker_gwbridge', 'health probes reach tasks over it')
      : bad(
          'warn',
          'docker_gwbridge',
          'the network is not there: health probes cannot reach tasks on this node',
          'docker network create --driver bridge --opt com.docker.network.bridge.name=docker_gwbridge --opt com.docker.network.bridge.enable_icc=false docker_gwbridge',
        ),
    docker.ipvs === 'absent'
      ? bad(
          'warn',
          'IPVS',
          'the kernel has none: services answer only with endpoint_mode: dnsrr and ports in host mode',
          'modprobe ip_vs',
        )
      : ok('IPVS', docker.ipvs === 'present' ? 'loaded' : 'loaded when it is needed'),
    ...checkVolumes(engine.plainVolumes, wanted.statefulStacks),
  ];
}

/** Volumes that an adopted app brought along. Nothing is said where there are none. */
function checkVolumes(
  plain: Engine['plainVolumes'],
  stacks: readonly string[],
): readonly HostCheck[] {
  const names = plain.filter(({ stack }) => stacks.includes(stack)).map(({ name }) => name);
  if (names.length === 0) return [];
  return [
    bad(
      'warn',
      'volumes',
      `made before ci-warm, so their data is in Docker's own folder, and \`docker volume prune\` can take them while their app is undeployed: ${names.join(', ')}`,
      'nothing has to be; run no docker volume prune --all here, and before Docker 23 none at all',
    ),
  ];
}

type Engine = NonNullable<HostFacts['engine']>;

function checkSwarm({ swarm, manager, nodes }: Engine): HostCheck {
  if (swarm === 'active' && manager) {
    return ok(
      'Swarm',
      `this node manages it; ${nodes === 1 ? 'one node' : `${String(nodes)} nodes`}`,
    );
  }
  if (swarm === 'active') {
    return bad('fail', 'Swarm', 'this node is a worker', 'docker node promote NODE, on a manager');
  }
  return swarm === 'inactive'
    ? bad('fail', 'Swarm', 'there is none', 'docker swarm init --advertise-addr 127.0.0.1')
    : bad('fail', 'Swarm', `it is ${swarm}`, 'docker info shows why');
}

function checkProxyNetwork(
  name: string,
  network: Engine['networks'][number] | undefined,
): HostCheck {
  const label = 'proxy network';
  const create = `docker network create --driver overlay --attachable ${name}`;
  if (network === undefined) return bad('fail', label, `there is no network ${name}`, create);
  return network.driver === 'overlay' && network.scope === 'swarm'
    ? ok(label, `${name} is an overlay of the Swarm`)
    : bad(
        'fail',
        label,
        `network ${name} is ${network.driver} of scope ${network.scope}: services cannot share it`,
        `docker network rm ${name} && ${create}`,
      );
}

/** Its defaults are asked of the host where it cannot be read, so a person has to know. */
function checkTree({ tree: { shown, trouble } }: DoctorFacts): HostCheck {
  const label = 'desired tree';
  return trouble === undefined
    ? ok(label, `${shown} has no problem`)
    : bad('warn', label, trouble, `ci-warm validate ${shown}, or another --desired`);
}

function checkState({ state, isRoot }: DoctorFacts): HostCheck {
  const label = 'state directory';
  if (!state.writable) {
    return bad(
      'fail',
      label,
      `${state.path} cannot be written`,
      isRoot ? `mount -o remount,rw, or another --state` : `sudo ci-warm …, or another --state`,
    );
  }
  return ok(label, state.exists ? state.path : `${state.path} is not there yet, and can be made`);
}

function checkReflinks({ state, reflinks }: DoctorFacts): readonly HostCheck[] {
  if (reflinks === undefined) return [];
  const label = 'snapshots by reflinks';
  if (reflinks.trouble === undefined) {
    return [ok(label, `files below ${state.path} can share their blocks`)];
  }
  return [
    bad(
      'warn',
      label,
      `not possible below ${state.path}: ${reflinks.trouble}; snapshots are taken by tar and zstd instead`,
      'put the state directory on btrfs or xfs, or set snapshots.driver of Settings to Tar',
    ),
  ];
}

function checkRoot({ isRoot, wanted }: DoctorFacts): HostCheck {
  if (isRoot) return ok('root', 'volumes can be read and put back whoever owns them');
  if (wanted.hasStateful === false) return ok('root', 'not needed: no app is Stateful');
  return bad(
    wanted.hasStateful === true ? 'fail' : 'warn',
    'root',
    'volumes of Stateful apps cannot be read without root',
    'sudo ci-warm …',
  );
}

function checkRoom(
  name: string,
  path: string,
  freeBytes: number | undefined,
  { wanted }: DoctorFacts,
): HostCheck {
  if (freeBytes === undefined) return bad('warn', name, `not known at ${path}`, `df -h ${path}`);
  const free = `${inGibibytes(freeBytes)} free at ${path}`;
  const look = `du -xh --max-depth=2 ${path} | sort -h | tail shows what takes it`;
  if (freeBytes < wanted.reserveBytes) {
    return bad(
      'fail',
      name,
      `${free}; ${inGibibytes(wanted.reserveBytes)} is kept in reserve`,
      look,
    );
  }
  return freeBytes < wanted.warnBelowBytes
    ? bad('warn', name, `${free}; less than ${inGibibytes(wanted.warnBelowBytes)}`, look)
    : ok(name, free);
}

function inGibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}

/** `1.9` is older than `1.41`. */
function isOlder(version: string, than: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [thanMajor = 0, thanMinor = 0] = than.split('.').map(Number);
  return major < thanMajor || (major === thanMajor && minor < thanMinor);
}
