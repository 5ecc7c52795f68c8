/**
 * The port `Images`: present before anything is stopped (U2), pinned once.
 *
 * A tag is resolved by asking the registry and pulled by the digest that it named, so what is present is what was
 * pinned. Where the registry gives none, what is here already is good enough to be pinned: a way back must not depend
 * on a registry.
 */
import { CiWarmError, reasonOf } from '../../model/failure.ts';
import { isImageId, parseImageReference } from '../../model/image-reference.ts';
import type { ImageReference } from '../../model/image-reference.ts';
import type { Images } from '../../ports/images.ts';
import type { Connection } from './connect.ts';
import { dialStream, readBounded } from './dial.ts';
import { isNotFound, isRegistrySilent } from './errors.ts';
import { pull } from './pull.ts';
import { readRegistryAuth } from './registry-auth.ts';

const askRegistryMs = 45_000;
const answerBytesMax = 1_048_576;

interface LocalImage {
  readonly id: string;
  readonly repoDigests: readonly string[];
}

/** Makes the port; asks nothing yet. */
export function createImages(connection: Connection): Images {
  return {
    ensure: (reference, signal) => ensure(connection, reference, signal),
    ofContainer: (containerId, reference, signal) =>
      ofContainer(connection, containerId, reference, signal),
    isPresent: async (pinned, signal) =>
      (await inspect(connection, pinnedName(pinned), signal)) !== undefined,
  };
}

async function ensure(
  connection: Connection,
  reference: string,
  signal: AbortSignal,
): Promise<string> {
  if (isImageId(reference)) {
    if ((await inspect(connection, reference, signal)) !== undefined) return reference;
    throw new CiWarmError(
      'image-missing',
      `image ${reference} is not on this host, and no registry can be asked for an id. Build or load it again.`,
    );
  }
  const image = parseImageReference(reference);
  if (image.digest !== undefined) return makePresent(connection, image, image.digest, signal);

  const local = await inspect(connection, reference, signal);
  const pinnedHere = local?.repoDigests.find((each) => each.startsWith(`${image.name}@`));
  // It was never pulled or pushed by this name: asking a registry would take as long as a name server takes to fail.
  if (local !== undefined && pinnedHere === undefined) return local.id;
  let digest: string;
  try {
    digest = await resolve(connection, image, signal);
  } catch (failure) {
    if (pinnedHere === undefined || signal.aborted) throw failure;
    return pinnedHere;
  }
  const pinned = await makePresent(connection, image, digest, signal);
  if (pinned !== pinnedHere) await tag(connection, pinned, image, signal);
  return pinned;
}

/** By the image's id: a name may have moved to another image since the container was made. */
async function ofContainer(
  connection: Connection,
  containerId: string,
  reference: string,
  signal: AbortSignal,
): Promise<string> {
  const id = await connection
    .ask(`look at container ${containerId}`, signal, async (docker) => {
      return (await docker.getContainer(containerId).inspect()).Image;
    })
    .catch((failure: unknown) => {
      if (isNotFound(failure)) return '';
      throw failure;
    });
  const image = id === '' ? undefined : await inspect(connection, id, signal);
  if (image === undefined) {
    throw new CiWarmError(
      'image-missing',
      `the image of ${reference} that runs cannot be found on this host: container ${containerId} or its image is gone.`,
    );
  }
  const { name } = parseImageReference(reference);
  return image.repoDigests.find((each) => each.startsWith(`${name}@`)) ?? image.id;
}

/** As a pull by tag would: without it the image could not be found by its tag while the registry is away. */
async function tag(
  connection: Connection,
  pinned: string,
  image: ImageReference,
  signal: AbortSignal,
): Promise<void> {
  await connection.ask(`tag ${pinned}`, signal, (docker, abortSignal) =>
    docker.getImage(pinned).tag({ repo: image.name, tag: image.tag ?? 'latest', abortSignal }),
  );
}

/** The digest that the registry has for the tag. */
async function resolve(
  connection: Connection,
  image: ImageReference,
  signal: AbortSignal,
): Promise<string> {
  const tagged = `${image.name}:${image.tag ?? 'latest'}`;
  const registryAuth = await readRegistryAuth(image.registry, signal);
  return askedOfRegistry(
    connection.ask(
      `ask the registry for ${tagged}`,
      signal,
      async (docker, abortSignal) => {
        const path = `/distribution/${tagged}/json`;
        const request = { path, method: 'GET', query: {}, registryAuth } as const;
        const stream = await dialStream(docker, request, abortSignal);
        return digestOf((await readBounded(stream, answerBytesMax)).toString('utf8'));
      },
      askRegistryMs,
    ),
  );
}

/** That the Engine answered and its registry did not is another matter than an Engine that is silent. */
async function askedOfRegistry<Answer>(asked: Promise<Answer>): Promise<Answer> {
  try {
    return await asked;
  } catch (failure) {
    if (!isRegistrySilent(failure)) throw failure;
    throw new CiWarmError('registry-unavailable', reasonOf(failure), failure);
  }
}

function digestOf(answer: string): string {
  const { Descriptor } = JSON.parse(answer) as {
    readonly Descriptor?: { readonly digest?: unknown };
  };
  if (typeof Descriptor?.digest === 'string') return Descriptor.digest;
  throw new Error('the answer names no digest');
}

async function makePresent(
  connection: Connection,
  image: ImageReference,
  digest: string,
  signal: AbortSignal,
): Promise<string> {
  const pinned = `${image.name}@${digest}`;
  if ((await inspect(connection, pinned, signal)) === undefined) {
    const registryAuth = await readRegistryAuth(image.registry, signal);
    await pull(connection, { name: image.name, digest }, registryAuth, signal);
  }
  return pinned;
}

/** A pinned reference may carry a tag beside its digest, which the Engine does not look up. */
function pinnedName(pinned: string): string {
  if (isImageId(pinned)) return pinned;
  const { name, digest, tag } = parseImageReference(pinned);
  return digest === undefined ? `${name}:${tag ?? 'latest'}` : `${name}@${digest}`;
}

/** Undefined: it is not on this host. */
async function inspect(
  connection: Connection,
  name: string,
  signal: AbortSignal,
): Promise<LocalImage | undefined> {
  try {
    const raw = await connection.ask(`look for image ${name}`, signal, (docker) =>
      docker.getImage(name).inspect(),
    );
    const repoDigests = raw.RepoDigests as readonly string[] | null | undefined;
    return { id: raw.Id, repoDigests: repoDigests ?? [] };
  } catch (failure) {
    if (isNotFound(failure)) return undefined;
    throw failure;
  }
}
