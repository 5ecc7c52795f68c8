/** `ci-warm plan`: what the next pass would do and why, what it holds and why. Touches nothing. */
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { CliError } from './cli-error.ts';
import { exitCode, type ExitCode } from './exit-codes.ts';
import { declare, outputOption, type Globals, type Host } from './host.ts';
import { listenForInterruption } from './interruption.ts';
import { printValue } from './output.ts';

interface Options extends Globals {
  readonly output: 'table' | 'json' | 'yaml';
}

export function declarePlan(host: Host): void {
  declare(host, {
    usage: 'plan',
    summary: 'show what the next pass would do, and why',
    description:
      'Looks at the desired tree, the recipes and the Swarm as a pass of the controller does, and shows what the pass would do. Nothing is touched, and a controller may run beside it. Exits with 0 whatever the plan is.',
    examples: ['ci-warm plan', 'ci-warm plan --desired ../other/desired', 'ci-warm plan -o json'],
  })
    .addOption(outputOption(['table', 'json', 'yaml']))
    .action(async (_: unknown, command: Command) => {
      host.finish(await plan(host, command.optsWithGlobals<Options>()));
    });
}

async function plan({ terminal }: Host, options: Options): Promise<ExitCode> {
  if (!existsSync(options.desired)) {
    throw new CliError(
      exitCode.usage,
      `there is no desired tree ${options.desired}`,
      'ci-warm plan --desired PATH, with the directory that holds your YAML',
    );
  }
  const { makePlan } = await import('../wire.ts');
  const interruption = listenForInterruption(terminal);
  const { desired, state } = options;
  const made = interruption.race(makePlan({ desired, state, signal: interruption.signal }));
  const answer = await made;
  if (answer.kind === 'interrupted') return answer.exitCode;
  const { planJson, planText } = await import('../report/plan-text.ts');
  const { plan: next, problems } = answer.value;
  if (options.output === 'table') terminal.out(planText(next, problems, terminal.paint));
  else await printValue(terminal, planJson(next, problems), options.output);
  return exitCode.ok;
}
