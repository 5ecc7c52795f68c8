import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeFileAtomic } from '../../../controller/adapters/files/atomic-write.ts';
import { removeLeftovers } from '../../../controller/adapters/files/leftovers.ts';
import { temporaryDirectory } from './samples.ts';
import { watchedFs } from './watched-fs.ts';

async function killedWrite(path: string): Promise<void> {
  const fs = watchedFs({ at: 3, kind: 'kill' });
  await writeFileAtomic(path, 'x', { fs }).catch(() => undefined);
}

describe('removeLeftovers', () => {
  test('removes what killed writers left wherever state is written, and nothing else', async () => {
    const stateDir = temporaryDirectory();
    const folders = ['guestbook', 'alerts/seen', 'status/warmapp', 'guestbook/volumes/data/data'];
    for (const folder of folders) mkdirSync(join(stateDir, folder), { recursive: true });
    const written = ['guestbook/last_good', 'alerts/a.json', 'alerts/seen/b.json', 'status/i.json'];
    for (const path of [...written, 'status/warmapp/c.json', 'guestbook/volumes/data/data/d']) {
      await killedWrite(join(stateDir, path));
    }
    writeFileSync(join(stateDir, 'guestbook', '.keep.tmp'), 'mine');

    const removed = await removeLeftovers(stateDir);

    expect(removed).toBe(5);
    expect(readdirSync(join(stateDir, 'guestbook')).sort()).toEqual(['.keep.tmp', 'volumes']);
    expect(readdirSync(join(stateDir, 'guestbook', 'volumes', 'data', 'data'))).toHaveLength(1);
    expect(await removeLeftovers(stateDir)).toBe(0);
  });

  test('makes the names durable that a killed writer did not live to sync', async () => {
    const stateDir = temporaryDirectory();
    for (const folder of ['guestbook', 'alerts/seen', 'status/warmapp', 'guestbook/volumes']) {
      mkdirSync(join(stateDir, folder), { recursive: true });
    }
    const fs = watchedFs();

    await removeLeftovers(stateDir, fs);

    const synced = fs.effects.map((effect) => effect.replace(`syncdir ${stateDir}`, ''));
    const folders = ['', '/alerts', '/alerts/seen', '/guestbook', '/status', '/status/warmapp'];
    expect(synced.sort()).toEqual(folders);
  });

  test('a state directory that is still empty has none', async () => {
    expect(await removeLeftovers(temporaryDirectory())).toBe(0);
  });
});
