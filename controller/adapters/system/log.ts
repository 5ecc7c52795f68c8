/**
 * The log (ports/log.ts): one JSON object a line, by pino.
 *
 * Where it goes decides its form: readable lines on a terminal; with a priority before each line where systemd's journal
 * reads along, which would otherwise take every line for information; plain JSON anywhere else. Lines are written at
 * once, so the last one before a crash is there.
 */
import { fstatSync } from 'node:fs';
import { pino, type DestinationStream } from 'pino';
import type { Log } from '../../ports/log.ts';
import { redactFields, redactText } from './redact.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
/** `lines`: for people at a terminal. `journal`: for systemd's journal. */
export type LogForm = 'json' | 'lines' | 'journal';

export interface LogOptions {
  readonly level: LogLevel;
  readonly form: LogForm;
  /** Only with `lines`. */
  readonly colour: boolean;
  /** Takes whole lines. */
  readonly destination: DestinationStream;
}

/** syslog's priorities (sd-daemon(3)). */
const PRIORITY = { debug: 7, info: 6, warn: 4, error: 3 } as const;

/** The log of this process: on stderr, in the form that fits what stderr is. */
export async function createStderrLog(
  level: LogLevel,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Log> {
  const isTerminal = process.stderr.isTTY;
  const isJournal = isJournalStream(env['JOURNAL_STREAM'], 2);
  return createLog({
    level,
    form: isTerminal ? 'lines' : isJournal ? 'journal' : 'json',
    colour: isTerminal && (env['NO_COLOR'] ?? '') === '',
    destination: pino.destination({ dest: 2, sync: true }),
  });
}

export async function createLog(options: LogOptions): Promise<Log> {
  const destination = await formed(options);
  const logger = pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: redactFields },
      // Errors are made plain by `redactFields` already; pino's own serializer would take them for something else.
      serializers: { err: (error: unknown) => error },
    },
    destination,
  );
  const at =
    (level: LogLevel): Log[LogLevel] =>
    (message, fields = {}) =>
      logger[level](fields, redactText(message));
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/**
 * Whether the journal reads this descriptor: systemd names its device and inode in `JOURNAL_STREAM`. That the variable
 * is set says nothing, since it is handed on to whatever a service or a desktop starts.
 */
export function isJournalStream(variable: string | undefined, descriptor: number): boolean {
  if (variable === undefined || variable === '') return false;
  const { dev, ino } = fstatSync(descriptor);
  return variable === `${dev}:${ino}`;
}

async function formed({ form, colour, destination }: LogOptions): Promise<DestinationStream> {
  switch (form) {
    case 'json':
      return destination;
    case 'journal':
      return withPriority(destination);
    case 'lines': {
      // Loaded only where somebody looks: the service never needs it.
      const { prettyFactory } = await import('pino-pretty');
      const pretty = prettyFactory({
        colorize: colour,
        translateTime: 'SYS:HH:MM:ss',
        singleLine: true,
      });
      return { write: (line) => destination.write(pretty(line)) };
    }
    default:
      return form satisfies never;
  }
}

function withPriority(destination: DestinationStream): DestinationStream {
  const label = /^\{"level":"(?<level>debug|info|warn|error)"/;
  return {
    write: (line) => {
      const level = label.exec(line)?.groups?.['level'] ?? 'info';
      destination.write(`<${PRIORITY[level as LogLevel]}>${line}`);
    },
  };
}
