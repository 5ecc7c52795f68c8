/** One at a time for each key, in the order of asking. A task that fails does not hold up the next one. */
export type Serial = <T>(key: string, task: () => Promise<T>) => Promise<T>;

/** Keys with nothing to do are forgotten. */
export function createSerial(): Serial {
  const tails = new Map<string, Promise<unknown>>();
  return (key, task) => {
    const before = tails.get(key) ?? Promise.resolve();
    const mine = before.then(task, task);
    const settled = mine.then(
      () => undefined,
      () => undefined,
    );
    tails.set(key, settled);
    void settled.then(() => {
      if (tails.get(key) === settled) tails.delete(key);
    });
    return mine;
  };
}
