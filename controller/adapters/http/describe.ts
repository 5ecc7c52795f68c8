/** The name of a probe in messages. */
import { assertNever } from '../../model/assert-never.ts';
import type { ProbeSpec } from '../../model/desired.ts';

/** Short, and without a command's arguments: those may be long. */
export function describeProbe(probe: ProbeSpec): string {
  switch (probe.kind) {
    case 'http':
      return `GET ${probe.path} at ${probe.service}:${String(probe.port ?? '?')}`;
    case 'proxy':
      return `GET ${probe.path} through the proxy at ${probe.scheme} port ${String(probe.port)}`;
    case 'tcp':
      return `connect to ${probe.service}:${String(probe.port)}`;
    case 'exec':
      return `run ${probe.command[0] ?? ''} in ${probe.service}`;
    case 'docker':
      return probe.service === undefined
        ? "Docker's health of every service"
        : `Docker's health of ${probe.service}`;
    default:
      return assertNever(probe, 'probe');
  }
}
