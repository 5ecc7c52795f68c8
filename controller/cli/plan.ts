/**
 * `ci-warm plan`: what the next pass would do and why, what it holds and why. Touches nothing of what it looks at, and of
 * a recorded world it looks at nothing else.
 */
import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Option, type Command } from 'commander';
import type { RecordedWorld } from '../model/recorded-world.ts';
import type { MadePlan } from '../wire/make-plan.ts';
import { CliError } from './cli-error.ts';
import { demandLocation, demandTree, desiredFailure } from './desired-option.ts';
import { exitCode, type ExitCode } from './exit-codes.ts';
import { shellWord } from './hints.ts';
import { declare, outputOption, type Globals, type Host } from './host.ts';
import { listenForInterruption } from './interruption.ts';
import { printValue } from './output.ts';
import { tellWithoutState } from './state.ts';
import type { Terminal } from './terminal.ts';

interface Options extends Globals {
  readonly output: 'table' | 'json' | 'yaml';
  readonly against?: string;
  readonly record?: string;
}

export function declarePlan(host: Host): void {
  declare(host, {
    usage: 'plan',
    summary: 'show what the next pass would do, and why',
    description:
      'Looks at the desired tree, the recipes and the Swarm as a pass of the controller does, and shows what the pass would do. Nothing is touched, and a controller may run beside it. With --record, what it saw is written to a file; with --against, the tree is planned for by such a file alone, on any machine: what would a change of the tree do? Exits with 0 whatever the plan is.',
    examples: [
      'ci-warm plan',
      'ci-warm plan --desired ../other/desired',
      'ci-warm plan -o json',
      'ci-warm plan --record world.json',
      'ci-warm plan --against world.json --desired ./desired',
    ],
  })
    .addOption(outputOption(['table', 'json', 'yaml']))
    .addOption(
      new Option(
        '--against <file>',
        'plan for a recorded world: no Docker, no recipes, no state directory',
      ).conflicts('record'),
    )
    .option('--record <file>', 'write down what was seen, for --against')
    .action(async (_: unknown, command: Command) => {
      host.finish(await plan(host, command.optsWithGlobals<Options>()));
    });
}

async function plan({ terminal, page }: Host, options: Options): Promise<ExitCode> {
  const next = 'ci-warm plan --desired PATH, with the directory that holds your YAML';
  demandLocation(options.desired, options.desiredSigned);
  demandTree(options.desired, 'desired tree', next);
  if (options.record !== undefined) demandFile(options.record);
  const interruption = listenForInterruption(terminal);
  const { signal } = interruption;
  const made = make(options, terminal, signal).catch((thrown: unknown) => {
    throw desiredFailure(thrown);
  });
  const answer = await interruption.race(made);
  if (answer.kind === 'interrupted') return answer.exitCode;
  const { planJson, planText } = await import('../report/plan-text.ts');
  const { plan: wanted, problems, stale, warnings } = answer.value;
  if (options.against === undefined) tellWithoutState(options, terminal);
  if (stale !== undefined) {
    terminal.say(
      `ci-warm: planned for what was applied last: ${stale.why}\nNext: ${stale.resolve}`,
    );
  }
  if (options.output === 'table') {
    page(planText(wanted, problems, { paint: terminal.paint, warnings }));
  } else {
    await printValue(terminal, planJson(wanted, problems, warnings), options.output);
  }
  return exitCode.ok;
}

async function make(
  { desired, desiredSigned = false, state, against, record }: Options,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<MadePlan> {
  const tree = { desired, desiredSigned, signal };
  if (record === undefined && against === undefined) {
    const { makePlan } = await import('../wire/make-plan.ts');
    return await makePlan({ ...tree, state });
  }
  const { planAgainst, planAndRecord } = await import('../wire/recorded-world.ts');
  if (record !== undefined) {
    const { recorded, ...made } = await planAndRecord({ ...tree, state, file: record });
    terminal.say(`ci-warm: recorded to ${record}: ${contentOf(recorded)}`);
    return made;
  }
  const file = against ?? '';
  const answer = await planAgainst({ ...tree, file });
  if (answer.kind === 'unreadable') throw unusable(file, answer.problems);
  terminal.say(
    `ci-warm: planned against ${file}, the world of ${answer.world.recordedAt}: ${contentOf(answer.world)}`,
  );
  return answer.made;
}

/** Something that a file can be written to, before anything is asked: a look at a world may take a while. */
function demandFile(path: string): void {
  const isFolder = (at: string): boolean =>
    statSync(at, { throwIfNoEntry: false })?.isDirectory() === true;
  const next = 'ci-warm plan --record FILE, in a folder that is there';
  if (isFolder(path)) throw new CliError(exitCode.usage, `${path} is a directory`, next);
  if (isFolder(dirname(resolve(path)))) return;
  throw new CliError(exitCode.usage, `there is no directory ${dirname(path)}`, next);
}

/** How much there is, and what nobody knew then. */
function contentOf({ swarm, apps, records, recipes }: RecordedWorld): string {
  const unknown = [
    ...(swarm.known ? [] : ['the Swarm']),
    ...(apps.known ? [] : ['the state directory']),
    ...Object.entries(records).flatMap(([app, { known }]) =>
      known ? [] : [`the state of ${app}`],
    ),
    ...recipes.flatMap(({ name, view, files }) =>
      view.known && files.known ? [] : [`the recipe ${name}`],
    ),
  ];
  const counts = `${count(Object.keys(records).length, 'app')}, ${count(recipes.length, 'recipe')}`;
  return unknown.length === 0 ? counts : `${counts}; not known in it: ${unknown.join(', ')}`;
}

function count(many: number, what: string): string {
  return `${String(many)} ${what}${many === 1 ? '' : 's'}`;
}

function unusable(file: string, problems: readonly string[]): CliError {
  const [first = 'it is wrong'] = problems;
  const why =
    problems.length === 1
      ? `${file} cannot be planned against: ${first}`
      : `${file} cannot be planned against:\n${problems.map((one) => `  ${one}`).join('\n')}`;
  const next = `ci-warm plan --record ${shellWord(file)}, where the controller runs and with this version of ci-warm`;
  return new CliError(exitCode.usage, why, next);
}
