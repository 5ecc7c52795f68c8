/** `ci-warm prune`: what is kept of apps that nothing asks for any more, and its end. */
import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import type { Prunable } from '../report/prunable.ts';
import { timeoutOption } from './ask.ts';
import { askOrDo } from './ask-or-do.ts';
import { CliError } from './cli-error.ts';
import { exitCode, type ExitCode } from './exit-codes.ts';
import { declare, outputOption, type Globals, type Host } from './host.ts';
import { listenForInterruption } from './interruption.ts';
import { listOf, printValue, type Format } from './output.ts';
import { openStateOf } from './state.ts';
import { unknownApp } from './unknown-app.ts';

interface Options extends Globals {
  readonly output: Format;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  /** In milliseconds. */
  readonly timeout: number;
}

export function declarePrune(host: Host): void {
  declare(host, {
    usage: 'prune [name]',
    summary: 'see what may go, and take away a retired app for good',
    description: [
      'Without a name, lists what is kept of apps that nothing under desired/ asks for any more, what restores and rollbacks left beside the data of the others, and what each would free. Touches nothing.',
      'With a name and --yes, takes everything of a retired app away: its snapshot, what is left of its data, its secrets, configs and volumes in the Swarm that carry the labels of ci-warm, and its records. This cannot be undone. A running controller does it; without one, this command does it itself. An app that is wanted, or not retired yet, is refused.',
      'Without --yes it says what would go. Exits with: 0 done or listed, 2 --yes is missing, 1 refused, or not all of it is gone, 7 a transition of it is under way.',
    ].join('\n\n'),
    examples: [
      'ci-warm prune',
      'ci-warm prune guestbook --dry-run',
      'ci-warm prune guestbook --yes',
    ],
  })
    .option('--dry-run', 'only say what would go')
    .addOption(new Option('--yes', 'do it').conflicts('dryRun'))
    .addOption(timeoutOption())
    .addOption(outputOption())
    .action(async (name: string | undefined, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      host.finish(name === undefined ? await list(host, options) : await one(host, name, options));
    });
}

async function list({ terminal }: Host, options: Options): Promise<ExitCode> {
  if (options.yes === true) {
    throw new CliError(exitCode.usage, '--yes is for one app by name', 'ci-warm prune');
  }
  const { items, isWhole } = await look({ terminal }, undefined, options);
  const { prunableTable } = await import('../report/prunable.ts');
  switch (options.output) {
    case 'json':
    case 'yaml':
      await printValue(terminal, listOf(items), options.output);
      break;
    case 'name':
      terminal.out(items.map((item) => `${item.name}\n`).join(''));
      break;
    case 'table':
    case 'wide': {
      if (items.length === 0) {
        terminal.say(
          isWhole
            ? 'There is nothing: every app is wanted, and nothing is left over.'
            : 'There is nothing of the apps that could be read.',
        );
        break;
      }
      const { renderTable } = await import('../report/table.ts');
      const table = prunableTable(items, { wide: options.output === 'wide' });
      terminal.out(renderTable(table, terminal.paint));
    }
  }
  return isWhole ? exitCode.ok : exitCode.failed;
}

async function one(host: Host, name: string, options: Options): Promise<ExitCode> {
  const { terminal } = host;
  if (options.yes === true) {
    await needApp(host, name, options);
    return await askOrDo(host, { verb: 'prune', name }, options);
  }
  await needApp(host, name, options);
  const { items, isWhole } = await look(host, name, options);
  if (!isWhole) return exitCode.failed;
  const [item] = items;
  const { prunableText } = await import('../report/prunable.ts');
  const text = item === undefined ? `Nothing would go: ${name} is wanted.` : prunableText(item);
  if (options.dryRun === true) {
    if (options.output === 'json' || options.output === 'yaml') {
      await printValue(terminal, listOf(item === undefined ? [] : [item]), options.output);
    } else host.page(`${text}\n`);
    return exitCode.ok;
  }
  terminal.say(text);
  if (item?.state === 'retired') terminal.say(`Next: ci-warm prune ${name} --yes`);
  return exitCode.usage;
}

async function needApp({ terminal }: Host, name: string, options: Options): Promise<void> {
  const { store } = await openStateOf(options, terminal);
  const apps = await store.apps();
  if (!apps.includes(name)) throw await unknownApp(name, apps, 'ci-warm prune');
}

/** `isWhole`: every app that was asked for could be read; of the others, why not is said here. */
async function look(
  { terminal }: Pick<Host, 'terminal'>,
  name: string | undefined,
  options: Options,
): Promise<{ readonly items: readonly Prunable[]; readonly isWhole: boolean }> {
  const { store } = await openStateOf(options, terminal);
  const apps = name === undefined ? await store.apps() : [name];
  const [records, statuses] = await Promise.all([store.records(apps), store.readStatuses()]);
  const { inspectKept } = await import('../wire/inspect-kept.ts');
  const { signal } = listenForInterruption(terminal);
  const kept = await inspectKept(resolve(options.state), apps, signal);
  const { prunableOf } = await import('../report/prunable.ts');
  const items = [...records].flatMap(([app, record]) => {
    if (!record.known) {
      terminal.say(`ci-warm: ${app}: ${record.why}`);
      return [];
    }
    const status = statuses.find((one) => one.kind === 'WarmApp' && one.name === app);
    const data = kept.data.get(app) ?? [];
    return prunableOf(app, { record: record.value, status, data, swarm: kept.swarm }) ?? [];
  });
  return { items, isWhole: [...records.values()].every(({ known }) => known) };
}
