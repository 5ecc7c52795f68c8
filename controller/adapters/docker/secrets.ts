/**
 * The port `Secrets`: Swarm's store, in which values go in and never come out.
 *
 * A create that answers an error may have been done all the same (seen in a loss of quorum), so it is looked up before
 * it counts as failed (L4). A value is in the one request that stores it, and in no message.
 */
import type { Secrets } from '../../ports/secrets.ts';
import type { Connection } from './connect.ts';
import type { RawStored } from './raw.ts';
import { toStored } from './view.ts';

/** Makes the port; asks nothing yet. */
export function createSecrets(connection: Connection): Secrets {
  return {
    list: (stack, signal) => listByPrefix(connection, `${stack}_`, signal),
    async ensure({ name, value, labels }, signal) {
      const there = (await listByPrefix(connection, name, signal)).get(name);
      if (there !== undefined) return { id: there };
      const secret = { Name: name, Data: value.toString('base64'), Labels: { ...labels } };
      try {
        const made: unknown = await connection.ask(
          `make secret ${name}`,
          signal,
          (docker, abortSignal) =>
            // Without `_query` the library writes the body's fields into the URL as well, the value with them.
            docker.createSecret({ _query: {}, _body: secret, abortSignal }),
        );
        return { id: (made as { readonly id: string }).id };
      } catch (failure) {
        const id = (await listByPrefix(connection, name, signal)).get(name);
        if (id === undefined) throw failure;
        return { id };
      }
    },
  };
}

/** Names to ids. Swarm's filter by name is one by its beginning. */
async function listByPrefix(
  connection: Connection,
  prefix: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const secrets: unknown = await connection.ask(
    `list secrets of ${prefix}`,
    signal,
    (docker, abortSignal) => docker.listSecrets({ filters: { name: [prefix] }, abortSignal }),
  );
  return new Map(
    (secrets as readonly RawStored[])
      .map((raw) => toStored(raw, 'secret'))
      .filter(({ name }) => name.startsWith(prefix))
      .map(({ name, id }) => [name, id]),
  );
}
