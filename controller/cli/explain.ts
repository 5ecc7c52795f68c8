/** `ci-warm explain NAME`: why an object is as it is, from what the state directory remembers. */
import type { Command } from 'commander';
import { exitCode, type ExitCode } from './exit-codes.ts';
import { declare, outputOption, type Globals, type Host } from './host.ts';
import { printValue } from './output.ts';
import { readDescribed } from './read-described.ts';

interface Options extends Globals {
  readonly output: 'table' | 'json' | 'yaml';
}

export function declareExplain(host: Host): void {
  declare(host, {
    usage: 'explain <name>',
    summary: 'show why an app is as it is',
    description:
      'Shows each question that the controller asked of an app in its last pass, with the answer, the evidence, and what would change it: is it wanted, which version, what the gates said, what was tried, what it waits for. Works on the state directory alone. NAME may be KIND/NAME for any other object. What the next pass would do is said by ci-warm plan.',
    examples: [
      'ci-warm explain guestbook',
      'ci-warm explain recipe/guestbook',
      'ci-warm explain guestbook -o json | jq .waitsFor',
    ],
  })
    .addOption(outputOption(['table', 'json', 'yaml']))
    .action(async (name: string, _: unknown, command: Command) => {
      host.finish(await showWhy(host, name, command.optsWithGlobals<Options>()));
    });
}

async function showWhy(host: Host, name: string, options: Options): Promise<ExitCode> {
  const described = await readDescribed(host, options, [name]);
  const { terminal, page } = host;
  const { explain } = await import('../report/explain.ts');
  if (options.output === 'table') {
    const { explanationText } = await import('../report/explain-text.ts');
    page(explanationText(explain(described), terminal.paint));
  } else {
    await printValue(terminal, explain(described), options.output);
  }
  return exitCode.ok;
}
