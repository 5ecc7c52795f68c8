/** The composition of what looks as a controller does, and touches nothing: it needs no lock, and no lease. */
import { resolve } from 'node:path';
import { withScratch } from '../adapters/files/scratch.ts';
import { createStderrLog } from '../adapters/system/log.ts';
import { wire, type Wired } from './wire.ts';

export interface LookOptions {
  /** The desired tree, as typed: a directory, or a repository. */
  readonly desired: string;
  /** Of a repository, follow only commits with a good signature. */
  readonly desiredSigned: boolean;
  /** The state directory. */
  readonly state: string;
  readonly signal: AbortSignal;
}

/** The ports for whoever has no lock. What it fetches of any repository is gone afterwards. */
export async function lookOnly<T>(
  options: LookOptions,
  look: (deps: Wired) => Promise<T>,
): Promise<T> {
  const log = await createStderrLog('warn', process.env);
  const startedAt = new Date().toISOString();
  const stateDir = resolve(options.state);
  return await withScratch((scratch) =>
    look(wire({ ...options, stateDir, log, startedAt, holdsLock: false, scratch })),
  );
}
