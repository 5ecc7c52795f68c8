/**
 * Services of an app's stack that the release no longer has. `docker stack deploy` leaves them running; they are removed
 * once the release has proved good, and not before: until then they belong to the way back.
 */
import type { RecipeReading } from '../model/recipe.ts';
import type { ServiceView, SwarmView } from '../model/swarm.ts';

/** In the order of the view. A service that Swarm does not count to the stack is never among them, whatever its name. */
export function obsoleteServices(
  view: SwarmView,
  stack: string,
  reading: RecipeReading,
): readonly ServiceView[] {
  const wanted = new Set(reading.services.map((service) => `${stack}_${service.name}`));
  return view.services.filter((service) => service.stack === stack && !wanted.has(service.name));
}
