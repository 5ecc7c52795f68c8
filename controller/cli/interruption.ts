/**
 * SIGINT and SIGTERM. The first asks the work to end well: between two steps, with its journal written. The second does
 * not wait for that; the next start goes on from the journal (L2).
 */
import { exitCode, type ExitCode } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/** How the work ended: by itself, or because somebody asked. */
export type Outcome<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'interrupted'; readonly exitCode: ExitCode };

export interface Interruption {
  /** Aborts at the first signal. */
  readonly signal: AbortSignal;
  /** Waits for the work, or for a second signal. After a signal the work's own end, or failure, no longer counts. */
  race<T>(work: Promise<T>): Promise<Outcome<T>>;
}

const codes = { SIGINT: exitCode.interrupted, SIGTERM: exitCode.terminated } as const;

const STOPPING = 'stopping after the step that is under way; once more to stop at once.';

/** Listens from now on until the process ends. `quietly`: what only reads stops at once, which needs no word. */
export function listenForInterruption(terminal: Terminal, quietly = false): Interruption {
  const controller = new AbortController();
  const again = Promise.withResolvers<Outcome<never>>();
  let interrupted: ExitCode | undefined;
  const onSignal = (name: NodeJS.Signals): void => {
    if (interrupted !== undefined) {
      again.resolve({ kind: 'interrupted', exitCode: interrupted });
      return;
    }
    interrupted = name === 'SIGTERM' ? codes.SIGTERM : codes.SIGINT;
    if (!quietly) terminal.say(`ci-warm: ${name}: ${STOPPING}`);
    controller.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);

  const settle = async <T>(work: Promise<T>): Promise<Outcome<T>> => {
    try {
      const value = await work;
      return interrupted === undefined
        ? { kind: 'done', value }
        : { kind: 'interrupted', exitCode: interrupted };
    } catch (thrown) {
      if (interrupted === undefined) throw thrown;
      return { kind: 'interrupted', exitCode: interrupted };
    }
  };
  return {
    signal: controller.signal,
    race: (work) => Promise.race([settle(work), again.promise]),
  };
}
