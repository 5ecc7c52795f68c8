import { readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readLeaseHolder } from '../../../controller/adapters/files/lease-holder.ts';
import { temporaryDirectory } from './samples.ts';

describe('what a state directory is called in leases', () => {
  test('stays the same, begins with the host, and is another one for each directory', async () => {
    const [one, other] = [temporaryDirectory(), temporaryDirectory()];

    const first = await readLeaseHolder(one);

    expect(first.startsWith(`${hostname()}/`)).toBe(true);
    expect(await readLeaseHolder(one)).toBe(first);
    expect(await readLeaseHolder(other)).not.toBe(first);
  });

  test('is made anew when the file is damaged', async () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, 'lease-holder'), 'dev.ci-warm=\n');

    const holder = await readLeaseHolder(directory);

    expect(holder).toBe(
      `${hostname()}/${readFileSync(join(directory, 'lease-holder'), 'utf8').trim()}`,
    );
    expect(holder).not.toContain('=');
  });
});
