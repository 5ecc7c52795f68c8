/** `ci-warm diff NAME`: desired against observed, and the recipe between what runs and what is wanted. Touches nothing. */
import type { Command } from 'commander';
import { CliError } from './cli-error.ts';
import { demandTree, desiredFailure } from './desired-option.ts';
import { exitCode, type ExitCode } from './exit-codes.ts';
import { declare, outputOption, type Globals, type Host } from './host.ts';
import { listenForInterruption } from './interruption.ts';
import { printValue } from './output.ts';
import { tellWithoutState } from './state.ts';

interface Options extends Globals {
  readonly output: 'table' | 'json' | 'yaml';
}

export function declareDiff(host: Host): void {
  declare(host, {
    usage: 'diff <name>',
    summary: 'show what an app should be against what it is',
    description:
      'Compares a warm app as it is wanted with what it was proved good with and what runs: version, env, drift; and shows what the recipe changes between the two versions, also where the newer one is held. Nothing is touched. Exits with 1 when there is a difference, with 0 when there is none.',
    examples: ['ci-warm diff guestbook', 'ci-warm diff guestbook -o json'],
  })
    .addOption(outputOption(['table', 'json', 'yaml']))
    .action(async (name: string, _: unknown, command: Command) => {
      host.finish(await diff(host, name, command.optsWithGlobals<Options>()));
    });
}

async function diff({ terminal, page }: Host, name: string, options: Options): Promise<ExitCode> {
  const next = 'ci-warm diff NAME --desired PATH, with the directory that holds your YAML';
  demandTree(options.desired, 'desired tree', next);
  const { compareApp } = await import('../wire/compare-app.ts');
  const interruption = listenForInterruption(terminal);
  const { desired, desiredSigned = false, state } = options;
  const { signal } = interruption;
  const compared = compareApp({ desired, desiredSigned, state, signal, name }).catch(
    (thrown: unknown) => {
      throw desiredFailure(thrown);
    },
  );
  const answer = await interruption.race(compared);
  if (answer.kind === 'interrupted') return answer.exitCode;
  tellWithoutState(options, terminal);
  const comparison = answer.value;
  if (comparison.kind === 'no-app') {
    const known = comparison.names.join(', ');
    throw new CliError(
      exitCode.usage,
      `there is no warm app ${name} in ${options.desired}; there is ${known === '' ? 'none' : known}`,
      'ci-warm plan, for every object that there is',
    );
  }
  if (comparison.kind === 'unknown') {
    throw new CliError(
      exitCode.unreachable,
      `${name} cannot be compared: ${comparison.why}`,
      'ci-warm doctor',
    );
  }
  const { diffJson, diffText } = await import('../report/diff-text.ts');
  const isSame = comparison.diff.differences.length === 0;
  if (options.output !== 'table') {
    await printValue(terminal, diffJson(comparison), options.output);
  } else if (isSame) terminal.say(`${name} is as it should be.`);
  else page(diffText(comparison, terminal.paint));
  return isSame ? exitCode.ok : exitCode.failed;
}
