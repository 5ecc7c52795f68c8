/** Where desired state comes from. */
export interface DesiredFile {
  /** Relative to the tree, with `/`. */
  readonly path: string;
  /** Undefined where the file could not be read: `problem` says why, and its objects do not count as removed. */
  readonly text: string | undefined;
  readonly problem: string | undefined;
}

export interface DesiredTree {
  /** The commit, or `sha256:…` over the files of a directory. */
  readonly revision: string;
  /** Absolute path that relative recipe URLs start from. */
  readonly baseDirectory: string;
  readonly files: readonly DesiredFile[];
}

export interface DesiredSource {
  /** The whole tree. Unchanged files are recognised by stat; an unchanged tree is the same object as before. Throws `no-answer` when it cannot be read at all. */
  read(signal: AbortSignal): Promise<DesiredTree>;
  /** A hint that something changed, without data. The scan of each pass decides. */
  watch(onChange: () => void, signal: AbortSignal): Promise<void>;
}
