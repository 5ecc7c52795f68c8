import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  hasEngineGroup,
  removeBridge,
  removeEngineGroup,
  removeLeftovers,
} from '../../controller/setup/clean-engine.ts';

const folders = [
  'var/lib/docker',
  'etc/docker',
  'run/docker/netns',
  'run/containerd/s',
  'opt/containerd/bin',
  'opt/containerd/lib',
];

let machine: string;

/** Stands for a program that changes the machine: notes how it was called. */
async function stub(name: string): Promise<void> {
  const file = join(machine, 'programs', name);
  await writeFile(file, `#!/bin/sh\necho ${name} "$@" >> ${join(machine, 'calls')}\n`);
  await chmod(file, 0o755);
}

async function calls(): Promise<string> {
  return readFile(join(machine, 'calls'), 'utf8').catch(() => '');
}

beforeEach(async () => {
  machine = await mkdtemp(join(tmpdir(), 'ci-warm-clean-engine-'));
  for (const folder of ['programs', ...folders])
    await mkdir(join(machine, folder), { recursive: true });
  for (const name of ['umount', 'groupdel', 'ip']) await stub(name);
  await writeFile(join(machine, 'etc/docker/key.json'), '{}');
  vi.stubEnv('PATH', `${join(machine, 'programs')}:${process.env['PATH'] ?? ''}`);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(machine, { recursive: true, force: true });
});

describe('when the packages of the Engine were purged', () => {
  test('nothing that they left is there any more', async () => {
    await removeLeftovers(['containerd', 'docker.io', 'runc'], machine);

    for (const folder of [
      'var/lib/docker',
      'etc/docker',
      'run/docker',
      'run/containerd',
      'opt/containerd',
    ]) {
      expect(existsSync(join(machine, folder)), folder).toBe(false);
    }
  });

  test('a containerd that was there before keeps its folders', async () => {
    await removeLeftovers(['docker.io'], machine);

    expect(existsSync(join(machine, 'opt/containerd/bin'))).toBe(true);
    expect(existsSync(join(machine, 'run/containerd'))).toBe(true);
  });

  test('an Engine that was there before keeps everything', async () => {
    await removeLeftovers(['zstd'], machine);

    for (const folder of folders) expect(existsSync(join(machine, folder)), folder).toBe(true);
    expect(existsSync(join(machine, 'etc/docker/key.json'))).toBe(true);
  });

  test('a folder in which somebody has something stays', async () => {
    await writeFile(join(machine, 'etc/docker/daemon.json'), '{}');
    await writeFile(join(machine, 'opt/containerd/bin/theirs'), '');

    await removeLeftovers(['containerd', 'docker.io'], machine);

    expect(existsSync(join(machine, 'etc/docker/daemon.json'))).toBe(true);
    expect(existsSync(join(machine, 'opt/containerd/bin/theirs'))).toBe(true);
    expect(existsSync(join(machine, 'opt/containerd/lib'))).toBe(false);
  });

  test('its bridge is taken away', async () => {
    await removeBridge();

    expect(await calls()).toBe('ip link delete docker0\n');
  });
});

describe('the group of the Engine', () => {
  test.each([
    { name: 'without members goes', group: 'docker:x:103:', removed: true },
    { name: 'stays while somebody is in it', group: 'docker:x:103:ada', removed: false },
    {
      name: 'is not taken for another of a longer name',
      group: 'dockerish:x:104:',
      removed: false,
    },
  ])('$name', async ({ group, removed }) => {
    const file = join(machine, 'etc/group');
    await writeFile(file, `root:x:0:\n${group}\nusers:x:100:\n`);

    await removeEngineGroup(file);

    expect(await calls()).toBe(removed ? 'groupdel docker\n' : '');
    expect(await hasEngineGroup(file)).toBe(group.startsWith('docker:'));
  });
});
