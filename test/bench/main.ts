/**
 * `npm run bench [-- PART…]`: the figures that ci-warm promises, measured now on this machine, in one table.
 *
 * Parts: help validate gate idle memory upgrade snapshots; all of them unless told. A figure that misses its target is marked,
 * and the exit code stays 0: what a shared machine does today is no verdict on the program.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, release, tmpdir } from 'node:os';
import { join } from 'node:path';

import { makeBenchWorld, type BenchWorld } from './bench-world.ts';
import { benchGate } from './gate.ts';
import { benchHelp } from './help.ts';
import { benchIdle } from './idle.ts';
import { showTable, type Row } from './row.ts';
import { benchSnapshots } from './snapshots.ts';
import { benchUpgrade } from './upgrade.ts';
import { benchValidate } from './validate.ts';

const PARTS = ['help', 'validate', 'gate', 'idle', 'memory', 'upgrade', 'snapshots'] as const;
type Part = (typeof PARTS)[number];

const asked = process.argv.slice(2);
const unknown = asked.filter((one) => !PARTS.some((part) => part === one));
if (unknown.length > 0) {
  process.stderr.write(`there is no part ${unknown.join(', ')}; there are ${PARTS.join(' ')}\n`);
  process.exit(2);
}
const has = (part: Part): boolean => asked.length === 0 || asked.includes(part);

const undo = new Set<() => Promise<void>>();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    process.stderr.write('taking away what the bench made…\n');
    void Promise.allSettled([...undo].map((one) => one())).then(() => process.exit(130));
  });
}

async function inFolder(measure: (folder: string) => Row[]): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'ci-warm-bench-'));
  try {
    return await Promise.resolve(measure(folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function inWorld(measure: (world: BenchWorld) => Promise<Row[]>): Promise<Row[]> {
  const world = makeBenchWorld();
  undo.add(world.remove);
  try {
    return await measure(world);
  } finally {
    undo.delete(world.remove);
    await world.remove();
  }
}

async function snapshotRows(): Promise<Row[]> {
  return (await benchSnapshots()).map(({ name, ...row }) => ({ what: name, ...row }));
}

function load(): string {
  return loadavg()
    .map((average) => average.toFixed(1))
    .join(' ');
}

const before = load();
const rows: Row[] = [];
if (has('help')) rows.push(...(await inFolder(benchHelp)));
if (has('validate')) rows.push(...(await inFolder(benchValidate)));
if (has('gate')) rows.push(...(await inFolder(benchGate)));
if (has('idle') || has('memory')) {
  const parts = { idle: has('idle'), memory: has('memory') };
  rows.push(...(await inWorld((world) => benchIdle(parts, world))));
}
if (has('upgrade')) rows.push(...(await inWorld(benchUpgrade)));
if (has('snapshots')) rows.push(...(await snapshotRows()));

process.stdout.write(showTable(rows));
process.stdout.write(
  `\n${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Linux ${release()}, Node ${process.versions.node}; load before ${before}, after ${load()}\n`,
);
