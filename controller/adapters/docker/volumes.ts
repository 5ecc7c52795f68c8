/**
 * The port `Volumes`: Docker volumes that are binds onto a folder of ours.
 *
 * Docker answers a create of an existing volume with success and changes nothing, so what is there afterwards is
 * compared (L4).
 */
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { CiWarmError } from '../../model/failure.ts';
import { label, type VolumeView } from '../../model/swarm.ts';
import type { Volumes } from '../../ports/volumes.ts';
import { ensureNestedDirectory } from '../files/atomic-write.ts';
import { errorCode } from '../files/fs.ts';
import type { Connection } from './connect.ts';
import { isNotFound } from './errors.ts';
import type { RawVolume } from './raw.ts';
import { toVolume } from './view.ts';

/** Makes the port; asks nothing yet. */
export function createVolumes(connection: Connection): Volumes {
  return {
    async ensureBindVolume(volume, signal) {
      const existing = await inspect(connection, volume.name, signal);
      if (existing !== undefined) {
        const path = dataOf(existing, volume.path);
        if (await isSetAside(path)) await ensureNestedDirectory(path);
        if (path === volume.path) await refuseLost(volume.name, path);
        return { path };
      }
      // Durably: a volume whose folder a power cut took back is one that Docker refuses to mount, for ever.
      await ensureNestedDirectory(volume.path);
      return { path: dataOf(await create(connection, volume, signal), volume.path) };
    },
    async removeBindVolume({ name, path, labels }, signal) {
      const volume = await inspect(connection, name, signal);
      if (volume === undefined) return true;
      const isOurs =
        boundTo(volume) === path &&
        Object.entries(labels).every(([key, value]) => volume.labels[key] === value);
      if (!isOurs) return false;
      try {
        await connection.ask(`remove volume ${name}`, signal, (docker, abortSignal) =>
          docker.getVolume(name).remove({ abortSignal }),
        );
      } catch (failure) {
        if (!isNotFound(failure)) throw failure;
      }
      return true;
    },
    async find(name, signal) {
      const volume = await inspect(connection, name, signal);
      if (volume === undefined) return undefined;
      return { path: boundTo(volume) ?? volume.mountpoint, stack: volume.labels[label.stack] };
    },
  };
}

interface BindVolume {
  readonly name: string;
  readonly path: string;
  readonly labels: Readonly<Record<string, string>>;
}

async function create(
  connection: Connection,
  { name, path, labels }: BindVolume,
  signal: AbortSignal,
): Promise<VolumeView> {
  const wanted = {
    Name: name,
    Driver: 'local',
    DriverOpts: { type: 'none', o: 'bind', device: path },
    Labels: { ...labels },
  };
  try {
    await connection.ask(`make volume ${name}`, signal, (docker, abortSignal) =>
      docker.createVolume({ ...wanted, abortSignal }),
    );
  } catch (failure) {
    const made = await inspect(connection, name, signal);
    if (made === undefined) throw failure;
    return made;
  }
  const made = await inspect(connection, name, signal);
  if (made !== undefined) return made;
  throw new CiWarmError(
    'conflict',
    `volume ${name} was gone as soon as it was made: something else on this host removes volumes.`,
  );
}

/** The folder that holds the volume's data. Throws `conflict` for a volume that is neither ours nor a plain one. */
function dataOf(volume: VolumeView, path: string): string {
  const bound = boundTo(volume);
  if (bound === path) return path;
  const isPlain = volume.driver === 'local' && Object.keys(volume.options).length === 0;
  if (isPlain) return volume.mountpoint;
  const options = Object.entries(volume.options).map(([key, value]) => `${key}=${value}`);
  throw new CiWarmError(
    'conflict',
    `volume ${volume.name} exists with other options (driver ${volume.driver}; ${options.join(', ')}) than a bind onto ` +
      `${path}. See what it holds (\`docker volume inspect ${volume.name}\`); remove it, or give the app another name.`,
  );
}

/** The folder that a bind volume shows; undefined for every other kind. */
function boundTo(volume: VolumeView): string | undefined {
  const { type, o, device } = volume.options;
  return volume.driver === 'local' && type === 'none' && o === 'bind' ? device : undefined;
}

/**
 * Throws `conflict` where the folder of a bind of ours is gone. It is not made: an app must not start on nothing where
 * its data was lost. Left to Docker, each of its tasks would be rejected, and the release blamed for it.
 */
async function refuseLost(name: string, path: string): Promise<void> {
  try {
    await stat(path);
    return;
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
  throw new CiWarmError(
    'conflict',
    `the data of volume ${name} is gone: there is no ${path}. Put the folder back from a backup, or go back to the ` +
      `snapshot (ci-warm snapshot restore); to begin anew, remove the volume (docker volume rm ${name})`,
  );
}

/**
 * Whether a rollback has moved the volume's data away (`aside-<operation>` beside it): then the volume is as good as new,
 * and Docker would refuse to mount it.
 */
async function isSetAside(path: string): Promise<boolean> {
  const beside = await readdir(dirname(path)).catch((): string[] => []);
  return !beside.includes(basename(path)) && beside.some((name) => name.startsWith('aside-'));
}

async function inspect(
  connection: Connection,
  name: string,
  signal: AbortSignal,
): Promise<VolumeView | undefined> {
  try {
    const raw: unknown = await connection.ask(
      `look for volume ${name}`,
      signal,
      (docker, abortSignal) => docker.getVolume(name).inspect({ abortSignal }),
    );
    return toVolume(raw as RawVolume);
  } catch (failure) {
    if (isNotFound(failure)) return undefined;
    throw failure;
  }
}
