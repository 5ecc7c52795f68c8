/** What the rules remember of what they have seen. */
import type { LastGood, Quarantine } from '../../controller/model/release.ts';
import type { Tree } from './tree.ts';

export interface Violation {
  readonly rule: string;
  readonly message: string;
  readonly atMs: number;
}

/** What has to be remembered of a transition until its end. */
export interface Watched {
  readonly id: string;
  readonly beganMs: number;
  readonly deployedBefore: ReadonlyMap<string, string>;
  trees: ReadonlyMap<string, Tree> | undefined;
  /** The prior version may have been started already: from then on it writes. */
  isOnWayBack: boolean;
}

/** What the rules have seen of an app's files. */
export interface Told {
  records: number;
  lastGood: LastGood | null;
  quarantine: Quarantine | null;
}
