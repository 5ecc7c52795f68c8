/** Looks at this host's Docker for `ci-warm doctor`. Judges nothing: what is wrong, and what mends it, is said elsewhere. */
import { readFile, statfs } from 'node:fs/promises';
import { release } from 'node:os';
import { reasonOf } from '../../model/failure.ts';
import { label } from '../../model/swarm.ts';
import type { EngineFacts, HostFacts } from '../../ports/host-facts.ts';
import type { Connection } from './connect.ts';

interface RawInfo {
  readonly ServerVersion?: string;
  readonly DockerRootDir?: string;
  readonly Swarm?: {
    readonly NodeID?: string;
    readonly LocalNodeState?: string;
    readonly ControlAvailable?: boolean;
    readonly Nodes?: number;
  };
}

/** Never throws for Docker's sake: what does not answer is a fact too. */
export async function inspectHost(connection: Connection, signal: AbortSignal): Promise<HostFacts> {
  const ipvs = await lookForIpvs();
  try {
    return { engine: await inspectEngine(connection, signal), trouble: undefined, ipvs };
  } catch (thrown) {
    signal.throwIfAborted();
    return { engine: undefined, trouble: reasonOf(thrown), ipvs };
  }
}

async function inspectEngine(connection: Connection, signal: AbortSignal): Promise<EngineFacts> {
  const apiVersion = await connection.apiVersion(signal);
  const [answer, networks, volumes] = await connection.ask(
    'ask about this host',
    signal,
    (docker, abortSignal): Promise<[unknown, readonly RawNetworkFacts[], unknown]> =>
      Promise.all([
        docker.info(),
        docker.listNetworks({ abortSignal }),
        docker.listVolumes({ abortSignal }),
      ]),
  );
  const info = answer as RawInfo;
  const path = info.DockerRootDir ?? '';
  return {
    version: info.ServerVersion ?? '',
    apiVersion,
    swarm: info.Swarm?.LocalNodeState ?? 'inactive',
    manager: info.Swarm?.ControlAvailable ?? false,
    nodeId: info.Swarm?.NodeID ?? '',
    nodes: info.Swarm?.Nodes ?? 0,
    networks: networks.map(({ Name, Driver, Scope }) => ({
      name: Name ?? '',
      driver: Driver ?? '',
      scope: Scope ?? '',
    })),
    plainVolumes: ((volumes as RawVolumes).Volumes ?? []).flatMap(({ Name, Labels, Options }) => {
      const stack = Labels?.[label.stack];
      const isPlain = Object.keys(Options ?? {}).length === 0;
      return stack === undefined || !isPlain ? [] : [{ name: Name, stack }];
    }),
    data: { path, freeBytes: await freeBytesAt(path) },
  };
}

interface RawVolumes {
  readonly Volumes:
    | readonly {
        readonly Name: string;
        readonly Labels: Readonly<Record<string, string>> | null;
        readonly Options: Readonly<Record<string, string>> | null;
      }[]
    | null;
}

interface RawNetworkFacts {
  readonly Name?: string;
  readonly Driver?: string;
  readonly Scope?: string;
}

async function freeBytesAt(path: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}

async function lookForIpvs(): Promise<HostFacts['ipvs']> {
  if ((await readText('/proc/net/ip_vs')) !== undefined) return 'present';
  const modules = `/lib/modules/${release()}`;
  if ((await readText(`${modules}/modules.builtin`))?.includes('/ip_vs.') === true) {
    return 'present';
  }
  const loadable = await readText(`${modules}/modules.dep`);
  return loadable?.includes('/ip_vs.ko') === true ? 'loadable' : 'absent';
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
}
