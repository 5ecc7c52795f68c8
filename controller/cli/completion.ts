/** `ci-warm completion SHELL`: the script by which a shell completes commands, options, kinds and names. */
import { Argument, type Command, type Option } from 'commander';
import { kinds } from '../model/desired.ts';
import type { Candidates, CompletedCommand, CompletedOption } from '../report/completion.ts';
import { exitCode, type ExitCode } from './exit-codes.ts';
import { declare, type Host } from './host.ts';

const kindNames = [...kinds.map((kind) => kind.toLowerCase()), 'all'];

const shells = ['bash', 'zsh', 'fish'] as const;

export function declareCompletion(host: Host): void {
  declare(host, {
    usage: 'completion',
    summary: 'show the completion script of a shell',
    description:
      'Shows the script by which a shell completes commands, options, kinds, and the names of apps and alerts. It looks into the state directory itself and starts no program, so it is quick. SHELL is bash (4 or later), zsh or fish.',
    examples: [
      'source <(ci-warm completion bash)',
      'ci-warm completion bash > /etc/bash_completion.d/ci-warm',
      'ci-warm completion zsh > "${fpath[1]}/_ci-warm"',
      'ci-warm completion fish > ~/.config/fish/completions/ci-warm.fish',
    ],
  })
    .addArgument(new Argument('<shell>', 'which shell').choices(shells))
    .action(async (shell: (typeof shells)[number]) => {
      host.finish(await completion(host, shell));
    });
}

async function completion(
  { program, terminal }: Host,
  shell: (typeof shells)[number],
): Promise<ExitCode> {
  const tree = {
    commands: commandsOf(program, await schemaNames()),
    globals: [...program.options.map(optionOf), help],
  };
  switch (shell) {
    case 'bash':
      terminal.out((await import('../report/completion-bash.ts')).bashCompletion(tree));
      break;
    case 'zsh':
      terminal.out((await import('../report/completion-zsh.ts')).zshCompletion(tree));
      break;
    case 'fish':
      terminal.out((await import('../report/completion-fish.ts')).fishCompletion(tree));
  }
  return exitCode.ok;
}

/** Commander has it in no list. */
const help: CompletedOption = {
  flags: ['-h', '--help'],
  description: 'display help for command',
  value: undefined,
};

async function schemaNames(): Promise<readonly string[]> {
  const { schemaCatalog } = await import('../spec/schema-catalog.ts');
  return schemaCatalog.map(({ name }) => name);
}

function commandsOf(
  parent: Command,
  schemas: readonly string[],
  above = '',
): readonly CompletedCommand[] {
  return parent.commands.flatMap((command) => {
    const path = above === '' ? command.name() : `${above} ${command.name()}`;
    const completed: CompletedCommand = {
      path,
      description: command.summary(),
      options: command.options.map(optionOf),
      arguments: command.registeredArguments.map((argument, index) =>
        path === 'schema' ? { from: 'words', words: schemas } : argumentOf(path, argument, index),
      ),
    };
    return [completed, ...commandsOf(command, schemas, path)];
  });
}

/** What an argument means is told by the word that stands for it in the help. */
function argumentOf(path: string, argument: Argument, index: number): Candidates {
  if (argument.argChoices !== undefined) return { from: 'words', words: argument.argChoices };
  switch (argument.name()) {
    case 'kind':
      return {
        from: path === 'describe' ? 'kinds-or-apps' : 'words',
        words: kindNames,
      };
    case 'name':
      return { from: index === 0 ? 'apps' : 'names' };
    case 'id':
      return { from: 'alerts' };
    case 'path':
      return { from: 'files' };
    case 'dir':
      return { from: 'directories' };
    default:
      return { from: 'nothing' };
  }
}

function optionOf(option: Option): CompletedOption {
  const flags = [option.short, option.long].filter((flag) => flag !== undefined);
  const takesValue = option.required || option.optional;
  return {
    flags,
    description: option.description,
    value: takesValue ? valueOf(option) : undefined,
  };
}

function valueOf(option: Option): Candidates {
  if (option.argChoices !== undefined) return { from: 'words', words: option.argChoices };
  const [, word = ''] = /[<[](\w+)/.exec(option.flags) ?? [];
  switch (word) {
    case 'name':
      return { from: 'apps' };
    case 'directory':
    case 'dir':
      return { from: 'directories' };
    case 'path':
    case 'file':
    case 'place':
      return { from: 'files' };
    default:
      return { from: 'nothing' };
  }
}
