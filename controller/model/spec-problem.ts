/**
 * What is wrong with what people wrote, and what loading a tree yields besides the desired state.
 * Types only; spec/problem.ts makes and renders problems.
 */

import type { Desired, Kind } from './desired.ts';

/** One mistake at one place. Lines and columns count from 1; columns are UTF-16 units. */
export interface SpecProblem {
  /** Path as given to the loader. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Stable and documented (docs/spec/problems.md); the message is not an interface. */
  readonly code: string;
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
  /**
   * The line, for the eyes of whoever wrote it and for no log, status or alert: it may hold what the
   * message leaves out. Undefined when there is no line to show.
   */
  readonly excerpt: Excerpt | undefined;
}

/** A line with a place in it, or the part of a long line around that place. */
export interface Excerpt {
  readonly text: string;
  /** Where in `text` the mistake begins, from 0, and how many characters it covers, at least 1. */
  readonly from: number;
  readonly length: number;
}

/** An object that is there but cannot be used. It is not removed: what it stands for stays as it is. */
export interface InvalidObject {
  readonly kind: Kind;
  readonly name: string;
  readonly file: string;
  readonly line: number;
  /** At least one. */
  readonly problems: readonly SpecProblem[];
}

/** What a tree of files says. */
export interface LoadedDesired {
  /** Every valid object; undefined when there is no one valid Settings. */
  readonly desired: Desired | undefined;
  /** In order of file and line. An object is in here or in `desired`, never in both. */
  readonly invalid: readonly InvalidObject[];
  /** Everything that a person has to mend, in order of file, line and column. */
  readonly problems: readonly SpecProblem[];
  /**
   * True when some file could not be read or parsed, or some object could not be told by kind and
   * name. Then an object that is in neither list may still be wanted: its absence means nothing.
   */
  readonly incomplete: boolean;
  /** The files for whose sake `incomplete` is true, in order. */
  readonly incompleteFiles: readonly string[];
}
