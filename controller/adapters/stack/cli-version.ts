/** Which Docker command line the host has: asked only for recipes with keys that older ones do not know. */
import { run } from '../process/run.ts';

export interface CliVersion {
  /**
   * Its major version; undefined: it does not say. Asked again only while it is below `wanted`, for it may be replaced by
   * a newer one at any time. May be repeated.
   * Errors: `aborted`.
   */
  major(wanted: number, signal: AbortSignal): Promise<number | undefined>;
}

const TIMEOUT_MS = 20_000;

/** `program`: a name in PATH, or a path. Nothing is run yet. */
export function createCliVersion(program: string): CliVersion {
  let known: number | undefined;
  return {
    async major(wanted, signal) {
      if (known === undefined || known < wanted) known = await askMajor(program, signal);
      return known;
    },
  };
}

/** A command line that cannot be asked is no reason to refuse a recipe: the deploy will say what is wrong with it. */
async function askMajor(program: string, signal: AbortSignal): Promise<number | undefined> {
  const doing = 'asking the Docker command line for its version';
  try {
    const { stdout } = await run(
      { doing, program, args: ['--version'], timeoutMs: TIMEOUT_MS },
      signal,
    );
    const found = /^Docker version (?<major>\d{1,3})\./.exec(stdout)?.groups?.['major'];
    return found === undefined ? undefined : Number(found);
  } catch (error) {
    if (signal.aborted) throw error;
    return undefined;
  }
}
