/** Where desired state comes from. */
import type { AppliedDesired } from '../model/applied-desired.ts';
import type { DesiredFile } from '../model/desired-file.ts';

export interface DesiredTree {
  /** The commit, or `sha256:…` over the files of a directory. */
  readonly revision: string;
  /** Absolute path or URL that relative recipe URLs start from. */
  readonly baseDirectory: string;
  readonly files: readonly DesiredFile[];
  /** Which repository and branch the revision is of; left out: there is no history. */
  readonly origin?: string;
}

export interface DesiredSource {
  /**
   * The whole tree, newer than or the same as `applied` where the source has a history. Unchanged files are recognised
   * by stat; an unchanged tree is the same object as before. Throws a `DesiredStaleError` when there is no tree that may
   * be followed.
   */
  read(signal: AbortSignal, applied?: AppliedDesired): Promise<DesiredTree>;
  /**
   * The tree of a revision that was applied before, from what is kept on this machine; undefined where it is not. A
   * source without a history has no such method. Never throws.
   */
  readApplied?(applied: AppliedDesired, signal: AbortSignal): Promise<DesiredTree | undefined>;
  /**
   * Somebody says that there is something new: the next `read` asks for it, whatever the timer says. A source that looks
   * in every pass anyway has no such method.
   */
  lookAnew?(): void;
  /** A hint that something changed, without data. The scan of each pass decides. */
  watch(onChange: () => void, signal: AbortSignal): Promise<void>;
}
