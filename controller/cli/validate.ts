/** `ci-warm validate [PATH]`: every problem of a desired tree at once, without a controller and without Docker. */
import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { isDesiredName } from '../model/desired-file.ts';
import { isGitLocation, shownLocation } from '../model/desired-location.ts';
import type { SpecProblem } from '../model/spec-problem.ts';
import { CliError } from './cli-error.ts';
import { demandTree, desiredFailure } from './desired-option.ts';
import { exitCode, type ExitCode } from './exit-codes.ts';
import { declare, outputOption, type Globals, type Host } from './host.ts';
import { listenForInterruption } from './interruption.ts';
import { printValue } from './output.ts';

interface Options extends Globals {
  readonly output: 'table' | 'json' | 'yaml';
}

export function declareValidate(host: Host): void {
  declare(host, {
    usage: 'validate [path]',
    summary: 'show every problem of a desired tree',
    description:
      'Reads a desired tree, or one file of it, or a tree in a git repository, and shows every problem with its place, its line and what to do. Without PATH it reads the tree of --desired. What is right and may not be meant is a warning on stderr. Exits with 2 when there is a problem, whatever warnings there are.',
    examples: [
      'ci-warm validate',
      'ci-warm validate desired/warm-apps/guestbook.yaml',
      'ci-warm validate git+https://git.example.org/ops.git#main:desired',
      'ci-warm validate -o json',
    ],
  })
    .addOption(outputOption(['table', 'json', 'yaml']))
    .action(async (path: string | undefined, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      host.finish(await validate(host, path ?? options.desired, options));
    });
}

async function validate(host: Host, path: string, options: Options): Promise<ExitCode> {
  demandTree(
    path,
    'file or directory',
    'ci-warm validate PATH, with the directory that holds your YAML',
  );
  const isTree = isGitLocation(path) || statSync(path).isDirectory();
  const interruption = listenForInterruption(host.terminal, true);
  const { signal } = interruption;
  const judged = isTree ? judgeTree(path, signal) : judgeFile(path, signal);
  const answer = await interruption.race(judged);
  if (answer.kind === 'interrupted') return answer.exitCode;
  const { problems } = answer.value;
  await print(host, shownLocation(path), answer.value, options);
  return problems.length === 0 ? exitCode.ok : exitCode.usage;
}

interface Judged {
  readonly problems: readonly SpecProblem[];
  readonly warnings: readonly SpecProblem[];
}

async function judgeTree(tree: string, signal: AbortSignal): Promise<Judged> {
  const { validateTree } = await import('../wire/read-tree.ts');
  try {
    return await validateTree(tree, signal);
  } catch (thrown) {
    throw desiredFailure(thrown);
  }
}

/**
 * One file is judged as a part of its tree, since an app is right only beside its recipe: the tree is the nearest folder
 * above that has a settings.yaml, else the file's own folder.
 */
async function judgeFile(file: string, signal: AbortSignal): Promise<Judged> {
  const own = resolve(file);
  if (!isDesiredName(basename(own))) {
    throw new CliError(
      exitCode.usage,
      `${file} is no file of a desired tree: their names end in .yaml or .yml, and do not begin with a dot`,
      'ci-warm validate PATH, with the directory that holds your YAML',
    );
  }
  let folder = dirname(own);
  while (!existsSync(join(folder, 'settings.yaml')) && dirname(folder) !== folder) {
    folder = dirname(folder);
  }
  const tree = existsSync(join(folder, 'settings.yaml')) ? folder : dirname(own);
  const { problems, warnings } = await judgeTree(tree, signal);
  const ofFile = (found: readonly SpecProblem[]): readonly SpecProblem[] =>
    found
      .filter((problem) => resolve(problem.file) === own)
      .map((problem) => ({ ...problem, file }));
  return { problems: ofFile(problems), warnings: ofFile(warnings) };
}

async function print(
  { terminal }: Host,
  path: string,
  { problems, warnings }: Judged,
  { output }: Options,
): Promise<void> {
  const { problemToJson, renderProblem } = await import('../spec/problem.ts');
  if (output !== 'table') {
    const items = problems.map(problemToJson);
    await printValue(terminal, { items, warnings: warnings.map(problemToJson) }, output);
    return;
  }
  terminal.out(problems.map((problem) => `${renderProblem(problem)}\n`).join('\n'));
  for (const warning of warnings) {
    const message = `warning: ${warning.message}`;
    terminal.say(renderProblem({ ...warning, message }));
  }
  const { count } = await import('../report/text.ts');
  terminal.say(
    problems.length === 0
      ? `${path}: no problem found.`
      : `${path}: ${count(problems.length, 'problem')}.`,
  );
}
