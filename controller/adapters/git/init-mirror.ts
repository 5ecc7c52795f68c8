/** Makes a bare mirror: its folder, git's configuration, and an empty repository without hooks. */
import { dirname } from 'node:path';
import { ensureDirectory, writeFileAtomic } from '../files/atomic-write.ts';
import { run } from '../process/run.ts';
import { gitEnvironment, type Mirror } from './git.ts';

const INIT_TIMEOUT_MS = 30_000;

/**
 * `doing`: for messages. `configText`: git's only configuration beside the mirror's own. May be repeated: what was fetched
 * stays. Errors: `tool-failed`, `disk-full`.
 */
export async function initMirror(
  { directory, configFile }: Mirror,
  { doing, configText }: { readonly doing: string; readonly configText: string },
  signal: AbortSignal,
): Promise<void> {
  await ensureDirectory(dirname(configFile));
  await writeFileAtomic(configFile, configText);
  await run(
    {
      doing,
      program: 'git',
      args: ['init', '--quiet', '--bare', '--template=', '--', directory],
      env: gitEnvironment(configFile),
      timeoutMs: INIT_TIMEOUT_MS,
    },
    signal,
  );
}
