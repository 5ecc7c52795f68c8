/**
 * A bound on time for one exchange. Not `AbortSignal.any`: linked to a signal that lives as long as the process it
 * leaks, so the link made here is taken off again.
 */

/** Why an exchange was ended: it took longer than it may. */
export class DeadlineError extends Error {
  readonly limitMs: number;

  constructor(limitMs: number) {
    super(`no answer within ${String(limitMs / 1000)} s`);
    this.name = 'DeadlineError';
    this.limitMs = limitMs;
  }
}

/**
 * Runs `exchange` and rejects when the signal aborts or `limitMs` have passed (`Infinity`: no limit), whether or not
 * the exchange heeds the signal that it is given. When it fails, that signal aborts, so nothing is left under way.
 */
export async function withDeadline<T>(
  signal: AbortSignal,
  limitMs: number,
  exchange: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const own = new AbortController();
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => {
    reject(signal.reason as Error);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  const timer = Number.isFinite(limitMs)
    ? setTimeout(() => {
        reject(new DeadlineError(limitMs));
      }, limitMs)
    : undefined;
  try {
    return await Promise.race([exchange(own.signal), ended]);
  } catch (thrown) {
    own.abort(thrown);
    throw thrown;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}
