/** The object that was meant: `warmapp guestbook`, `warmapp/guestbook`, or `guestbook` alone, which is an app before all else. */
import type { ObjectStatus } from '../model/condition.ts';
import { kinds, type Kind } from '../model/desired.ts';
import { CliError } from './cli-error.ts';
import { exitCode } from './exit-codes.ts';
import type { Globals } from './host.ts';
import { kindWords, otherKind, parseKind } from './kinds.ts';
import { demandUndamaged } from './state.ts';

/** Throws a `CliError` that says what was probably meant, or that the status of what was meant is damaged. */
export async function findObject(
  statuses: readonly ObjectStatus[],
  words: readonly string[],
  globals: Globals,
): Promise<ObjectStatus> {
  const { kind, name } = await parseWords(words);
  const found = statuses
    .filter((status) => status.name === name && (kind === undefined || status.kind === kind))
    .toSorted((a, b) => rank(a) - rank(b))[0];
  if (found === undefined && kind === undefined) demandName(name);
  // What ranks before what was found may be there as well, and not readable.
  for (const one of kind === undefined ? RANKS : [kind]) {
    if (one === found?.kind) break;
    demandUndamaged(globals, one, name);
  }
  if (found !== undefined) return found;
  const other = statuses.find((status) => status.name === name);
  if (kind !== undefined && other !== undefined) throw otherKind(kind.toLowerCase(), other);
  const ofKind = statuses.filter((status) => kind === undefined || status.kind === kind);
  const meant = await nearestOf(
    name,
    ofKind.map((status) => status.name),
  );
  const what = kind === undefined ? 'object' : kind.toLowerCase();
  throw new CliError(
    exitCode.failed,
    `there is no ${what} ${name}${meant === undefined ? '' : `; did you mean ${meant}?`}`,
    `ci-warm get ${kind?.toLowerCase() ?? 'all'}`,
  );
}

/** Throws where a kind was typed and nothing more. */
function demandName(typed: string): void {
  const kind = parseKind(typed);
  if (kind === undefined) return;
  throw new CliError(
    exitCode.usage,
    `${kind} is a kind; which of them is meant?`,
    `ci-warm get ${kind.toLowerCase()}`,
  );
}

/** What runs before what it is made of. */
const RANKS: readonly Kind[] = ['WarmApp', 'Canonical', 'Run', 'Sweep', 'Recipe', 'Settings'];

function rank({ kind }: ObjectStatus): number {
  return RANKS.indexOf(kind);
}

async function parseWords(
  words: readonly string[],
): Promise<{ readonly kind: Kind | undefined; readonly name: string }> {
  const [first = '', second] = words;
  const slash = first.indexOf('/');
  if (second === undefined && slash < 0) return { kind: undefined, name: first };
  const typed = second === undefined ? first.slice(0, slash) : first;
  const kind = parseKind(typed);
  if (kind !== undefined) {
    const name = second ?? first.slice(slash + 1);
    if (name === '') demandName(typed);
    return { kind, name };
  }
  const meant = await nearestOf(typed, kindWords);
  throw new CliError(
    exitCode.usage,
    `there is no kind ${typed}; there are ${kinds.join(', ')}`,
    `ci-warm get ${meant ?? 'all'}`,
  );
}

async function nearestOf(word: string, words: readonly string[]): Promise<string | undefined> {
  const { nearest } = await import('../spec/suggest.ts');
  return nearest(word, words);
}
