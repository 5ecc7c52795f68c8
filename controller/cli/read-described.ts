/** Everything that is known of one object, put together from the state directory and, where it is here, the desired tree. */
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ObjectStatus } from '../model/condition.ts';
import type { Desired } from '../model/desired.ts';
import { parseDesiredLocation } from '../model/desired-location.ts';
import type { Described } from '../report/described.ts';
import { findObject } from './find-object.ts';
import type { Globals, Host } from './host.ts';
import { openStateOf, readController, readStateView } from './state.ts';

/** Throws a `CliError` where there is no such object. Needs no Docker. */
export async function readDescribed(
  { terminal, now }: Host,
  globals: Globals,
  words: readonly string[],
): Promise<Described> {
  const state = await openStateOf(globals, terminal);
  const [{ statuses, records, alerts }, controller] = await Promise.all([
    readStateView(state),
    readController(globals),
  ]);
  const status = await findObject(statuses, words, globals);
  const desired = await treeHere(globals);
  const { writtenOf } = await import('../report/written.ts');
  const isApp = status.kind === 'WarmApp' || status.kind === 'Canonical';
  return {
    status,
    written: desired === undefined ? undefined : writtenOf(desired, status.kind, status.name),
    isOtherRevision: desired !== undefined && desired.revision !== status.observedRevision,
    record: isApp ? records.get(status.name) : undefined,
    volumes: isApp ? volumesOf(globals, status) : [],
    alerts: alerts.filter(({ seen, alert }) => !seen && isApp && alert.app === status.name),
    lastPassAt: controller.known ? controller.value?.lastPassAt : undefined,
    nowMs: now(),
  };
}

/** Only a tree that is on this disk is read: to look at an object is no reason to fetch a repository. */
async function treeHere({ desired, state }: Globals): Promise<Desired | undefined> {
  const { signal } = new AbortController();
  const location = parseDesiredLocation(desired);
  if (location.kind === 'git') {
    const { loadKept } = await import('../wire/read-kept-tree.ts');
    return loadKept(location, resolve(state), signal);
  }
  if (!existsSync(desired)) return undefined;
  const { loadTree } = await import('../wire/read-tree.ts');
  return loadTree(desired, signal);
}

/** The folders of live data; none where nobody but root may look. */
function volumesOf({ state }: Globals, { name }: ObjectStatus): Described['volumes'] {
  const folder = join(resolve(state), name, 'volumes');
  try {
    return readdirSync(folder)
      .sort()
      .map((volume) => ({ volume, path: join(folder, volume, 'data') }));
  } catch {
    return [];
  }
}
