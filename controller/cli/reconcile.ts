/**
 * `ci-warm reconcile [NAME] [--retry]`: asks the running controller to look now, and waits for what comes of it. Without
 * a controller there is nobody to look; then `--retry` lifts the quarantine, which the next start finds.
 */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { parseAppName } from '../model/names.ts';
import { askController, sayAnswer, timeoutOption } from './ask.ts';
import { CliError } from './cli-error.ts';
import { exitCode, type ExitCode } from './exit-codes.ts';
import { declare, type Globals, type Host } from './host.ts';
import { openStateOf } from './state.ts';
import { unknownApp } from './unknown-app.ts';

interface Options extends Globals {
  readonly retry?: boolean;
  /** In milliseconds. */
  readonly timeout: number;
}

export function declareReconcile(host: Host): void {
  declare(host, {
    usage: 'reconcile [name]',
    summary: 'ask the running controller to look now, and wait for it',
    description: [
      'Asks the controller of this state directory to look at everything now. With the name of an app it waits until that app is at rest, and exits with: 0 it is as wanted, 5 an upgrade failed, 6 a gate holds it, 3 it took longer than --timeout, 1 anything else. Without a name it waits for one look, and exits with 1 when something is not ready.',
      'With --retry it lifts the quarantine of the app first and waits for no back-off: what failed is tried once more. Without a running controller, --retry lifts the quarantine and the next start tries; everything else exits with 4.',
    ].join('\n\n'),
    examples: [
      'ci-warm reconcile',
      'ci-warm reconcile guestbook --timeout 5m',
      'ci-warm reconcile guestbook --retry',
    ],
  })
    .option('--retry', 'lift the quarantine')
    .addOption(timeoutOption())
    .action(async (name: string | undefined, _: unknown, command: Command) => {
      host.finish(await reconcile(host, name ?? null, command.optsWithGlobals<Options>()));
    });
}

async function reconcile(
  { terminal }: Host,
  name: string | null,
  options: Options,
): Promise<ExitCode> {
  const retry = options.retry === true;
  if (retry && name === null) {
    throw new CliError(
      exitCode.usage,
      '--retry is about one app: name it',
      'ci-warm reconcile NAME --retry',
    );
  }
  if (name !== null && parseAppName(name) === undefined) {
    throw new CliError(exitCode.usage, `${name} is no name of an app`, 'ci-warm get warmapps');
  }
  const { store } = await openStateOf(options, terminal);
  const answer = await askController(options, { verb: 'reconcile', name, retry }, options.timeout);
  if (answer !== undefined) return sayAnswer(answer, terminal);
  if (name === null || !retry) {
    throw new CliError(
      exitCode.unreachable,
      `no controller answers for ${resolve(options.state)}`,
      'ci-warm controller, or ci-warm controller --once',
    );
  }
  const apps = await store.apps();
  if (!apps.includes(name)) throw await unknownApp(name, apps);
  const record = (await store.records([name])).get(name);
  if (record?.known === true && record.value.quarantine === null) {
    terminal.say(`Nothing of ${name} is quarantined.`);
    return exitCode.ok;
  }
  const { liftQuarantine } = await import('../wire/lift-quarantine.ts');
  await liftQuarantine(resolve(options.state), name);
  const what =
    record?.known === true ? record.value.quarantine?.version : 'what was quarantined of it';
  terminal.say(
    `${name}: ${what ?? 'it'} is no longer quarantined. No controller runs; the next start tries it.`,
  );
  return exitCode.ok;
}
