/** The release that a snapshot's data belongs to: what a restore deploys, and what a drill boots. */
import type { LastGood, ReleaseSpec } from '../model/release.ts';
import { parseCommitSha, type CommitSha } from '../model/names.ts';
import type { SnapshotManifest } from '../model/snapshot.ts';
import type { Context } from './context.ts';
import { releaseSpecOf } from './identity.ts';

/**
 * As it was when the snapshot was taken: commit, images and configuration. A manifest that does not say its
 * configuration yet gets that of today. Undefined where its commit is none, which the schema rules out.
 */
export function releaseOfSnapshot(
  { identity, takenAt }: SnapshotManifest,
  context: Pick<Context, 'app' | 'identity'>,
): LastGood | undefined {
  const commit = parseCommitSha(identity.commit);
  if (commit === undefined) return undefined;
  const { version, images, recipe, domain, stack, nodeId } = identity;
  const spec = specOf(identity, commit, context);
  return { ...spec, version, images, recipe, domain, stack, nodeId, provedAt: takenAt };
}

function specOf(
  { version, env, specHash }: SnapshotManifest['identity'],
  commit: CommitSha,
  { app, identity }: Pick<Context, 'app' | 'identity'>,
): ReleaseSpec {
  return env === undefined
    ? releaseSpecOf(identity, app, { tag: version, commit })
    : { version, commit, env, specHash };
}

/** Without what only `last_good.json` says. */
export function specOfRelease({ version, commit, env, specHash }: LastGood): ReleaseSpec {
  return { version, commit, env, specHash };
}
