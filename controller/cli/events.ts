/** `ci-warm events [-w]`: what happened to everything, in order of time, and what happens from now on. */
import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { parseDurationMs } from '../model/quantity.ts';
import type { Event } from '../report/events.ts';
import type { OpenState } from '../wire/open-state.ts';
import { CliError } from './cli-error.ts';
import { exitCode, type ExitCode } from './exit-codes.ts';
import { declare, outputOption, type Globals, type Host } from './host.ts';
import { listenForInterruption } from './interruption.ts';
import { codeOf, openStateOf, readStateView, type StateView } from './state.ts';
import type { Terminal } from './terminal.ts';
import { unknownApp } from './unknown-app.ts';

interface Options extends Globals {
  readonly output: 'table' | 'json';
  readonly watch?: boolean;
  readonly app?: string;
  readonly since?: string;
}

/** How long a change may go unnoticed where the file system reports none. */
const SCAN_MS = 2000;

export function declareEvents(host: Host): void {
  declare(host, {
    usage: 'events',
    summary: 'show what happened, in order of time',
    description:
      'Shows what happened to all objects, oldest first: begins and ends of transitions, the phases of those under way, alerts, and conditions that changed. With --watch it goes on with what happens from then on, until Ctrl-C. With -o json each event is one line of JSON.',
    examples: [
      'ci-warm events',
      'ci-warm events --app guestbook --since 24h',
      'ci-warm events --watch --since 1m',
      'ci-warm events --watch -o json | jq -c .reason',
    ],
  })
    .option('-w, --watch', 'go on with what happens, until Ctrl-C')
    .option('--app <name>', 'only of this app')
    .addOption(new Option('--since <duration>', 'only what is younger: 90s, 10m, 24h'))
    .addOption(outputOption(['table', 'json']))
    .action(async (_: unknown, command: Command) => {
      host.finish(await events(host, command.optsWithGlobals<Options>()));
    });
}

async function events(host: Host, options: Options): Promise<ExitCode> {
  const terminal = sayingOnce(host.terminal);
  const sinceMs = earliest(options.since, host.now());
  const state = await openStateOf(options, terminal);
  if (options.watch !== true && options.app !== undefined) await requireApp(state, options.app);
  const { eventsOf } = await import('../report/events.ts');
  const seen = new Set<string>();
  const unread = new Set<string>();
  const fresh = async (): Promise<readonly Event[]> => {
    const view = await readStateView(state);
    for (const why of unreadOf(view, options)) {
      unread.add(why);
      terminal.say(why);
    }
    const all = eventsOf(view).filter(
      (event) => !seen.has(event.id) && isWanted(event, options, sinceMs),
    );
    for (const { id } of all) seen.add(id);
    return all;
  };
  const print = await printer(terminal, options.output);
  if (options.watch === true) return follow(terminal, options, async () => print(await fresh()));
  const all = await fresh();
  print(all);
  const { app } = options;
  const code =
    unread.size === 0
      ? codeOf(state, (path) => app === undefined || isOfApp(path, app))
      : exitCode.failed;
  // Of what cannot be read nobody knows whether something happened.
  if (all.length === 0 && code === exitCode.ok) terminal.say('Nothing happened.');
  return code;
}

/** Which histories of those that were asked for cannot be read, and why. */
function unreadOf({ records }: StateView, { app }: Options): readonly string[] {
  return [...records].flatMap(([name, record]) =>
    record.known || (app !== undefined && app !== name) ? [] : [`ci-warm: ${name}: ${record.why}`],
  );
}

/** Whether a file below the state directory tells of an app: its status, or an alert by its name. */
function isOfApp(path: string, app: string): boolean {
  const [folder = '', ...names] = path.split('/');
  const file = names.at(-1) ?? '';
  if (folder === 'alerts') return /^\w+-(.*)$/.exec(file)?.[1]?.startsWith(`${app}-`) === true;
  return /^(?:warmapp|canonical)$/.test(names[0] ?? '') && file === `${app}.json`;
}

/** Until a signal, or until nobody reads any more. */
async function follow(
  terminal: Terminal,
  { state }: Options,
  look: () => Promise<void>,
): Promise<ExitCode> {
  const interruption = listenForInterruption(terminal, true);
  const unread = new AbortController();
  process.stdout.once('error', () => unread.abort());
  interruption.signal.addEventListener('abort', () => unread.abort(), { once: true });
  const { watchState } = await import('../wire/watch-state.ts');
  const watching = watchState(resolve(state), SCAN_MS, unread.signal, look);
  const outcome = await interruption.race(watching);
  return outcome.kind === 'interrupted' ? outcome.exitCode : exitCode.ok;
}

/** The heading once, before the first event. */
async function printer(
  { out, paint }: Terminal,
  output: Options['output'],
): Promise<(events: readonly Event[]) => void> {
  if (output === 'json') {
    return (events) => out(events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  }
  const { eventHeading, eventLine } = await import('../report/event-lines.ts');
  let heading = eventHeading;
  return (events) => {
    if (events.length === 0) return;
    out(heading + events.map((event) => eventLine(event, paint)).join(''));
    heading = '';
  };
}

function isWanted({ object, at }: Event, { app }: Options, sinceMs: number): boolean {
  const isOfApp = object === `warmapp/${app ?? ''}` || object === `canonical/${app ?? ''}`;
  return (app === undefined || isOfApp) && Date.parse(at) >= sinceMs;
}

function earliest(since: string | undefined, nowMs: number): number {
  if (since === undefined) return -Infinity;
  const lengthMs = parseDurationMs(since);
  if (lengthMs !== undefined) return nowMs - lengthMs;
  throw new CliError(
    exitCode.usage,
    `${since} is no duration: a whole number and one of s, m, h`,
    'ci-warm events --since 1h',
  );
}

async function requireApp({ store }: OpenState, app: string): Promise<void> {
  const statuses = await store.readStatuses();
  const apps = [...(await store.apps()), ...statuses.map(({ name }) => name)];
  if (apps.includes(app)) return;
  throw await unknownApp(app, apps);
}

/** A file that cannot be read is told of once, however often it is looked at. */
function sayingOnce(terminal: Terminal): Terminal {
  const said = new Set<string>();
  const say = (text: string): void => {
    if (said.has(text)) return;
    said.add(text);
    terminal.say(text);
  };
  return { ...terminal, say };
}
