/** Everything that is known of one object, for `ci-warm describe` and `ci-warm explain`; and as JSON for programs. */
import type { ObjectStatus } from '../model/condition.ts';
import type { Known } from '../model/known.ts';
import type { AppRecord } from '../model/record.ts';
import type { SnapshotManifest } from '../model/snapshot.ts';
import type { ListedAlert } from './alert-table.ts';
import type { Written } from './written.ts';

export interface Described {
  readonly status: ObjectStatus;
  /** Undefined: the tree is not here, or has no valid object of that name. */
  readonly written: Written | undefined;
  /** The tree that was read here is another than the one that the status tells of. */
  readonly isOtherRevision: boolean;
  /** Of apps. */
  readonly record: Known<AppRecord> | undefined;
  /** The folders of the app's live data, on this host. */
  readonly volumes: readonly { readonly volume: string; readonly path: string }[];
  /** That nobody has acknowledged. */
  readonly alerts: readonly ListedAlert[];
  /** RFC 3339; undefined where no controller has written here. */
  readonly lastPassAt: string | undefined;
  readonly nowMs: number;
}

/** What a snapshot holds, in sum. */
export interface SnapshotSummary {
  readonly id: string;
  readonly version: string;
  readonly takenAt: string;
  readonly driver: SnapshotManifest['driver'];
  readonly volumes: readonly string[];
  readonly archiveBytes: number;
  readonly contentBytes: number;
}

export function snapshotSummary({
  id,
  takenAt,
  driver,
  identity,
  volumes,
}: SnapshotManifest): SnapshotSummary {
  return {
    id,
    version: identity.version,
    takenAt,
    driver,
    volumes: volumes.map(({ volume }) => volume),
    archiveBytes: volumes.reduce((sum, { archiveBytes }) => sum + archiveBytes, 0),
    contentBytes: volumes.reduce((sum, { contentBytes }) => sum + contentBytes, 0),
  };
}

/** The status as `ci-warm get` prints it, with everything else that is known beside it. */
export function describedJson(described: Described): Readonly<Record<string, unknown>> {
  const { status, written, record, volumes, alerts } = described;
  const app = record?.known === true ? record.value : undefined;
  return {
    ...status,
    source: written?.source ?? null,
    spec: written === undefined ? null : Object.fromEntries(written.fields),
    knownGood: app === undefined ? null : knownGood(app),
    snapshot:
      app?.snapshot.known === true && app.snapshot.value !== null
        ? snapshotSummary(app.snapshot.value)
        : null,
    open: (app?.open ?? []).map(({ at, id, transition, phase, event }) => ({
      at,
      id,
      transition,
      phase,
      event,
    })),
    volumes,
    alerts: alerts.map(({ id, alert }) => ({ id, ...alert })),
  };
}

function knownGood({ lastGood }: AppRecord): Readonly<Record<string, unknown>> | null {
  if (lastGood === null) return null;
  const { version, commit, images, nodeId, provedAt } = lastGood;
  return { version, commit, images, nodeId, provedAt };
}
