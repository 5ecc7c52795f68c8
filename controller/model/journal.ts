/**
 * The journal: what was begun, what was intended, what came of it. One line each, appended and synced before the next
 * thing is done. The journal, not memory, says where a transition stands (L2).
 */
import type { HealthPolicy, AppIdentity } from './app.ts';
import type { LastGood, Release, ReleaseSpec } from './release.ts';

export type TransitionKind =
  'install' | 'upgrade' | 'repair' | 'restore' | 'drill' | 'adopt' | 'retire';

/** Everything a transition needs to reach its end, frozen when it begins. */
export interface TransitionInput {
  readonly app: AppIdentity;
  readonly policy: HealthPolicy;
  /** The way back; null for a first install. */
  readonly from: LastGood | null;
  readonly to: ReleaseSpec;
  /** What runs now and is left, where that is neither of the two: a person goes back to a snapshot. */
  readonly leaves?: LastGood;
  /** What failed before its way back did: volumes and services that it alone has are seen to on this one. */
  readonly failed?: ReleaseSpec;
  /**
   * Of an adoption: service → Swarm's version of it when it was compared with the recipe. Whoever wrote it since makes the
   * comparison worthless.
   */
  readonly adopts?: Readonly<Record<string, number>>;
  /** The snapshot to go back to; null where the transition takes its own, or needs none. */
  readonly snapshotId: string | null;
  /** Bytes that must stay free on the state directory's disk whatever happens. */
  readonly reserveBytes: number;
  /** `desired/`'s revision that asked for it. */
  readonly revision: string;
  /** Release notes of the versions in between, for the alert should it fail. */
  readonly notes: readonly { readonly version: string; readonly text: string }[];
}

/** Why a phase did not succeed. */
export interface PhaseFailure {
  /**
   * `unhealthy`: the release's fault: rolled back and quarantined.
   * `inconclusive`: the machine's fault (no answer, disk, registry): back to the prior version, tried again later.
   * `refused`: going on would break a rule, such as S3: never repeated, a person is needed.
   */
  readonly verdict: 'unhealthy' | 'inconclusive' | 'refused';
  /** One CamelCase word: `CrashLoop`, `ProbeFailed`, `DiskFull` … */
  readonly reason: string;
  readonly message: string;
  readonly lastLogs: readonly string[];
  /** Docker or a registry gave no answer at all: waiting is right, and so is trying for ever. */
  readonly noAnswer: boolean;
}

export type PhaseResult =
  | { readonly kind: 'ok'; readonly data?: PhaseData }
  | { readonly kind: 'failed'; readonly failure: PhaseFailure };

/** What later phases need from earlier ones. */
export interface PhaseData {
  /** `prepare`: images resolved once. */
  readonly release?: Release;
  /** `snapshot`: the snapshot that was published. */
  readonly snapshotId?: string;
  /** `deploy`, `back-deploy`: failures before this moment are not this change's (U3). */
  readonly deployedAtMs?: number;
  /** From when on the target may have taken writes, by the first intent to deploy it; a rollback's alert names the window. */
  readonly servedFromMs?: number;
  /** `back-undeploy`: until when it may have. */
  readonly servedUntilMs?: number;
  /** `judge`: no probe had anybody to ask; that its tasks ran is all that is known of the release. */
  readonly unprobed?: true;
  /** The node that the app's volumes live on. */
  readonly nodeId?: string;
}

/** How a transition ended. `abandoned`: nothing was touched. `stranded`: even the way back failed; undeployed, data safe. */
export type TransitionEnd = 'succeeded' | 'rolled-back' | 'abandoned' | 'undeployed' | 'stranded';

interface RecordBase {
  /** RFC 3339, UTC. */
  readonly at: string;
  /** The transition's id; all its records share it. */
  readonly id: string;
  readonly app: string;
  readonly transition: TransitionKind;
  readonly phase: string;
}

export type JournalRecord =
  | (RecordBase & {
      readonly phase: 'begin';
      readonly event: 'intent';
      readonly input: TransitionInput;
    })
  | (RecordBase & { readonly event: 'intent'; readonly input?: never })
  | (RecordBase & { readonly event: 'outcome'; readonly result: PhaseResult })
  | (RecordBase & {
      readonly phase: 'end';
      readonly event: 'outcome';
      readonly result: { readonly kind: TransitionEnd };
    });

/** A finished transition, for history, back-off and status. */
export interface TransitionSummary {
  readonly id: string;
  readonly kind: TransitionKind;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly end: TransitionEnd;
  readonly fromVersion: string | null;
  readonly toVersion: string;
  readonly toCommit: string;
  readonly toSpecHash: string;
  /** Whose the data is that it ran on; worlds that older versions wrote down have neither. */
  readonly domain?: string;
  readonly recipe?: string;
  /** The snapshot that it was about, where it was begun for one; or that it took, where there is no way on without it. */
  readonly snapshotId?: string | null;
  /** Of one that was stranded: the release that failed before, whose volumes may be there still. */
  readonly failed?: ReleaseSpec;
  /** The failure that turned it round, if one did. */
  readonly failure: PhaseFailure | null;
}
