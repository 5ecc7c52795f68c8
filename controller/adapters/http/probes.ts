/**
 * The port `Probes`: asks running tasks whether they work, from this host.
 *
 * What the app's state answers is green or red; what only our way to it answers is unknown (L1): a task on another
 * node, without an address, or an Engine that does not answer. Every running task of a service has to be green.
 */
import { assertNever } from '../../model/assert-never.ts';
import type { ExecProbe, HttpProbe, ProbeSpec, TcpProbe } from '../../model/desired.ts';
import { reasonOf } from '../../model/failure.ts';
import type { ProbeResult } from '../../model/probe.ts';
import type { TaskView } from '../../model/swarm.ts';
import type { ProbeTarget, Probes } from '../../ports/probes.ts';
import type { TaskAddress, TaskReach } from '../../ports/task-reach.ts';
import { judgeDockerHealth } from './docker-health.ts';
import { describeProbe } from './describe.ts';
import { askHttp } from './http.ts';
import { runningTasks } from './tasks.ts';
import { askTcp } from './tcp.ts';
import { green, red, unknown } from './answer.ts';
import type { Answer } from './answer.ts';

const execLimitMs = 10_000;
const outputShownMax = 200;
/** Whatever way Swarm publishes the proxy's ports, this node's own loopback has them. */
const proxyAddress = '127.0.0.1';

/** Makes the port; asks nothing yet. */
export function createProbes(reach: TaskReach): Probes {
  return {
    run: (probes, target, signal) => runRound(reach, probes, target, signal),
  };
}

type Addresses = ReadonlyMap<string, TaskAddress> | { readonly unreachable: string };

async function runRound(
  reach: TaskReach,
  probes: readonly ProbeSpec[],
  target: ProbeTarget,
  signal: AbortSignal,
): Promise<readonly ProbeResult[]> {
  const addresses = await findAddresses(reach, probes, target, signal);
  return Promise.all(
    probes.map(async (spec) => {
      const probe = describeProbe(spec);
      const answer = await askProbe(reach, spec, target, addresses, signal);
      return { ...answer, probe };
    }),
  );
}

/** One look for all probes of the round. */
async function findAddresses(
  reach: TaskReach,
  probes: readonly ProbeSpec[],
  target: ProbeTarget,
  signal: AbortSignal,
): Promise<Addresses> {
  const ids = new Set<string>();
  for (const probe of probes) {
    if (probe.kind !== 'http' && probe.kind !== 'tcp') continue;
    const tasks = runningTasks(target, probe.service);
    if (tasks.kind === 'tasks') for (const { containerId } of tasks.here) ids.add(containerId);
  }
  if (ids.size === 0) return new Map();
  try {
    return await reach.addresses([...ids], signal);
  } catch (thrown) {
    return { unreachable: reasonOf(thrown) };
  }
}

async function askProbe(
  reach: TaskReach,
  probe: ProbeSpec,
  target: ProbeTarget,
  addresses: Addresses,
  signal: AbortSignal,
): Promise<Answer> {
  switch (probe.kind) {
    case 'docker':
      return judgeDockerHealth(probe, target);
    case 'exec':
      return askEach(target, probe.service, (task) => askExec(reach, probe, task, signal));
    case 'proxy': {
      const { scheme, port } = probe;
      const door = { of: 'proxy', address: proxyAddress, port, scheme } as const;
      return askHttp(door, probe, target.domain, signal);
    }
    case 'tcp':
    case 'http':
      return askEach(target, probe.service, (task) =>
        askAddress(probe, task, target, addresses, signal),
      );
    default:
      return assertNever(probe, 'probe');
  }
}

/** The worst answer of all running tasks counts: red before unknown before green. */
async function askEach(
  target: ProbeTarget,
  service: string,
  ask: (task: TaskView & { readonly containerId: string }) => Promise<Answer>,
): Promise<Answer> {
  const tasks = runningTasks(target, service);
  if (tasks.kind === 'none') return red(tasks.why);
  const answers = await Promise.all(tasks.here.map(ask));
  return (
    answers.find(({ kind }) => kind === 'red') ??
    answers.find(({ kind }) => kind === 'unknown') ??
    (tasks.outOfReach.length === 0
      ? green
      : unknown(`a task of ${service} runs on another node, which cannot be reached from here`))
  );
}

async function askAddress(
  probe: HttpProbe | TcpProbe,
  task: { readonly containerId: string },
  target: ProbeTarget,
  addresses: Addresses,
  signal: AbortSignal,
): Promise<Answer> {
  if ('unreachable' in addresses) return unknown(addresses.unreachable);
  const way = addresses.get(task.containerId);
  if (way === undefined) return unknown('its address was not asked for');
  if (way.kind === 'no-way') return unknown(way.why);
  const { port } = probe;
  if (port === undefined) {
    return unknown(`no port is known for service ${probe.service}: give the probe a port`);
  }
  const at = { address: way.address, port };
  return probe.kind === 'tcp'
    ? askTcp(at, signal)
    : askHttp({ ...at, of: 'task', scheme: 'http' }, probe, target.domain, signal);
}

async function askExec(
  reach: TaskReach,
  probe: ExecProbe,
  task: { readonly containerId: string },
  signal: AbortSignal,
): Promise<Answer> {
  try {
    const result = await reach.exec(task.containerId, probe.command, execLimitMs, signal);
    switch (result.kind) {
      case 'no-way':
        return unknown(result.why);
      case 'still-running':
        return red(`the command did not end within ${String(execLimitMs / 1000)} s`);
      case 'exited':
        return result.exitCode === 0
          ? green
          : red(`exit code ${String(result.exitCode)}${shown(result.output)}`);
    }
  } catch (thrown) {
    return unknown(reasonOf(thrown));
  }
}

function shown(output: string): string {
  const last = output.trim().split('\n').at(-1) ?? '';
  return last === '' ? '' : `: ${last.slice(0, outputShownMax)}`;
}
