/**
 * A pass with nothing to change over 50 apps that really run: calls to the Engine, writes, CPU, and the memory that the
 * daemon holds. The whole daemon is measured from outside, its timers and its listening included.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';

import { appText, type BenchWorld } from './bench-world.ts';
import { changesBetween, stampsOf } from './changes.ts';
import { openEngineCounter, type EngineCounter } from './engine-counter.ts';
import { cpuMsOf, residentMiBOf } from './process-time.ts';
import { build, sources, type ProgramForm } from './programs.ts';
import type { Row } from './row.ts';

const APPS = 50;
/** Apps share a recipe by fives, as they do on a host with several instances of the popular ones. */
const RECIPES = 10;
const TAGS = ['1.0.0+1.0.0', '1.0.1+1.0.0', '1.1.0+1.1.0'];
/** What others take, measured the same way on another day; see docs/performance.md. */
const PEERS = {
  cpu: 'doco-cd 333 ms, SwarmCD 616 ms',
  calls: 'doco-cd 53, SwarmCD 250',
  memory: 'doco-cd 104 MiB, SwarmCD 43 MiB (both Go)',
  install: 'docker stack deploy in a loop 20.7 s, SwarmCD 21.8 s, doco-cd 79 s',
};

const WARM_PASSES = 60;
const PASSES = 60;
const PASS_LIMIT_MS = 300_000;

export interface IdleParts {
  readonly idle: boolean;
  readonly memory: boolean;
}

/** Needs root, a Swarm and some minutes. */
export async function benchIdle({ idle, memory }: IdleParts, world: BenchWorld): Promise<Row[]> {
  for (let index = 0; index < RECIPES; index += 1) world.recipe(`recipe${index}`, { tags: TAGS });
  for (let index = 0; index < APPS; index += 1) {
    const name = `app${String(index).padStart(2, '0')}`;
    const recipe = `recipe${index % RECIPES}`;
    world.write(`warm-apps/${name}.yaml`, appText(name, recipe, 'latest', 'Stateless'));
  }
  world.settings('1s');
  const installMs = await install(world);
  const rows: Row[] = idle
    ? [
        {
          what: `first install of ${APPS} apps, all healthy`,
          figure: installMs / 1000,
          unit: 's',
          others: PEERS.install,
        },
      ]
    : [];
  for (const program of [sources, build(join(world.folder, 'package'))]) {
    const seen = await watchIdle(world, program);
    if (idle) rows.push(...idleRows(program, seen));
    if (memory) rows.push(memoryRow(program, seen));
  }
  return rows;
}

async function install(world: BenchWorld): Promise<number> {
  const begin = performance.now();
  const once = world.controller(sources, ['--once']);
  const code = await once.ended;
  if (code !== 0) throw new Error(`installing the apps ended with ${code}:\n${once.log()}`);
  return performance.now() - begin;
}

interface Seen {
  readonly passes: number;
  readonly cpuMs: number;
  readonly calls: number;
  readonly changingCalls: number;
  readonly renewals: number;
  readonly written: readonly string[];
  readonly residentMiB: number;
}

/** The lease is renewed by the clock, whatever passes there are. */
function isRenewal(call: string): boolean {
  return /^POST \/configs\/[^/]+\/update$/.test(call);
}

async function watchIdle(world: BenchWorld, program: ProgramForm): Promise<Seen> {
  const counter = await openEngineCounter(join(world.folder, `engine-${program.name}`));
  const daemon = world.controller(program, [], counter.address);
  try {
    await passes(counter, WARM_PASSES);
    const looked = [world.desired, world.state, world.recipes];
    const before = stampsOf(looked);
    const callsBefore = counter.calls().length;
    const passesBefore = passesIn(counter);
    const cpuBefore = cpuMsOf(daemon.pid);
    await passes(counter, passesBefore + PASSES);
    const cpuMs = cpuMsOf(daemon.pid) - cpuBefore;
    const calls = counter.calls().slice(callsBefore);
    return {
      passes: passesIn(counter) - passesBefore,
      cpuMs,
      calls: calls.length,
      changingCalls: calls.filter((call) => !call.startsWith('GET ') && !isRenewal(call)).length,
      renewals: calls.filter(isRenewal).length,
      written: changesBetween(before, stampsOf(looked)).map((path) =>
        path.slice(world.folder.length + 1),
      ),
      residentMiB: residentMiBOf(daemon.pid),
    };
  } finally {
    await daemon.stop();
    counter.close();
  }
}

/** Every look at the world lists the services once. */
function passesIn(counter: EngineCounter): number {
  return counter.calls().filter((call) => call === 'GET /services').length;
}

/** Waits until there were so many, and the last is over. */
async function passes(counter: EngineCounter, count: number): Promise<void> {
  const deadline = Date.now() + PASS_LIMIT_MS;
  while (passesIn(counter) < count) {
    if (Date.now() > deadline) throw new Error(`not ${count} passes within ${PASS_LIMIT_MS} ms`);
    await sleep(20);
  }
  await sleep(500);
}

/** The folder changes with the file in it, which is replaced by rename. */
const MAY_BE_WRITTEN = new Set(['state/status', 'state/status/controller.json']);

function idleRows({ name }: ProgramForm, seen: Seen): Row[] {
  const others = seen.written.filter((path) => !MAY_BE_WRITTEN.has(path));
  if (others.length > 0) process.stderr.write(`written in idle passes: ${others.join(', ')}\n`);
  return [
    {
      what: `idle pass over ${APPS} apps: CPU (${name})`,
      figure: seen.cpuMs / seen.passes,
      unit: 'ms',
      limit: 35,
      others: PEERS.cpu,
    },
    {
      what: `idle pass over ${APPS} apps: Engine calls (${name})`,
      figure: seen.calls / seen.passes,
      unit: '',
      limit: 10,
      others: PEERS.calls,
    },
    {
      what: `${seen.passes} idle passes: renewals of the lease, one in 20 s (${name})`,
      figure: seen.renewals,
      unit: '',
    },
    {
      what: `${seen.passes} idle passes: Engine calls that change something but the lease (${name})`,
      figure: seen.changingCalls,
      unit: '',
      limit: 0,
      others: 'doco-cd 0, SwarmCD one a service and pass',
    },
    {
      what: `${seen.passes} idle passes: files written but status/controller.json (${name})`,
      figure: others.length,
      unit: '',
      limit: 0,
    },
  ];
}

/** From sources it is told for comparison: a service runs what was built. */
function memoryRow({ name }: ProgramForm, { residentMiB }: Seen): Row {
  const row = {
    what: `controller over ${APPS} apps: resident memory (${name})`,
    figure: residentMiB,
    unit: 'MiB',
    others: PEERS.memory,
  };
  return name === 'built' ? { ...row, limit: 120 } : row;
}
