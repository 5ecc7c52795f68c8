/**
 * Files of a desired tree in, desired state and every problem out. Pure: which files there are, and
 * reading them, is the caller's affair.
 */
import type { LoadedDesired } from '../model/spec-problem.ts';

/** A file of the tree: its text, or why it could not be read. */
export interface SpecFile {
  /** Relative to the tree, with `/`. */
  readonly path: string;
  readonly text: string | undefined;
  readonly problem: string | undefined;
}

export interface LoadOptions {
  /** Commit of the tree, or a digest of the directory. */
  readonly revision: string;
  /** Absolute path that relative recipe URLs start from. */
  readonly baseDirectory: string;
  /** How the tree is called in problems, as typed: `desired` gives `desired/settings.yaml:3:1`. Empty: paths stay relative. */
  readonly tree: string;
}

/** Never throws; one invalid object never stops the others. The same input gives the same answer. */
export function loadDesired(files: readonly SpecFile[], options: LoadOptions): LoadedDesired {
  void files;
  void options;
  return { desired: undefined, invalid: [], problems: [], incomplete: false, incompleteFiles: [] };
}
