/** What a pass is run with, where two apps are to be installed; what it starts and reports is written down. */
import { known } from '../../controller/model/known.ts';
import type { JournalRecord } from '../../controller/model/journal.ts';
import { PassBoard } from '../../controller/reconcile/pass-board.ts';
import type { Pass } from '../../controller/reconcile/pass.ts';
import { desiredOf, warmApp } from './desired.ts';
import { release } from './recipe.ts';
import { appRecord } from './record.ts';
import { swarmView } from './swarm.ts';

export const apps = [warmApp('alpha'), warmApp('beta')];
export const live = new AbortController().signal;

/** `append`: in place of the journals. */
export function twoApps(over: { readonly append?: (record: JournalRecord) => Promise<void> } = {}) {
  const started: string[] = [];
  const reported: Pass[] = [];
  const deps = {
    loader: {
      progress: { stale: undefined },
      load: async () =>
        known({ desired: desiredOf(apps), invalid: [], problems: [], incomplete: false }),
    },
    engine: { observe: async () => swarmView() },
    recipes: { view: async () => ({ releases: [release('1.0.0+1.0.0')] }) },
    structures: { read: async () => new Map() },
    store: {
      apps: async () => [],
      records: async () => new Map(apps.map(({ name }) => [name, known(appRecord())])),
      append: over.append ?? (async () => undefined),
    },
    clock: { now: () => 0, newId: () => 'x' },
    log: { info: () => 0, warn: () => 0, error: () => 0 },
    onlyApp: null as string | null,
    board: new PassBoard(),
    lease: {
      need: async () => undefined,
      standing: () => ({ kind: 'held', signal: live }),
      rivals: () => [],
      keepOnly: async () => undefined,
    },
    runners: {
      apps: () => new Set(started),
      isRunning: (app: string) => started.includes(app),
      hasRoom: true,
      start: ([begin]: readonly JournalRecord[]) => started.push(begin?.app ?? ''),
      drain: async () => undefined,
    },
    reporter: { report: async (pass: Pass) => reported.push(pass) },
  };
  return { deps, started, reported };
}
