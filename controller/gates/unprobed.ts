/**
 * Whether a release would be judged by its tasks alone: no probe to ask, and no health check in its files. Foretold from
 * the recipe; an image may bring a health check of its own, which is known once a container runs (health.ts, `isUnprobed`).
 */
import type { HealthSpec } from '../model/desired.ts';
import type { RecipeReading } from '../model/recipe.ts';
import { probesFor } from './default-probes.ts';

export function isLikelyUnprobed(wanted: HealthSpec['probes'], reading: RecipeReading): boolean {
  return probesFor(wanted, reading).every(
    (probe) =>
      probe.kind === 'docker' &&
      !reading.services.some(
        ({ name, replicas, hasHealthcheck }) =>
          hasHealthcheck && replicas > 0 && (probe.service ?? name) === name,
      ),
  );
}
