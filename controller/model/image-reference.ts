/** Names of images as Docker understands them. Pure. */

export interface ImageReference {
  /** As Docker shows it: without `docker.io/` and `library/`. */
  readonly name: string;
  /** Undefined where the reference is pinned by digest. */
  readonly tag: string | undefined;
  /** `sha256:…` of the manifest. */
  readonly digest: string | undefined;
  /** Host and port of the registry, as credentials are stored for it. */
  readonly registry: string;
}

const dockerHub = 'docker.io';
const imageId = /^sha256:[0-9a-f]{64}$/;

/** Whether it is the id of an image on this host rather than a name. */
export function isImageId(reference: string): boolean {
  return imageId.test(reference);
}

/** Takes a reference apart; a missing tag is `latest`. A digest wins over a tag beside it. */
export function parseImageReference(reference: string): ImageReference {
  const at = reference.indexOf('@');
  const digest = at < 0 ? undefined : reference.slice(at + 1);
  const tagged = at < 0 ? reference : reference.slice(0, at);
  // A colon before the last slash belongs to the registry's port.
  const colon = tagged.indexOf(':', tagged.lastIndexOf('/') + 1);
  const full = colon < 0 ? tagged : tagged.slice(0, colon);
  const tag = colon < 0 ? 'latest' : tagged.slice(colon + 1);
  const { registry, name } = splitRegistry(full);
  return { name, tag: digest === undefined ? tag : undefined, digest, registry };
}

function splitRegistry(full: string): { readonly registry: string; readonly name: string } {
  const slash = full.indexOf('/');
  const first = slash < 0 ? '' : full.slice(0, slash);
  const isHost = first === 'localhost' || first.includes('.') || first.includes(':');
  if (isHost && first !== dockerHub && first !== `index.${dockerHub}`) {
    return { registry: first, name: full };
  }
  const path = isHost ? full.slice(slash + 1) : full;
  return { registry: dockerHub, name: path.replace(/^library\//, '') };
}
