/**
 * From the change being written to the new version judged healthy, against the same steps by hand: remove and wait until
 * gone, `tar | zstd -1` with a sync, deploy, wait until the new version answers.
 *
 * Two equal apps, one for each, upgraded in turn, so that whatever else the machine does hits both.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { PACK_FLAGS } from '../../controller/adapters/snapshots/tools.ts';
import { eventually } from '../live/support/swarm.ts';
import { appText, type BenchWorld } from './bench-world.ts';
import { sources } from './programs.ts';
import { composeOf, PORT } from './recipes.ts';
import { median, type Row } from './row.ts';

const APP = 'ours';
const BY_HAND = 'hand';
const DATA_MIB = 100;
const ROUNDS = 7;
const TAGS = Array.from({ length: ROUNDS + 2 }, (_, index) => `1.0.${index}+1.0.0`);
const LIMIT = 1.1;
const UPGRADE_LIMIT_MS = 120_000;

/** Needs root, a Swarm and some minutes. */
export async function benchUpgrade(world: BenchWorld): Promise<Row[]> {
  world.recipe('web', { tags: TAGS, dataMiB: DATA_MIB });
  const [first = '', ...targets] = TAGS;
  world.settings('60s');
  writeApp(world, first);
  const once = world.controller(sources, ['--once']);
  if ((await once.ended) !== 0) throw new Error(`the app was not installed:\n${once.log()}`);
  const hand = await installByHand(world, first);
  const daemon = world.controller(sources, []);
  const pairs: Pair[] = [];
  try {
    for (const [round, target] of targets.entries()) {
      const ours = await upgradeOurs(world, target);
      const byHand = upgradeByHand(hand, target);
      // The first round warms caches and compiler.
      if (round > 0) pairs.push({ ours, byHand });
    }
  } finally {
    await daemon.stop();
  }
  return rowsOf(pairs);
}

interface Pair {
  readonly ours: Ours;
  /** Milliseconds, as is all below. */
  readonly byHand: Steps;
}

type Steps = Readonly<Record<string, number>>;

interface Ours {
  readonly totalMs: number;
  readonly steps: Steps;
}

function totalOf(steps: Steps): number {
  return Object.values(steps).reduce((sum, ms) => sum + ms, 0);
}

function rowsOf(pairs: readonly Pair[]): Row[] {
  const seconds = (of: (pair: Pair) => number): number => median(pairs.map(of)) / 1000;
  const steps = (of: (pair: Pair) => Steps): string =>
    Object.keys(pairs[0] === undefined ? {} : of(pairs[0]))
      .map((step) => `${step} ${seconds((pair) => of(pair)[step] ?? 0).toFixed(2)}`)
      .join(', ');
  process.stderr.write(`ours: ${steps(({ ours }) => ours.steps)}\n`);
  process.stderr.write(`by hand: ${steps(({ byHand }) => byHand)}\n`);
  return [
    {
      what: 'upgrade, from the change written to judged healthy: against by hand',
      figure: median(pairs.map(({ ours, byHand }) => ours.totalMs / totalOf(byHand))),
      unit: '×',
      limit: LIMIT,
      others: '1 by hand',
    },
    {
      what: `upgrade of an app with ${DATA_MIB} MiB of data (median of ${pairs.length})`,
      figure: seconds(({ ours }) => ours.totalMs),
      unit: 's',
      others: `${seconds(({ byHand }) => totalOf(byHand)).toFixed(2)} s by hand`,
    },
  ];
}

function writeApp(world: BenchWorld, version: string): void {
  world.write(`warm-apps/${APP}.yaml`, appText(APP, 'web', version, 'Stateful'));
}

interface JournalLine {
  readonly at: string;
  readonly phase: string;
  readonly event: string;
  readonly result?: { readonly kind: string };
}

