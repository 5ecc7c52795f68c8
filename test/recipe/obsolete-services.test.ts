import { describe, expect, test } from 'vitest';

import type { RecipeReading } from '../../controller/model/recipe.ts';
import { label, type ServiceView, type SwarmView } from '../../controller/model/swarm.ts';
import { obsoleteServices } from '../../controller/recipe/obsolete-services.ts';

function view(services: readonly Pick<ServiceView, 'name' | 'stack' | 'labels'>[]): SwarmView {
  return { services } as unknown as SwarmView;
}

describe('obsoleteServices', () => {
  test('are those of the stack that the release no longer has, and nobody else`s', () => {
    const reading = { services: [{ name: 'app' }] } as unknown as RecipeReading;
    const labels = { [label.app]: 'book' };
    const services = [
      { name: 's_app', stack: 's', labels },
      { name: 's_old', stack: 's', labels },
      { name: 's_old_app', stack: 's_old', labels },
      { name: 's_byhand', stack: undefined, labels },
      { name: 's_extra', stack: 's', labels: {} },
    ];
    const app = { name: 'book', stack: 's' };

    expect(obsoleteServices(view(services), app, reading)).toEqual([services[1]]);
  });
});
