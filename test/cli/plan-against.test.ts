import { mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { known } from '../../controller/model/known.ts';
import { ciWarm, type Answer } from '../build/ci-warm.ts';
import { fullWorld, textOf } from '../build/recorded-world.ts';

const tree = `apiVersion: ci-warm.dev/v1
kind: Settings
metadata: { name: host }
spec: { baseDomain: ci.example.org }
`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ci-warm-against-'));
  writeFileSync(join(folder, 'all.yaml'), tree);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** With an Engine that nobody can reach, and nothing of this host's own state. */
function plan(...args: readonly string[]): Promise<Answer> {
  const env = { DOCKER_HOST: `unix://${join(folder, 'no.sock')}` };
  return ciWarm(['plan', '--desired', folder, '--state', 'no-state', ...args], {
    cwd: folder,
    env,
  });
}

describe('plan --against', () => {
  test.each([
    {
      name: 'no file',
      text: undefined,
      says: /world\.json cannot be planned against: there is no/,
    },
    { name: 'a file that was cut', text: textOf(fullWorld).slice(0, 900), says: /cut short/ },
    {
      name: 'a file of another version',
      text: textOf(fullWorld).replace('ci-warm.dev/v1', 'ci-warm.dev/v2'),
      says: /another version of the format than ci-warm\.dev\/v1/,
    },
    {
      name: 'a file with mistakes',
      text: textOf({ ...fullWorld, records: {} })
        .replace('"recordedAt"', '"at"')
        .replace('"atMs"', '"ms"'),
      says: /against:\n {2}\/recordedAt is missing\n {2}\/swarm\/value\/atMs is missing\n/,
    },
  ])('$name is a mistake of input, with what to do', async ({ text, says }) => {
    const file = join(folder, 'world.json');
    rmSync(file, { force: true });
    if (text !== undefined) writeFileSync(file, text);

    const { exitCode, stdout, stderr } = await plan('--against', file);

    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(says);
    expect(stderr).toContain(
      `\nNext: ci-warm plan --state no-state --desired ${folder} --record ${file}`,
    );
  });

  test('and --record at once is a mistake of usage', async () => {
    const { exitCode } = await plan('--against', 'a.json', '--record', 'b.json');

    expect(exitCode).toBe(2);
  });
});

const recipe = `apiVersion: ci-warm.dev/v1
kind: Recipe
metadata: { name: book }
spec: { url: https://git.example.org/book.git }
`;

describe('a tree that lacks what was applied when the world was recorded', () => {
  const applied = (objects: readonly string[]) => ({
    path: '/recorded/desired.json',
    last: known({
      ...{ revision: 'sha256:0001', origin: null, appliedAt: '2026-11-21T09:30:00.000Z' },
      objects,
    }),
  });

  test.each([
    { name: 'more than half', objects: ['Recipe/book', 'WarmApp/a', 'WarmApp/b'], exitCode: 2 },
    { name: 'half', objects: ['Recipe/book', 'WarmApp/a'], exitCode: 0 },
  ])('is planned as the controller would: $name of it', async ({ objects, exitCode }) => {
    const file = join(folder, 'before.json');
    writeFileSync(join(folder, 'book.yaml'), recipe);
    writeFileSync(file, textOf({ ...fullWorld, applied: applied(objects) }));

    const answer = await plan('--against', file);
    rmSync(join(folder, 'book.yaml'));

    expect(answer.exitCode).toBe(exitCode);
    if (exitCode === 0) return;
    expect(answer.stdout).toBe('');
    expect(answer.stderr).toContain('2 of 3 objects would be gone at once (WarmApp/a, WarmApp/b)');
    expect(answer.stderr).toContain('put them back, or remove them in steps of at most half');
    expect(answer.stderr).toContain('rm /recorded/desired.json');
  });
});

describe('plan --record', () => {
  test.each([
    { name: 'a directory', place: '.', says: 'is a directory' },
    { name: 'a place in no directory', place: 'none/world.json', says: 'there is no directory' },
  ])('refuses $name', async ({ place, says }) => {
    const before = readdirSync(folder);

    const { exitCode, stderr } = await plan('--record', join(folder, place));

    expect(exitCode).toBe(2);
    expect(stderr).toContain(says);
    expect(readdirSync(folder)).toEqual(before);
  });

  test('L1: of a host without Docker says what it does not know, and a plan against it, too', async () => {
    symlinkSync('real.json', join(folder, 'link.json'));
    writeFileSync(join(folder, 'real.json'), '', { mode: 0o644 });

    const recorded = await plan('--record', 'link.json', '-o', 'json');
    const again = await plan('--against', 'link.json', '-o', 'json');

    expect(recorded.stderr).toContain('0 apps, 0 recipes; not known in it: the Swarm');
    expect(again.stderr).toContain('0 apps, 0 recipes; not known in it: the Swarm');
    expect(JSON.parse(again.stdout)).toEqual(JSON.parse(recorded.stdout));
    expect(statSync(join(folder, 'real.json')).mode & 0o777).toBe(0o600);
  });
});