async function upgradeOurs(world: BenchWorld, target: string): Promise<Ours> {
  const path = join(world.state, APP, 'journal.jsonl');
  const writtenMs = Date.now();
  writeApp(world, target);
  let lines: readonly JournalLine[] = [];
  await eventually(
    () => {
      lines = journalSince(path, writtenMs);
      return Promise.resolve(lines.some(({ phase }) => phase === 'end'));
    },
    `${APP} is at ${target}`,
    UPGRADE_LIMIT_MS,
  );
  const steps: Record<string, number> = {};
  let beforeMs = writtenMs;
  for (const { at, phase, event, result } of lines) {
    if (event === 'intent' && phase !== 'begin') continue;
    if (result !== undefined && result.kind !== 'ok')
      throw new Error(`${phase} of ${target} failed`);
    steps[phase === 'begin' ? 'notice' : phase] = Date.parse(at) - beforeMs;
    beforeMs = Date.parse(at);
    if (phase === 'judge') return { totalMs: beforeMs - writtenMs, steps };
  }
  throw new Error(`the journal tells of no judgement of ${target}`);
}

function journalSince(path: string, sinceMs: number): readonly JournalLine[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as JournalLine)
    .filter(({ at }) => Date.parse(at) >= sinceMs);
}

interface Hand {
  readonly folder: string;
  readonly stack: string;
}

const FUNCTIONS = `set -eu -o pipefail
stack=$1 folder=$2 version=$3
mine="label=com.docker.stack.namespace=$stack"
now() { date +%s%3N; }
serving() {
  container=$(docker ps -q --filter "$mine")
  [ -n "$container" ] || return 1
  sandbox=$(docker inspect -f '{{.NetworkSettings.SandboxID}}' "$container")
  address=$(docker network inspect docker_gwbridge \\
    -f "{{range .Containers}}{{if eq .Name \\"gateway_\${sandbox:0:12}\\"}}{{.IPv4Address}}{{end}}{{end}}")
  [ "$(curl -s -m 2 "http://\${address%/*}:${PORT}/version")" = "$version" ]
}
deploy() { docker stack deploy --resolve-image never -c "$folder/compose.yml" "$stack" > /dev/null 2>&1; }
`;

const INSTALL = `${FUNCTIONS}
docker volume create -d local -o type=none -o o=bind -o device="$folder/data" --label "\${mine#label=}" "\${stack}_data" > /dev/null
deploy
until serving; do sleep 0.1; done
`;

const UPGRADE = `${FUNCTIONS}
start=$(now)
docker service rm $(docker service ls -q --filter "$mine") > /dev/null
while [ -n "$(docker ps -aq --filter "$mine")" ]; do sleep 0.1; done
until docker network rm "\${stack}_internal" > /dev/null 2>&1; do sleep 0.1; done
gone=$(now)
tar -c ${PACK_FLAGS.map((flag) => `'${flag}'`).join(' ')} -C "$folder/data" . | zstd -q -1 > "$folder/data.tar.zst.new"
sync -f "$folder/data.tar.zst.new"
mv "$folder/data.tar.zst.new" "$folder/data.tar.zst"
saved=$(now)
deploy
deployed=$(now)
until serving; do sleep 0.1; done
echo $((gone - start)) $((saved - gone)) $((deployed - saved)) $(($(now) - deployed))
`;

async function installByHand(world: BenchWorld, version: string): Promise<Hand> {
  const hand = { folder: join(world.folder, 'by-hand'), stack: world.stackOf(BY_HAND) };
  const blob = join(hand.folder, 'data/blob');
  mkdirSync(join(hand.folder, 'data'), { recursive: true });
  shell(INSTALL, hand, version);
  await eventually(
    () => Promise.resolve(statSync(blob).size === DATA_MIB * 2 ** 20),
    'the volume is filled',
  );
  return hand;
}

function upgradeByHand(hand: Hand, version: string): Steps {
  const [undeploy = 0, snapshot = 0, deploy = 0, judge = 0] = shell(UPGRADE, hand, version)
    .trim()
    .split(' ')
    .map(Number);
  return { undeploy, snapshot, deploy, judge };
}

/** Writes what a person would have in the folder, and runs what a person would type. */
function shell(script: string, { folder, stack }: Hand, version: string): string {
  const compose = composeOf(version, DATA_MIB).replaceAll('${STACK_NAME}', stack);
  writeFileSync(
    join(folder, 'compose.yml'),
    compose.replace('  data:\n', `  data:\n    external: true\n    name: ${stack}_data\n`),
  );
  return execFileSync('bash', ['-c', script, 'bench', stack, folder, version], {
    encoding: 'utf8',
    timeout: UPGRADE_LIMIT_MS,
  });
}
