/** Where the files of one app stand below the state directory, and which names are no apps. */
import { join } from 'node:path';
import { parseAppName, RESERVED_APP_NAMES } from '../../model/names.ts';

export interface AppPaths {
  readonly directory: string;
  /** Plain text, for people and scripts; follows `lastGood`. */
  readonly lastGoodText: string;
  readonly lastGood: string;
  readonly quarantine: string;
  readonly request: string;
  readonly orphan: string;
  readonly journal: string;
  /** A link to the one last-known-good snapshot. */
  readonly snapshot: string;
  readonly manifest: string;
}

/** Whether a directory of that name in the state directory is an app's. */
export function isAppName(name: string): boolean {
  return parseAppName(name) !== undefined && !RESERVED_APP_NAMES.includes(name);
}

/** Throws for what is no app's name: such text must never become a path. */
export function appPaths(stateDir: string, app: string): AppPaths {
  if (!isAppName(app)) throw new Error(`not the name of an app: ${JSON.stringify(app)}`);
  const directory = join(stateDir, app);
  return {
    directory,
    lastGoodText: join(directory, 'last_good'),
    lastGood: join(directory, 'last_good.json'),
    quarantine: join(directory, 'quarantine.json'),
    request: join(directory, 'request.json'),
    orphan: join(directory, 'orphan.json'),
    journal: join(directory, 'journal.jsonl'),
    snapshot: join(directory, 'snapshot'),
    manifest: join(directory, 'snapshot', 'manifest.json'),
  };
}
