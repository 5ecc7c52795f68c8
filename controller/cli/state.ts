/** The state directory, opened for reading: what the commands that show objects answer from, controller or not. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import type { ObjectStatus } from '../model/condition.ts';
import type { Kind } from '../model/desired.ts';
import { known, unknown, type Known } from '../model/known.ts';
import type { AppRecord } from '../model/record.ts';
import type { ControllerStatus } from '../model/state-file.ts';
import type { StoredAlert } from '../ports/alert-store.ts';
import type { OpenState } from '../wire/open-state.ts';
import { CliError } from './cli-error.ts';
import { exitCode, type ExitCode } from './exit-codes.ts';
import type { Globals } from './host.ts';
import type { Terminal } from './terminal.ts';

export interface ReadState extends OpenState {
  /** Files that could not be read until now, below the state directory: `status/warmapp/guestbook.json`. */
  readonly unread: ReadonlySet<string>;
}

/**
 * Throws a `CliError` where there is no such directory: nothing was ever written there, or the path is wrong. What cannot
 * be read is said.
 */
export async function openStateOf(globals: Globals, terminal: Terminal): Promise<ReadState> {
  const directory = resolve(globals.state);
  if (!existsSync(directory)) {
    throw new CliError(
      exitCode.unreachable,
      `there is no state directory ${directory}: no controller has worked with it yet`,
      'ci-warm controller, or name the right directory with --state',
    );
  }
  const { openState } = await import('../wire/open-state.ts');
  const unread = new Set<string>();
  const state = openState(directory, (warning, path) => {
    if (path !== undefined) unread.add(relative(directory, path));
    terminal.say(`ci-warm: ${warning}`);
  });
  return { ...state, unread };
}

/** 1 where a file of what was asked for could not be read: what was shown is not all, which a program has to know. */
export function codeOf({ unread }: ReadState, isAsked: (path: string) => boolean): ExitCode {
  return [...unread].some(isAsked) ? exitCode.failed : exitCode.ok;
}

/** For what looks as a pass does: without that directory nothing is remembered, and the path may just be wrong. */
export function tellWithoutState({ state }: Globals, terminal: Terminal): void {
  const directory = resolve(state);
  if (existsSync(directory)) return;
  terminal.say(
    `ci-warm: there is no state directory ${directory}, so this is what a controller would see that begins there\nNext: the same with --state DIR, where one works already`,
  );
}

/**
 * For an object whose status was not among those that could be read. Throws a `CliError` where its file is there all the
 * same: then it is damaged, and nobody must be told that there is no such object.
 */
export function demandUndamaged({ state }: Globals, kind: Kind, name: string): void {
  const path = join(resolve(state), 'status', kind.toLowerCase(), `${name}.json`);
  if (!existsSync(path)) return;
  throw new CliError(
    exitCode.failed,
    `the status of ${kind.toLowerCase()} ${name} cannot be read: ${path} is damaged`,
    'ci-warm reconcile: a running controller writes it anew',
  );
}

/** What is told of everything, and what is remembered of every app, at one time. */
export interface StateView {
  readonly statuses: readonly ObjectStatus[];
  /** By name of app. */
  readonly records: ReadonlyMap<string, Known<AppRecord>>;
  /** Seen ones, too. */
  readonly alerts: readonly StoredAlert[];
}

export async function readStateView({ store, alerts }: OpenState): Promise<StateView> {
  const [statuses, records, all] = await Promise.all([
    store.readStatuses(),
    store.apps().then((apps) => store.records(apps)),
    alerts.list(),
  ]);
  return { statuses, records, alerts: all };
}

/** `status/controller.json`; undefined where no controller has written here. It only informs. */
export async function readController(
  globals: Globals,
): Promise<Known<ControllerStatus | undefined>> {
  const path = join(resolve(globals.state), 'status/controller.json');
  if (!existsSync(path)) return known(undefined);
  try {
    return known(JSON.parse(await readFile(path, 'utf8')) as ControllerStatus);
  } catch {
    return unknown(`${path} cannot be read; a running controller writes it anew`);
  }
}
