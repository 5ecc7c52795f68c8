import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { noteTestThings, removeTestThings } from '../../controller/setup/test-things.ts';

/** Has one network in the stack `mine` and a volume of each name; notes what is removed. */
const docker = `#!${process.execPath}
const fs = require('node:fs');
const [kind, verb, ...rest] = process.argv.slice(2);
const log = __dirname + '/removed';
const removed = fs.existsSync(log) ? fs.readFileSync(log, 'utf8').split('\\n') : [];
const label = rest.find((text) => text.startsWith('label='));
if (verb === 'ls' && kind === 'network' && label === 'label=com.docker.stack.namespace=mine' && !removed.includes('network internal')) console.log('internal');
if (verb === 'ls' && kind === 'volume' && label === undefined) console.log('mine_data\\ntheirs_data');
if (verb === 'rm') fs.appendFileSync(log, rest.map((name) => kind + ' ' + name + '\\n').join(''));
`;

let place: string;
let notes: string;

beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'ci-warm-notes-'));
  notes = join(place, 'tests');
  await mkdir(join(place, 'bin'));
  await writeFile(join(place, 'bin', 'package.json'), '{"type":"commonjs"}');
  await writeFile(join(place, 'bin', 'docker'), docker);
  await chmod(join(place, 'bin', 'docker'), 0o755);
  vi.stubEnv('PATH', `${join(place, 'bin')}:${process.env['PATH'] ?? ''}`);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(place, { recursive: true, force: true });
});

/** A process that has ended. */
function deadPid(): number {
  return spawnSync(process.execPath, ['--version']).pid;
}

async function removed(): Promise<readonly string[]> {
  const text = await readFile(join(place, 'bin', 'removed'), 'utf8').catch(() => '');
  return text.split('\n').filter((line) => line !== '');
}

describe('what live tests leave when they are interrupted', () => {
  test('goes by the names that they wrote down, and the note with it', async () => {
    await mkdir(notes);
    const note = { stacks: ['mine'], images: ['ci-warm-test/mine:1'] };
    await writeFile(join(notes, `${String(deadPid())}-abc.json`), JSON.stringify(note));

    expect(await removeTestThings(notes)).toEqual({ ended: 1, running: 0 });

    expect(await removed()).toEqual([
      'network internal',
      'volume mine_data',
      'image ci-warm-test/mine:1',
    ]);
    expect(await readdir(notes)).toEqual([]);
  });

  test('R2: a test that still runs keeps what it has', async () => {
    noteTestThings({ stacks: ['mine'], images: ['ci-warm-test/mine:1'] }, notes);

    expect(await removeTestThings(notes)).toEqual({ ended: 0, running: 1 });

    expect(await removed()).toEqual([]);
    expect(await readdir(notes)).toHaveLength(1);
  });

  test('a test that took its things away itself leaves no note', async () => {
    noteTestThings({ stacks: ['mine'], images: [] }, notes)();

    expect(await readdir(notes)).toEqual([]);
  });

  test('a note that was killed while it was written names nothing', async () => {
    await mkdir(notes);
    await writeFile(join(notes, `${String(deadPid())}-abc.json`), '{"stacks":["mi');

    expect(await removeTestThings(notes)).toEqual({ ended: 1, running: 0 });

    expect(await removed()).toEqual([]);
  });
});
