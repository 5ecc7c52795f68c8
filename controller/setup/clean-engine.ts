/**
 * What an Engine and its packages leave behind when they are purged: Docker's bridge, its group, sockets and folders that no
 * package's list names.
 *
 * Invariant (R2): called only for packages that were installed here, after nothing of anybody's was found in the Engine.
 */
import { readFile, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { attempt } from './command.ts';
import { findProgram, findProgramUnder } from './find-program.ts';
import { paths } from './paths.ts';

const group = 'docker';

/** Whether there is the group that the Engine's package makes, and that its removal leaves. */
export async function hasEngineGroup(groupFile = '/etc/group'): Promise<boolean> {
  return (await groupLine(groupFile)) !== undefined;
}

/** Takes it away, unless somebody has become a member of it since. */
export async function removeEngineGroup(groupFile = '/etc/group'): Promise<void> {
  // The members stand behind the last colon.
  if ((await groupLine(groupFile))?.endsWith(':') === true) await attempt('groupdel', [group]);
}

async function groupLine(groupFile: string): Promise<string | undefined> {
  const text = await readFile(groupFile, 'utf8').catch(() => '');
  return text.split('\n').find((line) => line.startsWith(`${group}:`));
}

/**
 * Takes away Docker's own bridge, which outlives it. Before the packages are purged, because the program that removes it
 * may be among them; where there is none, the busybox does it that the sample images were made with.
 */
export async function removeBridge(): Promise<void> {
  const program = await findProgram('ip');
  const busybox = await findProgramUnder(join(paths.unpacked, 'busybox-static'), 'busybox');
  const deletion = ['link', 'delete', 'docker0'];
  if (program !== undefined) await attempt(program, deletion);
  else if (busybox !== undefined) await attempt(busybox, ['ip', ...deletion]);
}

/**
 * Takes away what the purged packages left under `root`: the Engine's sockets and its key, and folders that are now empty.
 * A folder in which somebody has something stays. May be repeated.
 */
export async function removeLeftovers(packages: readonly string[], root = '/'): Promise<void> {
  const under = (path: string): string => join(root, path);
  const folders: string[] = [];
  if (packages.includes('docker.io')) {
    // The package's removal empties this folder and leaves it, as a mount onto itself; the key is the daemon's own.
    await attempt('umount', [under('var/lib/docker')]);
    await rm(under('etc/docker/key.json'), { force: true });
    // Where something is still mounted, it is gone with the next boot.
    await rm(under('run/docker'), { recursive: true, force: true }).catch(() => undefined);
    folders.push('var/lib/docker', 'etc/docker');
  }
  if (packages.includes('containerd')) {
    folders.push('run/containerd/s', 'run/containerd');
    folders.push('opt/containerd/bin', 'opt/containerd/lib', 'opt/containerd');
  }
  for (const folder of folders) await rmdir(under(folder)).catch(() => undefined);
}
