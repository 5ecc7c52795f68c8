/** `ci-warm history NAME`: the transitions of one app, as its journal tells them. */
import type { Command } from 'commander';
import type { AppRecord } from '../model/record.ts';
import type { OpenState } from '../wire/open-state.ts';
import { CliError } from './cli-error.ts';
import { exitCode, type ExitCode } from './exit-codes.ts';
import { declare, outputOption, type Globals, type Host } from './host.ts';
import { listOf, printValue, type Format } from './output.ts';
import { openStateOf } from './state.ts';
import { unknownApp } from './unknown-app.ts';

interface Options extends Globals {
  readonly output: Format;
}

export function declareHistory(host: Host): void {
  declare(host, {
    usage: 'history <name>',
    summary: 'show what was done to an app',
    description:
      'Shows the transitions of an app, newest first: installs, upgrades, repairs, how each ended and why.',
    examples: ['ci-warm history guestbook', 'ci-warm history guestbook -o wide'],
  })
    .addOption(outputOption())
    .action(async (name: string, _: unknown, command: Command) => {
      host.finish(await history(host, name, command.optsWithGlobals<Options>()));
    });
}

async function history({ terminal }: Host, name: string, options: Options): Promise<ExitCode> {
  const state = await openStateOf(options, terminal);
  const record = await recordOf(state, name);
  if (options.output === 'json' || options.output === 'yaml') {
    const open = record.open.map(({ at, id, transition, phase, event }) => ({
      at,
      id,
      transition,
      phase,
      event,
    }));
    await printValue(terminal, listOf(record.history.toReversed(), { open }), options.output);
    return exitCode.ok;
  }
  if (options.output === 'name') {
    const ids = [...record.history, ...record.open.slice(0, 1)].map(({ id }) => `${id}\n`);
    terminal.out(ids.toReversed().join(''));
    return exitCode.ok;
  }
  if (record.history.length === 0 && record.open.length === 0) {
    terminal.say(`Nothing was done to ${name} yet.`);
    return exitCode.ok;
  }
  const { historyTable } = await import('../report/history-table.ts');
  const { renderTable } = await import('../report/table.ts');
  const table = historyTable(record, { wide: options.output === 'wide' });
  terminal.out(renderTable(table, terminal.paint));
  return exitCode.ok;
}

async function recordOf({ store }: OpenState, name: string): Promise<AppRecord> {
  const apps = await store.apps();
  if (!apps.includes(name)) {
    throw await unknownApp(name, apps);
  }
  const record = (await store.records([name])).get(name);
  if (record?.known === true) return record.value;
  throw new CliError(
    exitCode.failed,
    `the history of ${name} cannot be read: ${record?.why ?? 'it is not there'}`,
  );
}
