/**
 * Who has a folder mounted, by what the kernel says (`/proc/<pid>/mountinfo`): it needs no answer from Docker and sees
 * containers that outlived their Engine (S1).
 *
 * A mount names the device and the path *within* that file system, so a folder is looked for by both: the path that
 * people use is no help where the state directory is a file system of its own.
 */
import { readFile, readdir, readlink, realpath } from 'node:fs/promises';
import { CiWarmError, reasonOf } from '../../model/failure.ts';

export interface Mount {
  /** Major and minor number, as `8:1`. */
  readonly device: string;
  /** What of the file system is mounted: `/` is all of it. */
  readonly root: string;
  readonly mountPoint: string;
}

/** A folder as mounts name it. */
export interface Place {
  readonly device: string;
  readonly pathWithin: string;
  /** The mount through which the folder is reached here. */
  readonly via: Mount;
}

/** The lines of a mountinfo file; lines that are none are left out. Pure. */
export function parseMountinfo(text: string): readonly Mount[] {
  return text.split('\n').flatMap((line) => {
    const [, , device, root, mountPoint] = line.split(' ');
    return device === undefined || root === undefined || mountPoint === undefined
      ? []
      : [{ device, root: unescape(root), mountPoint: unescape(mountPoint) }];
  });
}

/** Where an absolute path without links is, given the mounts of whoever uses the path. Pure. */
export function placeOf(path: string, mounts: readonly Mount[]): Place | undefined {
  // The longest mount point that holds the path; of equals the last, which lies over the others.
  let best: Mount | undefined;
  for (const mount of mounts) {
    const isLonger = best === undefined || mount.mountPoint.length >= best.mountPoint.length;
    if (isLonger && isWithin(path, mount.mountPoint)) best = mount;
  }
  if (best === undefined) return undefined;
  const rest = best.mountPoint === '/' ? path : path.slice(best.mountPoint.length);
  const pathWithin = best.root === '/' ? (rest === '' ? '/' : rest) : `${best.root}${rest}`;
  return { device: best.device, pathWithin, via: best };
}

/**
 * Whether a mount shows the folder itself or something in it. One of something around it does not count, nor does the
 * one that makes the folder reachable at all where the folder is a file system of its own. Pure.
 */
export function shows(mount: Mount, { device, pathWithin, via }: Place): boolean {
  if (mount.device !== device || !isWithin(mount.root, pathWithin)) return false;
  return mount.root !== via.root || mount.mountPoint !== via.mountPoint;
}

/**
 * One sentence for each process (one for each set of mounts, which the processes of a container share) that has one of
 * these folders mounted. Folders that do not exist are used by nobody. Errors: `no-answer` when a process's mounts may
 * not be read: that would not be a look at all of them.
 */
export async function processesThatMount(paths: readonly string[]): Promise<readonly string[]> {
  const own = parseMountinfo(await readFile('/proc/self/mountinfo', 'utf8'));
  const places = (await Promise.all(paths.map(resolved))).flatMap((path) => {
    const place = path === undefined ? undefined : placeOf(path, own);
    return path === undefined || place === undefined ? [] : [{ path, place }];
  });
  if (places.length === 0) return [];
  const ownSpace = await mountSpaceOf('self');
  const seen = new Set<string>();
  const users: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const space = await mountSpaceOf(pid);
    if (space !== undefined && seen.has(space)) continue;
    const mounts = await mountsOf(pid);
    if (space !== undefined && mounts.length > 0) seen.add(space);
    for (const { path, place } of places) {
      const mount = mounts.find((each) => shows(each, place));
      if (mount === undefined) continue;
      const who =
        space === ownSpace && space !== undefined
          ? 'this host itself'
          : `process ${pid} (${await commandOf(pid)})`;
      users.push(`${who} has ${path} mounted at ${mount.mountPoint}`);
    }
  }
  return users;
}

/** Undefined: there is no such folder. */
async function resolved(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT') return undefined;
    throw new CiWarmError('no-answer', `look who uses ${path}: ${reasonOf(thrown)}`, thrown);
  }
}

/** The mounts of a process; none when it has ended. */
async function mountsOf(pid: string): Promise<readonly Mount[]> {
  try {
    return parseMountinfo(await readFile(`/proc/${pid}/mountinfo`, 'utf8'));
  } catch (thrown) {
    // Ended meanwhile, or ended and not yet waited for.
    if (['ENOENT', 'ESRCH', 'EINVAL'].includes(errnoOf(thrown) ?? '')) return [];
    throw new CiWarmError(
      'no-answer',
      `look which processes use the app's data: ${reasonOf(thrown)}. Run ci-warm as root.`,
      thrown,
    );
  }
}

/** Only saves reading the same mounts again: some systems hide it where they show the mounts themselves. */
async function mountSpaceOf(pid: string): Promise<string | undefined> {
  try {
    return await readlink(`/proc/${pid}/ns/mnt`);
  } catch {
    return undefined;
  }
}

async function commandOf(pid: string): Promise<string> {
  try {
    return (await readFile(`/proc/${pid}/comm`, 'utf8')).trim();
  } catch {
    return 'ended';
  }
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`);
}

/** Spaces, tabs, newlines and backslashes stand as octal numbers. */
function unescape(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}

function errnoOf(thrown: unknown): string | undefined {
  const code = (thrown as { readonly code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}
