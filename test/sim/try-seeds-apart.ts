/** Tries seeds in a process of its own (seeds.ts says why). */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const program = fileURLToPath(new URL('seeds.ts', import.meta.url));

/** What `trySeeds` answers. Throws what made it end, with what it said, when it did not end well. */
export async function trySeedsApart(from: number, count: number): Promise<string> {
  const args = [program, String(from), String(count)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return stdout;
}
