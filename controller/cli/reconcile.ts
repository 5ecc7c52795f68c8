/**
 * `ci-warm reconcile NAME --retry`: lifts a quarantine. The file is the quarantine, so removing it is the whole of it, and
 * is safe beside a running controller, which looks for the file anew in each pass.
 */
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { CliError } from './cli-error.ts';
import { exitCode, type ExitCode } from './exit-codes.ts';
import { declare, type Globals, type Host } from './host.ts';
import { openStateOf } from './state.ts';

interface Options extends Globals {
  readonly retry?: boolean;
}

export function declareReconcile(host: Host): void {
  declare(host, {
    usage: 'reconcile <name>',
    summary: 'lift the quarantine of an app',
    description:
      'With --retry, lifts the quarantine of an app: the version that failed is tried once more in the next pass. Without it there is nothing to do: a controller looks by itself.',
    examples: ['ci-warm reconcile guestbook --retry'],
  })
    .option('--retry', 'lift the quarantine')
    .action(async (name: string, _: unknown, command: Command) => {
      host.finish(await reconcile(host, name, command.optsWithGlobals<Options>()));
    });
}

async function reconcile({ terminal }: Host, name: string, options: Options): Promise<ExitCode> {
  if (options.retry !== true) {
    throw new CliError(
      exitCode.usage,
      'a controller looks by itself at every change, and at least once a minute; what this command does is --retry',
      `ci-warm reconcile ${name} --retry`,
    );
  }
  const { store } = await openStateOf(options, terminal);
  if (!(await store.apps()).includes(name)) {
    throw new CliError(
      exitCode.failed,
      `nothing is known of an app ${name}`,
      'ci-warm get warmapps',
    );
  }
  const record = (await store.records([name])).get(name);
  const quarantine = record?.known === true ? record.value.quarantine : null;
  if (record?.known === true && quarantine === null) {
    terminal.say(`Nothing of ${name} is quarantined.`);
    return exitCode.ok;
  }
  await rm(join(resolve(options.state), name, 'quarantine.json'), { force: true });
  terminal.say(
    `${quarantine?.version ?? 'What was quarantined'} is no longer quarantined; the next pass of a controller tries it.`,
  );
  return exitCode.ok;
}
