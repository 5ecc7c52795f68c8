/**
 * Is the release deployed already, as far as the services say? Then it is not deployed again: writing a service that is
 * as it should be restarts nothing, but clears Swarm's account of its last update and moves its version.
 */
import type { AppIdentity } from '../../model/app.ts';
import type { RecipeReading } from '../../model/recipe.ts';
import type { ProvedService, Release } from '../../model/release.ts';
import { label, type ServiceView, type SwarmView } from '../../model/swarm.ts';

/** An update that stopped or was undone is not done, whatever the service's labels say (U3). */
const SETTLED: readonly (string | undefined)[] = [undefined, 'updating', 'completed'];

/** True when every service is there, as this release and nobody else wrote it. */
export function isDeployed(
  view: SwarmView,
  app: AppIdentity,
  release: Release,
  reading: RecipeReading,
): boolean {
  return reading.services.every((wanted) => {
    const service = view.services.find(
      (one) => one.stack === app.stack && one.name === `${app.stack}_${wanted.name}`,
    );
    return (
      service !== undefined &&
      service.labels[label.app] === app.name &&
      service.labels[label.spec] === release.specHash &&
      isImage(service, release.images[wanted.name]) &&
      (service.replicas === undefined || service.replicas === wanted.replicas) &&
      isAsProved(service, release.proved?.[wanted.name]) &&
      SETTLED.includes(service.updateState)
    );
  });
}

/** A person may have edited a service that still carries our labels. */
function isAsProved(service: ServiceView, proved: ProvedService | undefined): boolean {
  const { writtenDigest } = service;
  if (proved?.written === undefined || writtenDigest === undefined) return true;
  return writtenDigest === proved.written;
}

/** Swarm may show `name:tag@digest` for what was written as `name@digest`. */
function isImage(service: ServiceView, pinned: string | undefined): boolean {
  if (pinned === undefined || service.image === pinned) return service.image === pinned;
  const digest = pinned.split('@')[1];
  return digest !== undefined && service.image.split('@')[1] === digest;
}
