import { describe, expect, test } from 'vitest';

import type { RecipeReading } from '../../controller/model/recipe.ts';
import type { ServiceView, SwarmView } from '../../controller/model/swarm.ts';
import { obsoleteServices } from '../../controller/recipe/obsolete-services.ts';

function view(services: readonly Pick<ServiceView, 'name' | 'stack'>[]): SwarmView {
  return { services } as unknown as SwarmView;
}

describe('obsoleteServices', () => {
  test('are those of the stack that the release no longer has, and nobody else`s', () => {
    const reading = { services: [{ name: 'app' }] } as unknown as RecipeReading;
    const services = [
      { name: 's_app', stack: 's' },
      { name: 's_old', stack: 's' },
      { name: 's_old_app', stack: 's_old' },
      { name: 's_byhand', stack: undefined },
    ];

    expect(obsoleteServices(view(services), 's', reading)).toEqual([services[1]]);
  });
});
