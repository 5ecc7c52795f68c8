/** One file of the desired tree, wherever the tree comes from: its text, or why there is none. */
export interface DesiredFile {
  /** Relative to the tree, with `/`. */
  readonly path: string;
  /** Undefined where the file could not be read: `problem` says why, and its objects do not count as removed. */
  readonly text: string | undefined;
  readonly problem: string | undefined;
}

/**
 * Whether a file of this name, without folders, is read as desired state. Names with a leading dot are
 * somebody else's, and so is JSON: settings of tools, schemas and recorded worlds lie beside what people write.
 */
export function isDesiredName(name: string): boolean {
  return /^[^.][^]*\.ya?ml$/i.test(name);
}

/** What the bytes of a file say, which must be UTF-8. */
export function decodedFile(path: string, content: Uint8Array): DesiredFile {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(content);
    return { path, text, problem: undefined };
  } catch {
    return unreadFile(path, 'is not UTF-8 text; save it as UTF-8');
  }
}

/** `problem` goes on where the name of the file stops: `is a link; …`. */
export function unreadFile(path: string, problem: string): DesiredFile {
  return { path, text: undefined, problem };
}
