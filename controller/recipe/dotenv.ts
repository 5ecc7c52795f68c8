/**
 * Reads `.env.sample`, as Docker and abra read `.env` files: `NAME=value` lines, comments, single quotes that take
 * everything literally, double quotes and bare values in which `$NAME` stands for a value further up. What follows a
 * value as a comment may carry modifiers, which recipes use on `SECRET_…_VERSION` lines: `# length=32 charset=hex`.
 *
 * Nothing is taken from any environment but the file's own lines and the values that are handed in. A line that cannot
 * be read is a problem and never an error; the rest of the file is read all the same.
 */
import type { RecipeProblem } from '../model/recipe.ts';

export interface DotenvEntry {
  readonly name: string;
  readonly value: string;
  readonly line: number;
  /** `length=32` and the like from the comment behind the value. */
  readonly modifiers: ReadonlyMap<string, string>;
}

export interface Dotenv {
  /** In the order of the file; of a name that is there twice, the last counts. */
  readonly entries: readonly DotenvEntry[];
  readonly problems: readonly RecipeProblem[];
}

interface RawValue {
  readonly text: string;
  readonly comment: string;
  /** Lines that the value goes on for. */
  readonly extraLines: number;
  readonly problem: string | undefined;
}

const ASSIGNMENT = /^\s*(?:export\s+)?(?<name>[A-Za-z_][A-Za-z0-9_]*)\s*=[ \t]*(?<rest>.*)$/;
const REFERENCE =
  /\\(?<escaped>.)|\$\{(?<braced>[A-Za-z_][A-Za-z0-9_]*)\}|\$(?<bare>[A-Za-z_][A-Za-z0-9_]*)/gs;
/** The length is bounded so that the work is, whatever stands in a comment. A sentence may go on behind a modifier. */
const MODIFIER = /(?<key>[a-z][a-z_-]{0,40})=(?<value>\S+)/g;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/**
 * `over`: values that stand for what the file says of these names, also for the lines below that refer to them.
 * Never throws.
 */
export function parseDotenv(
  file: string,
  text: string,
  over: Readonly<Record<string, string>> = {},
): Dotenv {
  // Editors of another system put a mark of the encoding first.
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  const entries: DotenvEntry[] = [];
  const problems: RecipeProblem[] = [];
  const values = new Map<string, string>(Object.entries(over));
  for (let index = 0; index < lines.length; index += 1) {
    const line = index + 1;
    const written = lines[index] ?? '';
    if (/^\s*(?:#|$)/.test(written)) continue;
    const groups = ASSIGNMENT.exec(written)?.groups;
    const name = groups?.['name'];
    if (name === undefined) {
      problems.push({ file, line, message: 'this line is neither NAME=value nor a comment' });
      continue;
    }
    const raw = readValue(groups?.['rest'] ?? '', { lines, index }, values);
    if (raw.problem !== undefined) problems.push({ file, line, message: raw.problem });
    const value = over[name] ?? raw.text;
    values.set(name, value);
    entries.push({ name, value, line, modifiers: modifiersOf(raw.comment) });
    index += raw.extraLines;
  }
  return { entries, problems };
}

interface Place {
  readonly lines: readonly string[];
  readonly index: number;
}

function readValue(rest: string, place: Place, values: ReadonlyMap<string, string>): RawValue {
  const quote = rest[0];
  if (quote !== '"' && quote !== "'") {
    const hash = rest.search(/(?:^|\s)#/);
    const text = (hash < 0 ? rest : rest.slice(0, hash)).trim();
    const comment = hash < 0 ? '' : rest.slice(hash);
    return { text: expand(text, values, 'bare'), comment, extraLines: 0, problem: undefined };
  }
  const quoted = findQuoted(rest, place, quote);
  if (quoted === undefined) {
    const problem = `the value begins with ${quote} and has no closing ${quote}`;
    return { text: rest, comment: '', extraLines: 0, problem };
  }
  const text = quote === '"' ? expand(quoted.text, values, 'quoted') : quoted.text;
  const problem = /^\s*(?:#|$)/.test(quoted.after)
    ? undefined
    : `there is more behind the closing ${quote} of the value`;
  return { text, comment: quoted.after, extraLines: quoted.extraLines, problem };
}

/** What stands between the quotes, which may be lines apart, and what follows the closing one. */
function findQuoted(
  rest: string,
  { lines, index }: Place,
  quote: string,
): { text: string; after: string; extraLines: number } | undefined {
  let before = '';
  let line: string | undefined = rest.slice(1);
  for (let extraLines = 0; line !== undefined; extraLines += 1) {
    const end = closingQuote(line, quote);
    if (end >= 0) {
      return { text: before + line.slice(0, end), after: line.slice(end + 1), extraLines };
    }
    before += `${line}\n`;
    line = lines[index + 1 + extraLines];
  }
  return undefined;
}

function closingQuote(line: string, quote: string): number {
  for (let at = 0; at < line.length; at += 1) {
    if (quote === '"' && line[at] === '\\') at += 1;
    else if (line[at] === quote) return at;
  }
  return -1;
}

/** Outside quotes a backslash is itself, unless it keeps a `$` from being a reference. */
function expand(
  text: string,
  values: ReadonlyMap<string, string>,
  style: 'bare' | 'quoted',
): string {
  return text.replace(REFERENCE, (found: string, ...args: unknown[]) => {
    const groups = args.at(-1) as Readonly<Record<string, string | undefined>>;
    const escaped = groups['escaped'];
    if (escaped !== undefined) {
      if (escaped === '$') return '$';
      return style === 'bare' ? found : (ESCAPES[escaped] ?? escaped);
    }
    return values.get(groups['braced'] ?? groups['bare'] ?? '') ?? '';
  });
}

function modifiersOf(comment: string): ReadonlyMap<string, string> {
  const found = [...comment.matchAll(MODIFIER)].map(({ groups }): [string, string] => [
    groups?.['key'] ?? '',
    (groups?.['value'] ?? '').replace(/[,;.]+$/, ''),
  ]);
  return new Map(found);
}
