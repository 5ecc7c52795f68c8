/** What strace wrote, as values. */

export interface Call {
  readonly kind: string;
  /** Its arguments as strace shows them. */
  readonly text: string;
  /** Every path in its arguments, absolute; descriptors by the path that they are open on. */
  readonly paths: readonly string[];
  readonly isDone: boolean;
  readonly isInjected: boolean;
}

/** The calls of a log, in order. */
export function readCalls(log: string): Call[] {
  return log.split('\n').flatMap((line) => {
    const found = /^(\w+)\((.*)$/.exec(line);
    const [, kind, text] = found ?? [];
    if (kind === undefined || text === undefined) return [];
    const end = text.lastIndexOf(') = ');
    const result = end < 0 ? '' : text.slice(end + 4).trim();
    return {
      kind,
      text,
      paths: pathsIn(end < 0 ? text : text.slice(0, end)),
      isDone: /^\d/.test(result),
      isInjected: result.includes('(INJECTED)'),
    };
  });
}

/** Whether the process was killed at the last call of the log. */
export function isKilled(log: string): boolean {
  return log.includes('+++ killed by SIGKILL');
}

/** `5</a/b>`, `AT_FDCWD</a>, "b/c"` and `"/a/b"` are paths. */
function pathsIn(text: string): string[] {
  const paths: string[] = [];
  let base: string | undefined;
  for (const match of text.matchAll(/(?:\d+|AT_FDCWD)<(\/(?:[^>\\]|\\.)*)>|"((?:[^"\\]|\\.)*)"/g)) {
    const [, open, named] = match;
    if (open !== undefined) {
      paths.push(open.replace(/ \(deleted\)$/, ''));
      base = open;
    } else if (named !== undefined && named !== '') {
      paths.push(named.startsWith('/') ? named : `${base ?? ''}/${named}`);
    }
  }
  return paths;
}
