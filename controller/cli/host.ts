/**
 * What every subcommand is given and how it is declared: one shape of help, one way to say an error, and an exit code for
 * an answer. A subcommand's file declares it and loads what it needs only when it runs, so that help is quick.
 */
import { Option, type Command } from 'commander';
import { formats, type Format } from './output.ts';
import type { Terminal } from './terminal.ts';

/** The options that every command takes. */
export interface Globals {
  /** The state directory, as typed. */
  readonly state: string;
  /** The desired tree, as typed. */
  readonly desired: string;
  /** Of a repository, follow only commits with a good signature. */
  readonly desiredSigned?: boolean;
  readonly verbose?: boolean;
}

export interface Host {
  readonly program: Command;
  readonly terminal: Terminal;
  /** Milliseconds since 1970, for ages. */
  readonly now: () => number;
  /** A page for people on stdout: the commands that it names look at the places that were given, as those in talk do. */
  readonly page: (text: string) => void;
  /** The exit code that the command ended with. */
  readonly finish: (code: number) => void;
}

export interface Declaration {
  /** Name and arguments: `get <kind> [name]`. */
  readonly usage: string;
  /** A few words, for the list of commands. */
  readonly summary: string;
  /** Whole sentences, for the command's own help. */
  readonly description: string;
  readonly examples: readonly string[];
}

/** Declares a subcommand of `parent` with help that shows examples, and errors that name the next command. */
export function declare(host: Host, declaration: Declaration, parent = host.program): Command {
  const command = parent
    .command(declaration.usage)
    .summary(declaration.summary)
    .description(declaration.description);
  const examples = declaration.examples.map((example) => `  ${example}`).join('\n');
  command.addHelpText('after', `\nExamples:\n${examples}`);
  const path = parent === host.program ? command.name() : `${parent.name()} ${command.name()}`;
  return command.configureOutput({ outputError: usageError(`ci-warm ${path} --help`) });
}

/** How a mistake of usage is told: what is wrong, what was probably meant, and the help to read. */
export function usageError(next: string): (text: string, write: (text: string) => void) => void {
  return (text, write) => {
    const line = text
      .replace(/^error: /, '')
      .trim()
      .replaceAll(/\s*\n\s*/g, ' ');
    write(`ci-warm: ${line}\nNext: ${next}\n`);
  };
}

/** `-o`, with the formats that the command has. */
export function outputOption(some: readonly Format[] = formats): Option {
  return new Option('-o, --output <format>', 'how to print it').choices(some).default('table');
}
