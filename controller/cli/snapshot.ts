/** `ci-warm snapshot list | verify | restore | drill`: the last-known-good copy of an app's data, and the way back to it. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { AppRecord } from '../model/record.ts';
import type { OpenState } from '../wire/open-state.ts';
import { timeoutOption } from './ask.ts';
import { askOrDo } from './ask-or-do.ts';
import { CliError } from './cli-error.ts';
import { exitCode, type ExitCode } from './exit-codes.ts';
import { declare, outputOption, type Globals, type Host } from './host.ts';
import { listenForInterruption } from './interruption.ts';
import { listOf, printValue, type Format } from './output.ts';
import { openStateOf } from './state.ts';
import { tellDamage } from './tell-damage.ts';
import { unknownApp } from './unknown-app.ts';

interface Options extends Globals {
  readonly output: Format;
  readonly yes?: boolean;
  /** In milliseconds. */
  readonly timeout: number;
}

export function declareSnapshot(host: Host): void {
  const snapshot = declare(host, {
    usage: 'snapshot',
    summary: 'look at snapshots, verify them, go back to one',
    description:
      'Each stateful app has one snapshot: its data as it was before its last upgrade, with the version that it belongs to.',
    examples: [
      'ci-warm snapshot list',
      'ci-warm snapshot verify guestbook',
      'ci-warm snapshot restore guestbook --yes',
      'ci-warm snapshot drill guestbook',
    ],
  });
  declareList(host, snapshot);
  declareVerify(host, snapshot);
  declareRestore(host, snapshot);
  declareDrill(host, snapshot);
}

function declareList(host: Host, parent: Command): void {
  declare(
    host,
    {
      usage: 'list [name]',
      summary: 'show snapshots',
      description:
        'Shows the snapshot of each app, or of one: what it holds and since when. Exits with 1 when one cannot be read, and says why.',
      examples: ['ci-warm snapshot list', 'ci-warm snapshot list guestbook -o json'],
    },
    parent,
  )
    .addOption(outputOption())
    .action(async (name: string | undefined, _: unknown, command: Command) => {
      host.finish(await list(host, name, command.optsWithGlobals<Options>()));
    });
}

function declareVerify(host: Host, parent: Command): void {
  declare(
    host,
    {
      usage: 'verify <name>',
      summary: 'read every byte of a snapshot',
      description:
        'Reads every byte of the snapshot and compares it with what its manifest says. Exits with 1 when it is damaged, and says which file is. Touches nothing, and needs no controller. One that runs is asked to tell damage: by an alert, and by the condition SnapshotValid.',
      examples: ['ci-warm snapshot verify guestbook'],
    },
    parent,
  ).action(async (name: string, _: unknown, command: Command) => {
    host.finish(await verify(host, name, command.optsWithGlobals<Options>()));
  });
}

function declareRestore(host: Host, parent: Command): void {
  declare(
    host,
    {
      usage: 'restore <name>',
      summary: 'go back to the snapshot and the version that it belongs to',
      description: [
        "Undeploys the app, puts the snapshot's data back, deploys the version that it belongs to and waits until that is healthy. What was written since the snapshot was taken is kept until then, and gone afterwards. The version that was left is quarantined, so that the app does not go there again by itself; ci-warm reconcile NAME --retry lifts that.",
        'Needs --yes; without it, says what would happen. A running controller does it; without one, this command does it itself. Exits with: 0 done, 5 the app could not be brought back and is undeployed, 1 nothing was touched, 3 it took longer than --timeout and goes on.',
      ].join('\n\n'),
      examples: [
        'ci-warm snapshot restore guestbook',
        'ci-warm snapshot restore guestbook --yes --timeout 10m',
      ],
    },
    parent,
  )
    .option('--yes', 'do it')
    .addOption(timeoutOption())
    .action(async (name: string, _: unknown, command: Command) => {
      host.finish(await restore(host, name, command.optsWithGlobals<Options>()));
    });
}

function declareDrill(host: Host, parent: Command): void {
  declare(
    host,
    {
      usage: 'drill <name>',
      summary: 'try beside the app whether its snapshot can be restored',
      description: [
        'Restores the snapshot into a place of its own, boots the version that it belongs to under another name, without published ports and away from the proxy, waits until it is healthy, and takes everything away again. The app, its volumes and its snapshot are not touched.',
        'The drill uses the secrets of the app, and can reach whatever the app can reach outside of the Swarm: an app that sends mail by itself may send some. A running controller does it; without one, this command does it itself. Exits with 0 when the snapshot could be restored, else with 1.',
      ].join('\n\n'),
      examples: ['ci-warm snapshot drill guestbook'],
    },
    parent,
  )
    .addOption(timeoutOption())
    .action(async (name: string, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      await recordOf(name, (await openStateOf(options, host.terminal)).store);
      host.finish(await askOrDo(host, { verb: 'drill', name }, options));
    });
}

