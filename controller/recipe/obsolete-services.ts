/**
 * Services of an app's stack that the release no longer has. `docker stack deploy` leaves them running; they are removed
 * once the release has proved good, and not before: until then they belong to the way back.
 */
import type { RecipeReading } from '../model/recipe.ts';
import { label, type ServiceView, type SwarmView } from '../model/swarm.ts';

/**
 * In the order of the view. A service that Swarm does not count to the stack is never among them, whatever its name, and
 * neither is one in the stack that we did not deploy.
 */
export function obsoleteServices(
  view: SwarmView,
  app: { readonly name: string; readonly stack: string },
  reading: RecipeReading,
): readonly ServiceView[] {
  const wanted = new Set(reading.services.map((service) => `${app.stack}_${service.name}`));
  return view.services.filter(
    (service) =>
      service.stack === app.stack &&
      service.labels[label.app] === app.name &&
      !wanted.has(service.name),
  );
}
