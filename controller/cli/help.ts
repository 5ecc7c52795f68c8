/** `ci-warm help [COMMAND…]`: the same as `--help`, for whoever types it in that order. */
import type { Command } from 'commander';
import { CliError } from './cli-error.ts';
import { exitCode } from './exit-codes.ts';
import { declare, type Host } from './host.ts';

export function declareHelp(host: Host): void {
  host.program.helpCommand(false);
  declare(host, {
    usage: 'help [command...]',
    summary: 'show the help of a command',
    description: 'Shows the help of a command, as --help does; without COMMAND that of ci-warm.',
    examples: ['ci-warm help', 'ci-warm help get', 'ci-warm help snapshot restore'],
  }).action(async (words: readonly string[]) => {
    const command = await findCommand(host.program, words);
    command.outputHelp();
    host.finish(exitCode.ok);
  });
}

async function findCommand(program: Command, words: readonly string[]): Promise<Command> {
  let found = program;
  for (const word of words) {
    const next = found.commands.find((command) => command.name() === word);
    if (next === undefined) throw await unknownCommand(found, word);
    found = next;
  }
  return found;
}

async function unknownCommand(parent: Command, word: string): Promise<CliError> {
  const { nearest } = await import('../spec/suggest.ts');
  const meant = nearest(
    word,
    parent.commands.map((command) => command.name()),
  );
  const path = parent.parent === null ? 'ci-warm' : `ci-warm ${parent.name()}`;
  return new CliError(
    exitCode.usage,
    `${path} has no command ${word}${meant === undefined ? '' : `; did you mean ${meant}?`}`,
    `${path} --help`,
  );
}