async function list(
  { terminal }: Host,
  name: string | undefined,
  options: Options,
): Promise<ExitCode> {
  const { store } = await openStateOf(options, terminal);
  if (name !== undefined) await demandApp(name, store);
  const apps = name === undefined ? await store.apps() : [name];
  const [records, statuses] = await Promise.all([store.records(apps), store.readStatuses()]);
  const { listedSnapshot, snapshotTable, whyUnlisted } =
    await import('../report/snapshot-table.ts');
  const snapshots = [...records].flatMap(
    ([app, record]) => listedSnapshot(app, record, statuses) ?? [],
  );
  const damaged = [...records].flatMap(([app, record]) => {
    const why = whyUnlisted(record);
    return why === undefined ? [] : [`ci-warm: ${app}: ${why}`];
  });
  switch (options.output) {
    case 'json':
    case 'yaml':
      await printValue(terminal, listOf(snapshots), options.output);
      break;
    case 'name':
      terminal.out(snapshots.map((one) => `${one.name}\n`).join(''));
      break;
    case 'table':
    case 'wide': {
      if (snapshots.length === 0) {
        terminal.say('There is none: the first is taken by the first upgrade of a stateful app.');
        break;
      }
      const { renderTable } = await import('../report/table.ts');
      const table = snapshotTable(snapshots, { wide: options.output === 'wide' });
      terminal.out(renderTable(table, terminal.paint));
    }
  }
  for (const why of damaged) terminal.say(why);
  return damaged.length === 0 ? exitCode.ok : exitCode.failed;
}

async function verify(host: Host, name: string, options: Options): Promise<ExitCode> {
  const { terminal } = host;
  const { store } = await openStateOf(options, terminal);
  const { snapshot } = await recordOf(name, store);
  if (snapshot.known && snapshot.value === null) {
    throw new CliError(
      exitCode.failed,
      `${name} has no snapshot to verify: an upgrade of an app with data takes one`,
      'ci-warm snapshot list',
    );
  }
  const { verifySnapshot } = await import('../wire/verify-snapshot.ts');
  const interruption = listenForInterruption(terminal);
  const { signal } = interruption;
  const { id, problems } = await verifySnapshot(resolve(options.state), name, signal);
  for (const problem of problems) terminal.out(`${name}: ${problem}\n`);
  if (problems.length > 0) {
    terminal.say(
      `The snapshot of ${name} cannot be restored as it is. The next upgrade takes a new one.`,
    );
    const told = await interruption.race(tellDamage(host, name, options));
    return told.kind === 'done' ? exitCode.failed : told.exitCode;
  }
  terminal.say(`${name}: every byte of snapshot ${id} is as its manifest says.`);
  return exitCode.ok;
}

async function restore(host: Host, name: string, options: Options): Promise<ExitCode> {
  const { terminal } = host;
  const { store } = await openStateOf(options, terminal);
  const record = await recordOf(name, store);
  if (options.yes !== true) {
    terminal.say(whatWouldHappen(name, record));
    return exitCode.usage;
  }
  return await askOrDo(host, { verb: 'restore', name }, options);
}

function whatWouldHappen(name: string, { snapshot, lastGood }: AppRecord): string {
  if (!snapshot.known) return `Nothing would: ${snapshot.why}`;
  if (snapshot.value === null) return `Nothing would: ${name} has no snapshot.`;
  const { id, identity, takenAt } = snapshot.value;
  const from = lastGood === null ? 'what runs' : lastGood.version;
  return [
    `This would undeploy ${name} (${from}), put back its data as of ${takenAt} (snapshot ${id}), and deploy ${identity.version}, to which that data belongs.`,
    `What was written since ${takenAt} would be gone as soon as ${identity.version} is healthy.`,
    `Next: ci-warm snapshot restore ${name} --yes`,
  ].join('\n');
}

async function demandApp(name: string, store: OpenState['store']): Promise<void> {
  const apps = await store.apps();
  if (!apps.includes(name)) throw await unknownApp(name, apps, 'ci-warm snapshot list');
}

async function recordOf(name: string, store: OpenState['store']): Promise<AppRecord> {
  await demandApp(name, store);
  const record = (await store.records([name])).get(name);
  if (record?.known === true) return record.value;
  throw new CliError(exitCode.failed, `${name}: ${record?.why ?? 'its state was not read'}`);
}
