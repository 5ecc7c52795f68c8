/** Builders of what the state directory remembers of an app, and of transitions. */
import type {
  PhaseFailure,
  TransitionInput,
  TransitionSummary,
} from '../../controller/model/journal.ts';
import type { WarmAppSpec } from '../../controller/model/desired.ts';
import { emptyRecord } from '../../controller/report/recorded.ts';
import type { AppRecord } from '../../controller/model/record.ts';
import type { LastGood, Quarantine, ReleaseSpec } from '../../controller/model/release.ts';
import type { SnapshotManifest } from '../../controller/model/snapshot.ts';
import { digestOf } from '../../controller/model/digest.ts';
import { commitOf } from './recipe.ts';

function releaseSpec(version: string): ReleaseSpec {
  return { version, commit: commitOf(version), env: {}, specHash: digestOf(version) };
}

export function lastGood(app: WarmAppSpec, version: string): LastGood {
  return {
    ...releaseSpec(version),
    images: { app: `images.example.org/${app.name}@sha256:${'a'.repeat(64)}` },
    recipe: app.recipe,
    domain: app.domain,
    stack: app.stack,
    nodeId: 'node1',
    provedAt: '2026-11-20T10:00:00Z',
  };
}

export function quarantine(version: string, over: Partial<Quarantine> = {}): Quarantine {
  const { commit, specHash } = releaseSpec(version);
  return { version, commit, specHash, reason: 'CrashLoop', since: '2026-11-21T09:00:00Z', ...over };
}

export function failure(over: Partial<PhaseFailure> = {}): PhaseFailure {
  return {
    verdict: 'unhealthy',
    reason: 'CrashLoop',
    message: 'service app died 3 times without ever being healthy',
    lastLogs: [],
    noAnswer: false,
    ...over,
  };
}

export function transitionInput(
  app: WarmAppSpec,
  from: string | null,
  to: string,
  over: Partial<TransitionInput> = {},
): TransitionInput {
  return {
    app: {
      name: app.name,
      recipe: app.recipe,
      recipeUrl: `/srv/recipes/${app.recipe}.git`,
      driver: 'Stack',
      domain: app.domain,
      stack: app.stack,
      data: app.data,
      proxyNetwork: 'proxy',
      givenSecrets: [],
    },
    policy: {
      health: { probes: 'default', stableForMs: 10_000 },
      convergeMs: 600_000,
      bootMs: 300_000,
    },
    from: from === null ? null : lastGood(app, from),
    to: releaseSpec(to),
    snapshotId: null,
    reserveBytes: 0,
    revision: 'sha256:0001',
    notes: [],
    ...over,
  };
}

/** A finished upgrade from one version to another; `id` is also its place in time. */
export function transition(over: Partial<TransitionSummary> = {}): TransitionSummary {
  const { commit, specHash } = releaseSpec(over.toVersion ?? '1.1.0+1.1.0');
  return {
    id: '20261121t090000-0000aa',
    kind: 'upgrade',
    startedAt: '2026-11-21T09:00:00Z',
    endedAt: '2026-11-21T09:01:10Z',
    end: 'succeeded',
    fromVersion: '1.0.0+1.0.0',
    toVersion: '1.1.0+1.1.0',
    toCommit: commit,
    toSpecHash: specHash,
    failure: null,
    ...over,
  };
}

export function manifest(app: WarmAppSpec, version: string): SnapshotManifest {
  const { commit, specHash } = releaseSpec(version);
  return {
    id: '20261121t090000-0000aa',
    driver: 'tar',
    takenAt: '2026-11-21T09:00:10Z',
    identity: {
      app: app.name,
      recipe: app.recipe,
      version,
      commit,
      specHash,
      domain: app.domain,
      stack: app.stack,
      nodeId: 'node1',
      images: {},
      secrets: {},
    },
    volumes: [],
    tools: {},
  };
}

/** A record of an app that nothing happened to, but for `over`. */
export function appRecord(over: Partial<AppRecord> = {}): AppRecord {
  return { ...emptyRecord, ...over };
}
