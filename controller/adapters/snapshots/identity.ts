/** Whether a snapshot belongs to the app as it is now (S3). Compares; reads and writes nothing. */
import type { SnapshotIdentity, SnapshotManifest, VolumePlace } from '../../model/snapshot.ts';

const FIELDS = ['app', 'recipe', 'domain', 'stack', 'nodeId'] as const;
const FIELD_NAMES: Readonly<Record<(typeof FIELDS)[number], string>> = {
  app: 'app',
  recipe: 'recipe',
  domain: 'domain',
  stack: 'stack',
  nodeId: 'node',
};

/**
 * Why the data may not be put back, as the end of a sentence that names the field; undefined when it belongs here.
 * Version, commit and images may differ: they are what a rollback changes.
 */
export function foreignTo(
  manifest: SnapshotManifest,
  identity: SnapshotIdentity,
  volumes: readonly VolumePlace[],
): string | undefined {
  for (const field of FIELDS) {
    const [was, is] = [manifest.identity[field], identity[field]];
    if (was !== is)
      return `its ${FIELD_NAMES[field]} is ${quoted(was)} and the app's is ${quoted(is)}`;
  }
  return (
    differenceOf('secret', manifest.identity.secrets, identity.secrets) ??
    differenceOf('volume', namesOf(manifest.volumes), namesOf(volumes))
  );
}

function differenceOf(
  what: string,
  was: Readonly<Record<string, string>>,
  is: Readonly<Record<string, string>>,
): string | undefined {
  for (const name of [...new Set([...Object.keys(was), ...Object.keys(is)])].sort()) {
    if (was[name] === undefined)
      return `the app has a ${what} ${quoted(name)} that it does not know`;
    if (is[name] === undefined)
      return `it has a ${what} ${quoted(name)} that the app does not have`;
    if (was[name] !== is[name]) return `the ${what} ${quoted(name)} is another one now`;
  }
  return undefined;
}

function namesOf(
  volumes: readonly { readonly volume: string; readonly name: string }[],
): Record<string, string> {
  return Object.fromEntries(volumes.map(({ volume, name }) => [volume, name]));
}

function quoted(text: string): string {
  return `\`${text}\``;
}
