/**
 * Step: a one-node Swarm and the proxy network that recipes expect.
 *
 * A Swarm that this Engine is already a manager of is used as it is.
 */
import { attempt, run } from './command.ts';
import { GroundError } from './ground-error.ts';
import { readMade, recordMade } from './made.ts';

/** The external overlay network that Co-op Cloud recipes attach their public services to. */
export const proxyNetwork = 'proxy';

/** A /20, because every task of every app takes an address there. The next is tried where one is taken. */
const proxySubnets = ['10.200.0.0/20', '10.201.0.0/20', '172.28.0.0/20', '192.168.240.0/20'];

/** Says what there is. Throws one sentence when this Engine is a worker of somebody's Swarm, or locked. */
export async function ensureSwarm(): Promise<string> {
  const state = await swarmState();
  switch (state.local) {
    case 'active': {
      if (!state.manager) {
        throw new GroundError(
          'this Docker Engine is a worker of a Swarm: run this on a manager, or let it leave (`docker swarm leave`).',
        );
      }
      const made = await readMade();
      if (made.swarm === '') await recordMade({ swarm: state.clusterId });
      return 'a Swarm is there';
    }
    case 'inactive':
      return makeSwarm();
    default:
      throw new GroundError(
        `this Docker Engine's Swarm is ${state.local}: mend it (\`docker info\`, \`docker swarm unlock\`) and try again.`,
      );
  }
}

/** Says whether the network was there or made. */
export async function ensureProxyNetwork(): Promise<string> {
  const found = await networkId();
  if (found !== undefined) {
    const made = await readMade();
    if (made.network === '') await recordMade({ network: found });
    return `the network \`${proxyNetwork}\` is there`;
  }
  await recordMade({ network: '' });
  let complaint = '';
  for (const subnet of proxySubnets) {
    const options = ['--driver', 'overlay', '--attachable', '--subnet', subnet];
    const result = await attempt('docker', ['network', 'create', ...options, proxyNetwork]);
    if (result.ok) {
      await recordMade({ network: result.stdout.trim() });
      return `made the overlay network \`${proxyNetwork}\` (${subnet})`;
    }
    complaint = result.stderr;
  }
  throw new GroundError(`the network \`${proxyNetwork}\` could not be made: ${complaint.trim()}`);
}

/** The id of the network as it is now, or undefined. */
export async function networkId(): Promise<string | undefined> {
  // The filter takes any name that contains this one.
  const filter = ['--no-trunc', '--filter', `name=${proxyNetwork}`];
  const format = ['--format', '{{.Name}} {{.Driver}} {{.ID}}'];
  const list = await run('docker', ['network', 'ls', ...filter, ...format]);
  const line = list.split('\n').find((row) => row.startsWith(`${proxyNetwork} `));
  if (line === undefined) return undefined;
  const [, driver, id] = line.split(' ');
  if (driver === 'overlay') return id;
  throw new GroundError(
    `the network \`${proxyNetwork}\` is there, but its driver is ${driver ?? 'unknown'}, not overlay: remove or rename it.`,
  );
}

export interface SwarmState {
  /** Docker's word: inactive, pending, active, error, locked. */
  readonly local: string;
  readonly manager: boolean;
  readonly clusterId: string;
}

export async function swarmState(): Promise<SwarmState> {
  const format =
    '{{.Swarm.LocalNodeState}} {{.Swarm.ControlAvailable}} {{if .Swarm.Cluster}}{{.Swarm.Cluster.ID}}{{end}}';
  const text = await run('docker', ['info', '--format', format]);
  const [local = '', manager = '', clusterId = ''] = text.trim().split(' ');
  return { local, manager: manager === 'true', clusterId };
}

async function makeSwarm(): Promise<string> {
  await recordMade({ swarm: '' });
  // On loopback, so that nobody outside can reach the manager, and a machine that changes its address keeps its Swarm.
  const address = ['--advertise-addr', '127.0.0.1', '--listen-addr', '127.0.0.1:2377'];
  await run('docker', ['swarm', 'init', ...address]);
  await recordMade({ swarm: (await swarmState()).clusterId });
  return 'made a Swarm of this one node';
}
