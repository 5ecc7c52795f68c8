/** From arguments to an exit code: declares every command, runs the one that was typed, and says what went wrong. */
import { Command, CommanderError, Option } from 'commander';
import { CiWarmError, reasonOf } from '../model/failure.ts';
import { declareAlerts } from './alerts.ts';
import { CliError } from './cli-error.ts';
import { declareCompletion } from './completion.ts';
import { declareController } from './controller.ts';
import { declareDescribe } from './describe.ts';
import { declareDiff } from './diff.ts';
import { declareDoctor } from './doctor.ts';
import { declareEvents } from './events.ts';
import { exitCode, exitCodeOf, type ExitCode } from './exit-codes.ts';
import { declareExplain } from './explain.ts';
import { declareGet } from './get.ts';
import { declareHelp } from './help.ts';
import { declareHistory } from './history.ts';
import { withPlaces, type GivenPlaces } from './hints.ts';
import { usageError, type Globals, type Host } from './host.ts';
import { declareInit } from './init.ts';
import { declarePlan } from './plan.ts';
import { declarePrune } from './prune.ts';
import { declareReconcile } from './reconcile.ts';
import { declareSchema } from './schema.ts';
import { declareSnapshot } from './snapshot.ts';
import { declareStatus } from './status.ts';
import type { Terminal } from './terminal.ts';
import { declareValidate } from './validate.ts';
import { declareVersion } from './version.ts';

export interface RunOptions {
  /** Without the program and its script. */
  readonly args: readonly string[];
  readonly terminal: Terminal;
  /** Root keeps its state under /var/lib, everybody else where they are. */
  readonly isRoot: boolean;
  /** Milliseconds since 1970, for ages. */
  readonly now: () => number;
  /** Show stacks whatever the arguments say. */
  readonly isDebugging: boolean;
}

const examples = `Examples:
  ci-warm init && ci-warm validate
  ci-warm plan
  ci-warm controller
  ci-warm status
  ci-warm explain guestbook`;

/** The table of docs/cli.md, in short. */
const exitCodes = `Exit codes:
  0 done   1 failed (diff: differences)   2 usage, or invalid input
  3 a wait timed out   4 controller, Docker or state directory not there
  5 a run or upgrade ended unsuccessful   6 held by a gate
  7 busy: another controller holds the state directory or the lease
  130, 143 stopped by SIGINT, SIGTERM`;

/** Never throws: what goes wrong is said on stderr, and told by the exit code. */
export async function runCli(options: RunOptions): Promise<number> {
  let code: number = exitCode.ok;
  const program = createProgram(options, (finished) => {
    code = finished;
  });
  try {
    await program.parseAsync(versionAsCommand(options.args), { from: 'user' });
    return code;
  } catch (thrown) {
    const { verbose } = program.opts<Globals>();
    return tell(
      thrown,
      hinting(program, options.terminal),
      verbose === true || options.isDebugging,
    );
  }
}

/** What people type to any program to learn which one it is. As with --help, nothing else of the line is done then. */
function versionAsCommand(args: readonly string[]): readonly string[] {
  const [first, ...rest] = args;
  if (first !== undefined && asksForVersion(first)) return ['version', ...rest];
  return args.some(asksForVersion) ? ['version'] : args;
}

function asksForVersion(argument: string): boolean {
  return argument === '--version' || argument === '-V';
}

function createProgram(options: RunOptions, finish: (code: number) => void): Command {
  const { terminal, isRoot, now } = options;
  const program = new Command('ci-warm')
    .description(
      'Keeps apps warm on Docker Swarm, upgrades them only when it is safe, and brings version and data back when they are not healthy.',
    )
    .option(
      '--desired <place>',
      'the tree of YAML that says what is wanted: a directory, or git+<url>#<branch>:<folder>',
      './desired',
    )
    .option('--desired-signed', 'of a repository, follow only commits with a good signature')
    .addOption(
      new Option('--state <directory>', 'where the controller keeps its state').default(
        isRoot ? '/var/lib/ci-warm' : './.ci-warm',
        '/var/lib/ci-warm as root, else ./.ci-warm',
      ),
    )
    .option('--verbose', 'show the stack of an unexpected error')
    .option('-V, --version', 'show which version this is')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: terminal.out,
      getOutHelpWidth: () => terminal.columns,
      getErrHelpWidth: () => terminal.columns,
      writeErr: (text) => terminal.say(text.trimEnd()),
      outputError: usageError('ci-warm --help'),
    })
    .addHelpText('after', `\n${examples}\n\n${exitCodes}`)
    .exitOverride();
  const page = (text: string): void => terminal.out(withPlaces(text, placesOf(program)));
  const host: Host = { program, terminal: hinting(program, terminal), page, now, finish };
  for (const declareOne of [
    declareController,
    declareValidate,
    declarePlan,
    declareDiff,
    declareGet,
    declareDescribe,
    declareExplain,
    declareStatus,
    declareHistory,
    declareEvents,
    declareAlerts,
    declareReconcile,
    declareSnapshot,
    declarePrune,
    declareDoctor,
    declareSchema,
    declareInit,
    declareCompletion,
    declareVersion,
    declareHelp,
  ]) {
    declareOne(host);
  }
  return program;
}

/** Talk that names commands names them as they have to be typed here. */
function hinting(program: Command, terminal: Terminal): Terminal {
  return { ...terminal, say: (text) => terminal.say(withPlaces(text, placesOf(program))) };
}

/** Only what is not so without being typed. */
function placesOf(program: Command): GivenPlaces {
  const given = Object.entries(program.opts<Globals>()).filter(
    ([name]) => program.getOptionValueSource(name) === 'cli',
  );
  return Object.fromEntries(given);
}

function tell(thrown: unknown, terminal: Terminal, withStack: boolean): ExitCode {
  if (thrown instanceof CommanderError) {
    // Commander has printed the help, or what was wrong with the arguments.
    return thrown.exitCode === 0 ? exitCode.ok : exitCode.usage;
  }
  const isExpected = thrown instanceof CliError || thrown instanceof CiWarmError;
  terminal.say(
    isExpected
      ? `ci-warm: ${thrown.message}`
      : `ci-warm: something unexpected went wrong: ${reasonOf(thrown)}`,
  );
  if (thrown instanceof CliError && thrown.next !== undefined) {
    terminal.say(`Next: ${thrown.next}`);
  }
  if (withStack && thrown instanceof Error) terminal.say(thrown.stack ?? '');
  else if (!isExpected) terminal.say('Next: the same with --verbose shows where.');
  if (thrown instanceof CliError) return thrown.exitCode;
  return thrown instanceof CiWarmError ? exitCodeOf(thrown.code) : exitCode.failed;
}
