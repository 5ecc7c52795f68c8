/** `ci-warm plan`: what the next pass would do and why, what it holds and why. Touches nothing. */
import type { Command } from 'commander';
import { demandLocation, demandTree, desiredFailure } from './desired-option.ts';
import { exitCode, type ExitCode } from './exit-codes.ts';
import { declare, outputOption, type Globals, type Host } from './host.ts';
import { listenForInterruption } from './interruption.ts';
import { printValue } from './output.ts';
import { tellWithoutState } from './state.ts';

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
  const next = 'ci-warm plan --desired PATH, with the directory that holds your YAML';
  demandLocation(options.desired, options.desiredSigned);
  demandTree(options.desired, 'desired tree', next);
  const { makePlan } = await import('../wire.ts');
  const interruption = listenForInterruption(terminal);
  const { desired, desiredSigned = false, state } = options;
  const { signal } = interruption;
  const made = makePlan({ desired, desiredSigned, state, signal }).catch((thrown: unknown) => {
    throw desiredFailure(thrown);
  });
  const answer = await interruption.race(made);
  if (answer.kind === 'interrupted') return answer.exitCode;
  const { planJson, planText } = await import('../report/plan-text.ts');
  const { plan: wanted, problems, stale, warnings } = answer.value;
  tellWithoutState(options, terminal);
  if (stale !== undefined) {
    terminal.say(
      `ci-warm: planned for what was applied last: ${stale.why}\nNext: ${stale.resolve}`,
    );
  }
  if (options.output === 'table') {
    terminal.out(planText(wanted, problems, { paint: terminal.paint, warnings }));
  } else {
    await printValue(terminal, planJson(wanted, problems, warnings), options.output);
  }
  return exitCode.ok;
}
