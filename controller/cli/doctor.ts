/** `ci-warm doctor`: what a controller needs of this host, what is missing, and the command that mends it. */
import { access, constants, statfs } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import type { Desired } from '../model/desired.ts';
import { shownLocation } from '../model/desired-location.ts';
import type { Paint } from '../report/table.ts';
import { demandLocation } from './desired-option.ts';
import { exitCode, type ExitCode } from './exit-codes.ts';
import { hostChecks, type DoctorFacts, type HostCheck } from './host-checks.ts';
import { declare, outputOption, type Globals, type Host } from './host.ts';
import { listenForInterruption } from './interruption.ts';
import { printValue } from './output.ts';

interface Options extends Globals {
  readonly output: 'table' | 'json' | 'yaml';
}

/** What holds where the desired tree cannot be read: the contract's defaults. */
const defaults: DoctorFacts['wanted'] = {
  proxyNetwork: 'proxy',
  reserveBytes: 5 * 2 ** 30,
  warnBelowBytes: 15 * 2 ** 30,
  statefulStacks: [],
  hasStateful: undefined,
};

const tones = { ok: 'good', warn: 'warn', fail: 'bad' } as const;
const VERDICT_WIDTH = 6;

export function declareDoctor(host: Host): void {
  declare(host, {
    usage: 'doctor',
    summary: 'show what is wrong with this host, and what mends it',
    description:
      'Looks at the programs, Docker, the Swarm, its networks, the desired tree, the state directory, the disk and the sinks of alerts, and shows what is missing with the command that mends it. Changes nothing. Exits with 1 when a controller cannot work here.',
    examples: ['ci-warm doctor', 'ci-warm doctor -o json'],
  })
    .addOption(outputOption(['table', 'json', 'yaml']))
    .action(async (_: unknown, command: Command) => {
      host.finish(await doctor(host, command.optsWithGlobals<Options>()));
    });
}

async function doctor({ terminal, page }: Host, options: Options): Promise<ExitCode> {
  demandLocation(options.desired);
  const interruption = listenForInterruption(terminal);
  const outcome = await interruption.race(gather(options, interruption.signal));
  if (outcome.kind === 'interrupted') return outcome.exitCode;
  const checks = hostChecks(outcome.value);
  if (options.output === 'table') page(checksText(checks, terminal.paint));
  else await printValue(terminal, { items: checks }, options.output);
  return checks.some(({ verdict }) => verdict === 'fail') ? exitCode.failed : exitCode.ok;
}

async function gather(options: Globals, signal: AbortSignal): Promise<DoctorFacts> {
  const [{ inspectHost, inspectReflinks, inspectSinks }, { inspectTree }] = await Promise.all([
    import('../wire/inspect-host.ts'),
    import('../wire/read-tree.ts'),
  ]);
  const [host, { desired, trouble }, state] = await Promise.all([
    inspectHost(signal),
    inspectTree(options.desired, signal),
    inspectState(resolve(options.state)),
  ]);
  const mayTry = desired?.settings.snapshots.driver === 'Reflink' && state.exists && state.writable;
  return {
    ...host,
    tree: { shown: shownLocation(options.desired), trouble },
    reflinks: mayTry ? await inspectReflinks(state.path) : undefined,
    wanted: desired === undefined ? defaults : wantedBy(desired),
    state,
    isRoot: process.getuid?.() === 0,
    sinks: await inspectSinks(desired?.settings.alerts.sinks ?? []),
  };
}

function wantedBy({ settings, warmApps }: Desired): DoctorFacts['wanted'] {
  const stateful = [...warmApps.values()].filter((app) => app.data === 'Stateful');
  return {
    proxyNetwork: settings.proxyNetwork,
    reserveBytes: settings.disk.reserveBytes,
    warnBelowBytes: settings.disk.warnBelowBytes,
    statefulStacks: stateful.map(({ stack }) => stack),
    hasStateful: stateful.length > 0,
  };
}

/** Touches nothing: a directory that is not there yet is judged by the nearest parent that is. */
async function inspectState(path: string): Promise<DoctorFacts['state']> {
  let nearest = path;
  while (!existsSync(nearest) && dirname(nearest) !== nearest) nearest = dirname(nearest);
  const writable = await access(nearest, constants.W_OK).then(
    () => true,
    () => false,
  );
  const freeBytes = await statfs(nearest).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => undefined,
  );
  return { path, exists: nearest === path, writable, freeBytes };
}

function checksText(checks: readonly HostCheck[], paint: Paint): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const lines = checks.flatMap(({ name, verdict, message, mend }) => [
    `${paint(verdict, tones[verdict])}${' '.repeat(VERDICT_WIDTH - verdict.length)}${name.padEnd(width)}   ${message}`,
    ...(mend === null ? [] : [`${' '.repeat(VERDICT_WIDTH + width)}   to mend it: ${mend}`]),
  ]);
  return `${lines.join('\n')}\n`;
}
