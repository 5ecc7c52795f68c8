/**
 * Where a command's words go: data to stdout, talk to stderr. Colour only where somebody looks: a terminal that has not
 * asked for none (NO_COLOR, TERM=dumb), or FORCE_COLOR.
 */
import { styleText } from 'node:util';
import type { Paint, Tone } from '../report/table.ts';

export interface Terminal {
  /** Data. The text brings its own line feeds. */
  readonly out: (text: string) => void;
  /** Talk: one line, or several; the last line feed is added. */
  readonly say: (text: string) => void;
  readonly paint: Paint;
  /** How wide prose may be. */
  readonly columns: number;
}

interface Streams {
  readonly stdout: {
    readonly isTTY?: boolean;
    readonly columns?: number;
    write(text: string): unknown;
  };
  readonly stderr: { write(text: string): unknown };
}

/** Where there is no terminal to ask. */
const COLUMNS = 80;

type Environment = Readonly<Record<string, string | undefined>>;

const styles = {
  good: 'green',
  bad: 'red',
  warn: 'yellow',
  dim: 'gray',
} as const satisfies Record<Tone, string>;

export function createTerminal({ stdout, stderr }: Streams, env: Environment): Terminal {
  const coloured = wantsColour(stdout.isTTY === true, env);
  return {
    out: (text) => void stdout.write(text),
    say: (text) => void stderr.write(`${text}\n`),
    paint: (text, tone) =>
      coloured ? styleText(styles[tone], text, { validateStream: false }) : text,
    columns: stdout.columns ?? COLUMNS,
  };
}

/** An empty variable counts as not set, as the conventions of both variables say. */
function wantsColour(isTerminal: boolean, env: Environment): boolean {
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  const forced = env['FORCE_COLOR'] ?? '';
  if (forced !== '') return forced !== '0' && forced !== 'false';
  return isTerminal && env['TERM'] !== 'dumb';
}
