/** `ci-warm alerts` and `ci-warm alerts ack ID`: what people are told, and that they have read it. */
import type { Command } from 'commander';
import { exitCode, type ExitCode } from './exit-codes.ts';
import { declare, outputOption, type Globals, type Host } from './host.ts';
import { listOf, printValue, type Format } from './output.ts';
import { codeOf, openStateOf } from './state.ts';

interface Options extends Globals {
  readonly output: Format;
  readonly seen?: boolean;
}

export function declareAlerts(host: Host): void {
  const alerts = declare(host, {
    usage: 'alerts',
    summary: 'show alerts, and acknowledge them',
    description:
      'Shows the alerts that nobody has acknowledged yet and that wait for a sink, oldest first, and which sinks do not have them.',
    examples: [
      'ci-warm alerts',
      'ci-warm alerts -o yaml',
      'ci-warm alerts --seen',
      'ci-warm alerts ack 20261121T093000Z-guestbook-rollback',
    ],
  })
    .option('--seen', 'also those that were acknowledged or delivered')
    .addOption(outputOption())
    .action(async (_: unknown, command: Command) => {
      host.finish(await list(host, command.optsWithGlobals<Options>()));
    });
  declare(
    host,
    {
      usage: 'ack <id>',
      summary: 'acknowledge an alert',
      description:
        'Moves an alert to alerts/seen: it was read. No sink gets it any more, nor a reminder of it. ID is as ci-warm alerts shows it.',
      examples: [
        'ci-warm alerts ack 20261121T093000Z-guestbook-rollback',
        'ci-warm alerts -o name | xargs -n 1 ci-warm alerts ack',
      ],
    },
    alerts,
  ).action(async (id: string, _: unknown, command: Command) => {
    const state = await openStateOf(command.optsWithGlobals<Globals>(), host.terminal);
    await state.alerts.acknowledge(id);
    host.terminal.say(`Acknowledged ${id}.`);
    host.finish(exitCode.ok);
  });
}

async function list({ terminal }: Host, options: Options): Promise<ExitCode> {
  const state = await openStateOf(options, terminal);
  const all = await state.alerts.list();
  const alerts = all.filter(({ seen }) => options.seen === true || !seen);
  const outbox = await state.outbox.read();
  if (!outbox.known) terminal.say(`ci-warm: ${outbox.why}`);
  const deliveries = outbox.known ? outbox.value.deliveries : [];
  switch (options.output) {
    case 'json':
    case 'yaml': {
      const items = alerts.map(({ id, seen, alert }) => ({
        id,
        seen,
        ...alert,
        deliveries: deliveries.find((one) => one.id === id)?.sinks ?? [],
      }));
      await printValue(terminal, listOf(items), options.output);
      break;
    }
    case 'name':
      terminal.out(alerts.map(({ id }) => `${id}\n`).join(''));
      break;
    case 'table':
    case 'wide': {
      const { undeliveredLines } = await import('../report/undelivered.ts');
      const undelivered = undeliveredLines(deliveries);
      if (alerts.length === 0) {
        terminal.say(['There is none.', ...undelivered].join('\n'));
        break;
      }
      const { alertTable } = await import('../report/alert-table.ts');
      const { renderTable } = await import('../report/table.ts');
      const table = alertTable(alerts, { wide: options.output === 'wide' });
      terminal.out(renderTable(table, terminal.paint));
      for (const line of undelivered) terminal.say(line);
      terminal.say('In full: ci-warm alerts -o yaml. When read: ci-warm alerts ack ID.');
    }
  }
  if (!outbox.known) return exitCode.failed;
  return codeOf(state, (path) => options.seen === true || !path.startsWith('alerts/seen/'));
}
