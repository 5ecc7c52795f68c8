/** `ci-warm get KIND [NAME]`: objects with their conditions, from the state directory alone. */
import type { Command } from 'commander';
import type { ObjectStatus } from '../model/condition.ts';
import { kinds, type Kind } from '../model/desired.ts';
import { CliError } from './cli-error.ts';
import { exitCode, type ExitCode } from './exit-codes.ts';
import { declare, outputOption, type Globals, type Host } from './host.ts';
import { kindWords, otherKind, parseKind } from './kinds.ts';
import { listOf, printValue, type Format } from './output.ts';
import { codeOf, demandUndamaged, openStateOf } from './state.ts';

interface Options extends Globals {
  readonly output: Format;
}

export function declareGet(host: Host): void {
  declare(host, {
    usage: 'get <kind> [name]',
    summary: 'show objects of a kind, with their conditions',
    description: `Shows objects with their conditions, as the controller last wrote them.\n\nKIND is one of ${kinds.join(', ')}, in any case, one or many; or "all".`,
    examples: [
      'ci-warm get warmapps',
      'ci-warm get warmapp guestbook -o yaml',
      'ci-warm get all -o name',
    ],
  })
    .addOption(outputOption())
    .action(async (kind: string, name: string | undefined, _: unknown, command: Command) => {
      host.finish(await get(host, kind, name, command.optsWithGlobals<Options>()));
    });
}

async function get(
  host: Host,
  typed: string,
  name: string | undefined,
  options: Options,
): Promise<ExitCode> {
  const wanted = await kindsOf(typed);
  const state = await openStateOf(options, host.terminal);
  const all = await state.store.readStatuses();
  const ofKind = all.filter((status) => wanted.includes(status.kind));
  const found = name === undefined ? ofKind : [await named(all, { typed, wanted, name }, options)];
  await print(host, found, { single: name !== undefined, mixed: wanted.length > 1 }, options);
  if (name !== undefined) return exitCode.ok;
  return codeOf(state, (path) => wanted.some((kind) => path.startsWith(folderOf(kind))));
}

/** Where the status of each object of a kind is, below the state directory. */
function folderOf(kind: Kind): string {
  return `status/${kind.toLowerCase()}/`;
}

async function kindsOf(typed: string): Promise<readonly Kind[]> {
  if (typed.toLowerCase() === 'all') return kinds;
  const kind = parseKind(typed);
  if (kind !== undefined) return [kind];
  const { nearest } = await import('../spec/suggest.ts');
  const meant = nearest(typed, kindWords);
  throw new CliError(
    exitCode.usage,
    `there is no kind ${typed}; there are ${kinds.join(', ')}`,
    meant === undefined ? 'ci-warm get all' : `ci-warm get ${meant}`,
  );
}

async function named(
  all: readonly ObjectStatus[],
  asked: { readonly typed: string; readonly wanted: readonly Kind[]; readonly name: string },
  options: Globals,
): Promise<ObjectStatus> {
  const { typed, wanted, name } = asked;
  const statuses = all.filter((status) => wanted.includes(status.kind));
  const found = statuses.find((status) => status.name === name);
  if (found !== undefined) return found;
  for (const kind of wanted) demandUndamaged(options, kind, name);
  const other = all.find((status) => status.name === name);
  if (other !== undefined) throw otherKind(typed, other);
  const { nearest } = await import('../spec/suggest.ts');
  const meant = nearest(
    name,
    statuses.map((status) => status.name),
  );
  throw new CliError(
    exitCode.failed,
    `there is no ${typed} ${name}${meant === undefined ? '' : `; did you mean ${meant}?`}`,
    `ci-warm get ${typed}`,
  );
}

async function print(
  { terminal }: Host,
  statuses: readonly ObjectStatus[],
  { single, mixed }: { readonly single: boolean; readonly mixed: boolean },
  { output }: Options,
): Promise<void> {
  switch (output) {
    case 'json':
    case 'yaml':
      await printValue(terminal, single ? statuses[0] : listOf(statuses), output);
      return;
    case 'name':
      terminal.out(statuses.map(({ kind, name }) => `${kind.toLowerCase()}/${name}\n`).join(''));
      return;
    case 'table':
    case 'wide': {
      if (statuses.length === 0) {
        terminal.say('There is none.');
        return;
      }
      const { inOrder, objectTable } = await import('../report/object-table.ts');
      const { renderTable } = await import('../report/table.ts');
      const table = objectTable(inOrder(statuses), { wide: output === 'wide', mixed });
      terminal.out(renderTable(table, terminal.paint));
    }
  }
}
