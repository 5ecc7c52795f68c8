/** `ci-warm init [DIR]`: a desired tree to begin with. Never changes a file that is there. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Command } from 'commander';
import { isDesiredName } from '../model/desired-file.ts';
import { reasonOf } from '../model/failure.ts';
import { CliError } from './cli-error.ts';
import { exitCode, type ExitCode } from './exit-codes.ts';
import { shellWord } from './hints.ts';
import { declare, type Globals, type Host } from './host.ts';

export function declareInit(host: Host): void {
  declare(host, {
    usage: 'init [dir]',
    summary: 'write a desired tree to begin with',
    description:
      'Writes a small valid desired tree: settings, one recipe and one warm app, with a word on each field. Without DIR it writes the tree of --desired. A directory that holds YAML already is left as it is.',
    examples: ['ci-warm init', 'ci-warm init ./desired && ci-warm validate ./desired'],
  }).action(async (dir: string | undefined, _: unknown, command: Command) => {
    host.finish(await init(host, dir ?? command.optsWithGlobals<Globals>().desired));
  });
}

async function init({ terminal }: Host, directory: string): Promise<ExitCode> {
  const there = yamlIn(directory);
  if (there !== undefined) {
    throw new CliError(
      exitCode.usage,
      `${directory} is a desired tree already: there is ${there}; nothing was written`,
      `ci-warm validate ${shellWord(directory)}`,
    );
  }
  const { writeStarterTree } = await import('../wire/write-starter-tree.ts');
  for (const path of await writeStarterTree(directory)) {
    terminal.out(`${join(directory, path)}\n`);
  }
  const word = shellWord(directory);
  const desired = directory === './desired' ? '' : ` --desired ${word}`;
  terminal.say(
    [
      'Next:',
      `  put your own domain in ${join(directory, 'settings.yaml')}`,
      `  ci-warm validate ${word}`,
      `  ci-warm doctor${desired}`,
      `  ci-warm plan${desired}`,
    ].join('\n'),
  );
  return exitCode.ok;
}

/** A YAML file of the tree, or undefined where there is none. Throws where the directory is none, or cannot be read. */
function yamlIn(directory: string): string | undefined {
  if (!existsSync(directory)) return undefined;
  try {
    return readdirSync(directory, { recursive: true, encoding: 'utf8' }).find(
      (path) => isDesiredName(basename(path)) && !/(?:^|\/)\./.test(path),
    );
  } catch (thrown) {
    throw new CliError(
      exitCode.usage,
      `${directory} cannot be used as a desired tree: ${reasonOf(thrown)}`,
      'ci-warm init DIR, with a directory that is empty or not there yet',
    );
  }
}
