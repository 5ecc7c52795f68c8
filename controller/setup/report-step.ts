/** One line a step on stderr: what it did, or that it was there, and how long it took. */

const nameWidth = 10;

/** `work` returns what to say. */
export async function reportStep(name: string, work: () => Promise<string>): Promise<void> {
  const startedAtMs = performance.now();
  const said = await work();
  const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
  process.stderr.write(`${name.padEnd(nameWidth)} ${said} (${seconds} s)\n`);
}

/** For a step that takes long: a line before, so that nobody thinks that it hangs. */
export function announce(name: string, sentence: string): void {
  process.stderr.write(`${name.padEnd(nameWidth)} ${sentence} …\n`);
}
