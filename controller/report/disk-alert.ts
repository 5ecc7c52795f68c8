/** There is little room: a person is told while upgrades still go, and not when the first one could not. */
import type { Alert } from '../model/alert.ts';
import type { SettingsSpec } from '../model/desired.ts';
import { alertOf } from './alert-parts.ts';

/** Over only when so much more is free: room that comes and goes by a few files is one event (A1). */
const OVER_AT = 1.1;
const GIBIBYTE = 2 ** 30;

export interface DiskRoom {
  readonly freeBytes: number;
  readonly disk: Pick<SettingsSpec['disk'], 'reserveBytes' | 'warnBelowBytes'>;
  /** A person was told, and it is not known to be over. */
  readonly isTold: boolean;
  readonly nowMs: number;
}

/** Undefined when there is enough. The same event for as long as it lasts. */
export function diskAlert({ freeBytes, disk, isTold, nowMs }: DiskRoom): Alert | undefined {
  const { reserveBytes, warnBelowBytes } = disk;
  if (freeBytes >= warnBelowBytes * (isTold ? OVER_AT : 1)) return undefined;
  const isBroken = freeBytes < reserveBytes;
  return alertOf({
    kind: 'disk-low',
    app: 'host',
    severity: isBroken ? 'critical' : 'warning',
    title: 'there is little room on the disk of the state directory',
    message: [
      `${gibibytes(freeBytes)} are free where ci-warm keeps its state, which is less than ${gibibytes(warnBelowBytes)} (disk.warnBelow).`,
      isBroken
        ? `The reserve of ${gibibytes(reserveBytes)} is broken: no upgrade that needs a snapshot is begun until there is room. What runs is left alone.`
        : `An upgrade that would leave less than ${gibibytes(reserveBytes)} (disk.reserve) is not begun. What runs is left alone.`,
    ].join('\n'),
    atMs: nowMs,
    fingerprint: 'disk-low/host',
    resolve: 'ci-warm doctor shows the room and the command that finds what takes it',
  });
}

function gibibytes(bytes: number): string {
  return `${(bytes / GIBIBYTE).toFixed(1)} GiB`;
}
