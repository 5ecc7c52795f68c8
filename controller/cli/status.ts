/** `ci-warm status`: everything on one page, what needs a person first. */
import type { Command } from 'commander';
import { exitCode, type ExitCode } from './exit-codes.ts';
import { declare, outputOption, type Globals, type Host } from './host.ts';
import { listOf, printValue, type Format } from './output.ts';
import { codeOf, openStateOf, readController } from './state.ts';

interface Options extends Globals {
  readonly output: Format;
}

export function declareStatus(host: Host): void {
  declare(host, {
    usage: 'status',
    summary: 'show the state of everything on one page',
    description:
      'Shows every object, and in full what needs a person: why it is not ready, held or quarantined, and what to do.',
    examples: [
      'ci-warm status',
      'ci-warm status -o wide',
      'ci-warm status -o json | jq -r .summary',
    ],
  })
    .addOption(outputOption())
    .action(async (_: unknown, command: Command) => {
      host.finish(await status(host, command.optsWithGlobals<Options>()));
    });
}

async function status({ terminal, page, now }: Host, options: Options): Promise<ExitCode> {
  const state = await openStateOf(options, terminal);
  const [statuses, controller] = await Promise.all([
    state.store.readStatuses(),
    readController(options),
  ]);
  const { output } = options;
  const code = controller.known ? codeOf(state, isOfStatus) : exitCode.failed;
  if (output === 'name') {
    terminal.out(statuses.map(({ kind, name }) => `${kind.toLowerCase()}/${name}\n`).join(''));
    return code;
  }
  if (output === 'table' || output === 'wide') {
    const [{ overviewText }, { controllerLines }] = await Promise.all([
      import('../report/overview.ts'),
      import('../report/controller-line.ts'),
    ]);
    const lines = controllerLines(controller, now());
    page(overviewText(statuses, lines, { wide: output === 'wide', paint: terminal.paint }));
    return code;
  }
  const { summaryOf } = await import('../report/index-file.ts');
  const about = {
    summary: summaryOf(statuses),
    controller: (controller.known ? controller.value : null) ?? null,
  };
  await printValue(terminal, listOf(statuses, about), output);
  return code;
}

function isOfStatus(path: string): boolean {
  return path.startsWith('status/');
}
