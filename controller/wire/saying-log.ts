/** The log of commands that only look: what is worth knowing is said to the person who asked, and nothing is written. */
import type { Log } from '../ports/log.ts';

/** Gets a sentence, and the path of the file that could not be read, where it is about one. */
export type Warn = (warning: string, path?: string) => void;

/** For a command's stderr: what a person has to know, and nothing of what goes well. */
export function sayingLog(warn: Warn): Log {
  const tell = (message: string, fields: Readonly<Record<string, unknown>> = {}): void => {
    const all = Object.entries(fields).map(([name, value]) => [name, String(value)] as const);
    // A reason that names the file itself need not have it named beside it.
    const details = all
      .filter(([name, value]) => !all.some(([of, text]) => of !== name && text.includes(value)))
      .map(([name, value]) => `${name}: ${value}`);
    const said = details.length === 0 ? message : `${message} (${details.join('; ')})`;
    const { path } = fields;
    if (typeof path === 'string') warn(said, path);
    else warn(said);
  };
  return { debug: () => undefined, info: () => undefined, warn: tell, error: tell };
}
