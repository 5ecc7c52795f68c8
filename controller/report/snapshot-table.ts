/** Snapshots as rows and as data: what `ci-warm snapshot list` shows. */
import type { Condition, ObjectStatus } from '../model/condition.ts';
import type { Known } from '../model/known.ts';
import type { AppRecord } from '../model/record.ts';
import type { Table, Tone } from './table.ts';
import { bytes } from './text.ts';

export interface ListedSnapshot {
  /** The app's name. */
  readonly name: string;
  readonly id: string;
  /** The version that the data belongs to. */
  readonly version: string;
  readonly takenAt: string;
  /** Of the archives on disk. */
  readonly sizeBytes: number;
  /** Of the data that they hold. */
  readonly contentBytes: number;
  readonly volumes: readonly string[];
  /** As the controller said last; Unknown where it said nothing. */
  readonly valid: Condition['status'];
  readonly message: string;
}

const unread = { id: '', version: '', takenAt: '', sizeBytes: 0, contentBytes: 0, volumes: [] };

/** Why it cannot be said what the snapshot of an app holds, or whether it has one; undefined where it can. */
export function whyUnlisted(record: Known<AppRecord>): string | undefined {
  if (!record.known) return record.why;
  return record.value.snapshot.known ? undefined : record.value.snapshot.why;
}

/**
 * The snapshot of an app, as the state directory tells; undefined where it has none. One that may be there, in a record
 * that cannot be read, is listed with the reason: nobody must be told that there is none.
 */
export function listedSnapshot(
  name: string,
  record: Known<AppRecord>,
  statuses: readonly ObjectStatus[],
): ListedSnapshot | undefined {
  if (!record.known) return { name, ...unread, valid: 'Unknown', message: record.why };
  const { snapshot } = record.value;
  const condition = statuses
    .find((status) => status.kind === 'WarmApp' && status.name === name)
    ?.conditions.find(({ type }) => type === 'SnapshotValid');
  const base = { name, valid: condition?.status ?? 'Unknown', message: condition?.message ?? '' };
  if (!snapshot.known) return { ...base, ...unread, valid: 'False', message: snapshot.why };
  if (snapshot.value === null) return undefined;
  const { id, identity, takenAt, volumes } = snapshot.value;
  return {
    ...base,
    id,
    version: identity.version,
    takenAt,
    sizeBytes: volumes.reduce((sum, { archiveBytes }) => sum + archiveBytes, 0),
    contentBytes: volumes.reduce((sum, { contentBytes }) => sum + contentBytes, 0),
    volumes: volumes.map(({ volume }) => volume),
  };
}

const tones: Readonly<Record<Condition['status'], Tone>> = {
  True: 'good',
  False: 'bad',
  Unknown: 'dim',
};

export function snapshotTable(
  snapshots: readonly ListedSnapshot[],
  { wide }: { readonly wide: boolean },
): Table {
  const columns = ['NAME', 'ID', 'VERSION', 'TAKEN', 'SIZE', 'VOLUMES', 'VALID'];
  return {
    columns: wide ? [...columns, 'CONTENT', 'MESSAGE'] : columns,
    rows: snapshots.map((one) => {
      const { name, id, version, takenAt, sizeBytes, contentBytes, volumes, valid, message } = one;
      const cells = [
        name,
        id,
        version,
        takenAt,
        id === '' ? '' : size(sizeBytes),
        volumes.join(','),
        { text: valid, tone: tones[valid] },
      ];
      return wide ? [...cells, id === '' ? '' : size(contentBytes), message] : cells;
    }),
  };
}

/** One word, so that columns can be cut at spaces. */
function size(sizeBytes: number): string {
  return bytes(sizeBytes).replace(' ', '');
}
