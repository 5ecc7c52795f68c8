/** `ci-warm describe`: everything about one object on one page. */
import type { Command } from 'commander';
import { exitCode, type ExitCode } from './exit-codes.ts';
import { declare, outputOption, type Globals, type Host } from './host.ts';
import { printValue } from './output.ts';
import { readDescribed } from './read-described.ts';

interface Options extends Globals {
  readonly output: 'table' | 'json' | 'yaml';
}

export function declareDescribe(host: Host): void {
  declare(host, {
    usage: 'describe <kind> [name]',
    summary: 'show everything about one object',
    description:
      'Shows everything about one object on one page: what is written of it and where, its conditions and versions, what is held and why, its known-good, snapshot, volumes, last transitions and open alerts. KIND and NAME may be one word, KIND/NAME; an app needs no kind. What is written is shown where the tree of --desired is on this disk; of one in a repository what the controller applied last.',
    examples: [
      'ci-warm describe guestbook',
      'ci-warm describe recipe/guestbook',
      'ci-warm describe warmapp guestbook -o yaml',
    ],
  })
    .addOption(outputOption(['table', 'json', 'yaml']))
    .action(async (kind: string, name: string | undefined, _: unknown, command: Command) => {
      const words = name === undefined ? [kind] : [kind, name];
      host.finish(await describe(host, words, command.optsWithGlobals<Options>()));
    });
}

async function describe(host: Host, words: readonly string[], options: Options): Promise<ExitCode> {
  const described = await readDescribed(host, options, words);
  const { terminal, page } = host;
  if (options.output === 'table') {
    const { describeText } = await import('../report/describe-text.ts');
    page(describeText(described, terminal.paint));
  } else {
    const { describedJson } = await import('../report/described.ts');
    await printValue(terminal, describedJson(described), options.output);
  }
  return exitCode.ok;
}
