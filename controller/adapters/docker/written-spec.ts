/**
 * Digest of what a service was written with, as far as people change that by hand: to tell an edit from what we wrote.
 *
 * Only fields that are named here count, in one order and without what is empty: Engines add fields and defaults from
 * version to version, and an Engine that was upgraded must not make every app look edited. The image has a comparison of
 * its own, ids of networks change whenever those are made anew, and a forced update changes nothing.
 */
import { digestOf } from '../../model/digest.ts';
import type { RawResources, RawService } from './raw.ts';

/** The same for the same settings; shows nothing of them, for a variable may hold a secret. */
export function writtenDigest(spec: NonNullable<RawService['Spec']>): string {
  const task = spec.TaskTemplate ?? {};
  const container = task.ContainerSpec ?? {};
  return digestOf({
    command: container.Command ?? [],
    args: container.Args ?? [],
    user: container.User ?? '',
    folder: container.Dir ?? '',
    hostname: container.Hostname ?? '',
    environment: (container.Env ?? []).toSorted(),
    healthcheck: container.Healthcheck?.Test ?? [],
    mounts: sorted(
      (container.Mounts ?? []).map(({ Type, Source, Target, ReadOnly }) => [
        Type ?? '',
        Source ?? '',
        Target ?? '',
        String(ReadOnly ?? false),
      ]),
    ),
    stored: sorted(
      [...(container.Secrets ?? []), ...(container.Configs ?? [])].map(
        ({ SecretName, ConfigName, File }) => [
          SecretName ?? '',
          ConfigName ?? '',
          File?.Name ?? '',
        ],
      ),
    ),
    limits: resources(task.Resources?.Limits),
    reservations: resources(task.Resources?.Reservations),
    constraints: (task.Placement?.Constraints ?? []).toSorted(),
    restart: [task.RestartPolicy?.Condition ?? 'any', String(task.RestartPolicy?.MaxAttempts ?? 0)],
    endpoint: spec.EndpointSpec?.Mode ?? 'vip',
    ports: sorted(
      (spec.EndpointSpec?.Ports ?? []).map((port) => [
        port.Protocol ?? 'tcp',
        String(port.TargetPort ?? 0),
        String(port.PublishedPort ?? 0),
        port.PublishMode ?? 'ingress',
      ]),
    ),
  });
}

function resources(raw: RawResources | null | undefined): readonly string[] {
  return [String(raw?.NanoCPUs ?? 0), String(raw?.MemoryBytes ?? 0)];
}

function sorted(rows: readonly (readonly string[])[]): readonly string[] {
  return rows.map((row) => row.join('\0')).toSorted();
}
