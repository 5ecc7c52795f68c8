/** `ci-warm version`: which ci-warm this is, and what runs it. */
import type { Command } from 'commander';
import { exitCode, type ExitCode } from './exit-codes.ts';
import { declare, outputOption, type Globals, type Host } from './host.ts';
import { printValue } from './output.ts';

interface Options extends Globals {
  readonly output: 'table' | 'json' | 'yaml';
}

export function declareVersion(host: Host): void {
  declare(host, {
    usage: 'version',
    summary: 'show which version this is',
    description:
      'Shows the version of ci-warm, of its objects, and of the Node that runs it. --version and -V are the same.',
    examples: ['ci-warm version', 'ci-warm version -o json'],
  })
    .addOption(outputOption(['table', 'json', 'yaml']))
    .action(async (_: unknown, command: Command) => {
      host.finish(await version(host, command.optsWithGlobals<Options>()));
    });
}

async function version({ terminal }: Host, { output }: Options): Promise<ExitCode> {
  const { ownVersion } = await import('../wire/own-version.ts');
  const facts = {
    version: ownVersion(),
    apiVersion: 'ci-warm.dev/v1',
    node: process.versions.node,
  };
  if (output === 'table') {
    terminal.out(`ci-warm ${facts.version} (${facts.apiVersion}, Node ${facts.node})\n`);
  } else {
    await printValue(terminal, facts, output);
  }
  return exitCode.ok;
}
