/** Looks for the programs that a controller runs, for `ci-warm doctor`. Judges nothing. */
import type { ToolFacts } from '../../ports/tool-facts.ts';
import { run } from './run.ts';

const TIMEOUT_MS = 10_000;

const programs = ['git', 'tar', 'zstd', 'flock', 'docker'] as const;

/** Asks each for its version, all at once. One that is missing or fails has none; only an abort is thrown. */
export function inspectTools(signal: AbortSignal): Promise<readonly ToolFacts[]> {
  return Promise.all(programs.map((program) => inspectTool(program, signal)));
}

async function inspectTool(program: string, signal: AbortSignal): Promise<ToolFacts> {
  try {
    const { stdout } = await run(
      {
        doing: `asking ${program} for its version`,
        program,
        args: ['--version'],
        timeoutMs: TIMEOUT_MS,
      },
      signal,
    );
    return { program, version: stdout.split('\n', 1)[0]?.trim() };
  } catch {
    signal.throwIfAborted();
    return { program, version: undefined };
  }
}
