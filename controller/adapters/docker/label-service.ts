/**
 * Writes labels of a service and nothing else. Swarm replaces a task when what the task was made from changes; labels of
 * the service itself are no part of that.
 *
 * The spec is read whole and written back whole, in the newest version that the Engine speaks, so that nothing of it is
 * lost on the way; with the version that was read, so that nobody's write in between is undone. The registry credentials
 * are those that the service has.
 */
import { CiWarmError } from '../../model/failure.ts';
import type { Engine } from '../../ports/engine.ts';
import type { Connection } from './connect.ts';
import { isNotFound } from './errors.ts';

type Change = Parameters<Engine['labelService']>[1];
type Labels = Readonly<Record<string, string>>;

interface RawWhole {
  readonly Version: { readonly Index: number };
  readonly Spec: { readonly Name?: string; readonly Labels?: Labels | null };
}

/** As the port says. L4: an update that answered an error is read again before it counts as failed. */
export async function labelService(
  connection: Connection,
  id: string,
  change: Change,
  signal: AbortSignal,
): Promise<void> {
  const service = await read(connection, id, signal);
  const { Labels } = service.Spec;
  if (isAsWanted(Labels, change)) return;
  const { Index } = service.Version;
  if (change.ifVersion !== undefined && change.ifVersion !== Index) {
    throw new CiWarmError(
      'conflict',
      `service ${service.Spec.Name ?? id} was written by somebody else since it was looked at; it is looked at again.`,
    );
  }
  const dropped = new Set(change.drop);
  const kept = Object.entries(Labels ?? {}).filter(([name]) => !dropped.has(name));
  const spec = { ...service.Spec, Labels: { ...Object.fromEntries(kept), ...change.set } };
  try {
    await connection.askInFull(`label service ${id}`, signal, (docker, abortSignal) => {
      const query = { version: Index, registryAuthFrom: 'spec' };
      return docker.getService(id).update({ _query: query, _body: spec, abortSignal });
    });
  } catch (failure) {
    if (signal.aborted) throw failure;
    const now = await read(connection, id, signal);
    if (!isAsWanted(now.Spec.Labels, change)) throw failure;
  }
}

function isAsWanted(labels: Labels | null | undefined, { set, drop }: Change): boolean {
  return (
    Object.entries(set).every(([name, value]) => labels?.[name] === value) &&
    drop.every((name) => labels?.[name] === undefined)
  );
}

async function read(connection: Connection, id: string, signal: AbortSignal): Promise<RawWhole> {
  try {
    const raw: unknown = await connection.askInFull(
      `look at service ${id}`,
      signal,
      (docker, abortSignal) => docker.getService(id).inspect({ abortSignal }),
    );
    return raw as RawWhole;
  } catch (failure) {
    if (!isNotFound(failure)) throw failure;
    throw new CiWarmError('conflict', `service ${id} is gone: somebody removed it.`, failure);
  }
}
