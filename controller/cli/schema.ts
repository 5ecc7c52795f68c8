/** `ci-warm schema [KIND]`: the JSON Schema of what people write and of what the controller writes. */
import type { Command } from 'commander';
import { CliError } from './cli-error.ts';
import { exitCode, type ExitCode } from './exit-codes.ts';
import { declare, outputOption, type Globals, type Host } from './host.ts';
import { listOf, printValue } from './output.ts';

interface Options extends Globals {
  readonly output: 'table' | 'json' | 'yaml' | 'name';
}

export function declareSchema(host: Host): void {
  declare(host, {
    usage: 'schema [kind]',
    summary: 'show the JSON Schema of a kind',
    description:
      'Shows the JSON Schema of a kind of object that people write, or of a file that the controller writes, in one piece: editors and validators need nothing else. Without KIND it lists what there is.',
    examples: [
      'ci-warm schema',
      'ci-warm schema WarmApp > warm-app.schema.json',
      'ci-warm schema object-status -o yaml',
    ],
  })
    .addOption(outputOption(['table', 'json', 'yaml', 'name']))
    .action(async (kind: string | undefined, _: unknown, command: Command) => {
      const { output } = command.optsWithGlobals<Options>();
      host.finish(kind === undefined ? await list(host, output) : await one(host, kind, output));
    });
}

async function list({ terminal }: Host, output: Options['output']): Promise<ExitCode> {
  const { schemaCatalog } = await import('../spec/schema-catalog.ts');
  const items = schemaCatalog.map(({ name, of, schema }) => ({
    name,
    of,
    id: schema.$id,
    description: schema.description,
  }));
  if (output === 'json' || output === 'yaml') {
    await printValue(terminal, listOf(items), output);
  } else if (output === 'name') {
    terminal.out(items.map(({ name }) => `${name}\n`).join(''));
  } else {
    const { renderTable } = await import('../report/table.ts');
    const rows = items.map(({ name, of, description }) => [name, of, description]);
    terminal.out(renderTable({ columns: ['KIND', 'OF', 'DESCRIPTION'], rows }, terminal.paint));
  }
  return exitCode.ok;
}

async function one(
  { terminal }: Host,
  typed: string,
  output: Options['output'],
): Promise<ExitCode> {
  const { findSchema, schemaCatalog, wholeSchema } = await import('../spec/schema-catalog.ts');
  const found = findSchema(typed);
  if (found !== undefined) {
    if (output === 'name') terminal.out(`${found.name}\n`);
    else await printValue(terminal, wholeSchema(found), output === 'yaml' ? 'yaml' : 'json');
    return exitCode.ok;
  }
  const { nearest } = await import('../spec/suggest.ts');
  const names = schemaCatalog.map(({ name }) => name);
  const meant = nearest(typed, names);
  throw new CliError(
    exitCode.usage,
    `there is no schema of ${typed}; there are ${names.join(', ')}`,
    meant === undefined ? 'ci-warm schema' : `ci-warm schema ${meant}`,
  );
}
