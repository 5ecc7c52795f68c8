/** Builders of a recipe's structure: one service with one volume, of which a test names only what it is about. */
import { known, type Known } from '../../controller/model/known.ts';
import type { Desired } from '../../controller/model/desired.ts';
import {
  structureKey,
  type RecipeStructure,
  type ServiceStructure,
} from '../../controller/model/structure.ts';
import type { World } from '../../controller/model/world.ts';
import { structuresNeeded } from '../../controller/plan/structures-needed.ts';
import { commitOf } from './recipe.ts';

const compose = 'compose.yml';

export function serviceStructure(
  name: string,
  over: Partial<ServiceStructure> = {},
): ServiceStructure {
  return {
    name,
    image: `images.example.org/${name}:1.0.0`,
    imagePlace: { file: compose, line: 4 },
    mounts: [{ volume: 'data', target: '/data', file: compose, line: 6 }],
    startFirst: undefined,
    ...over,
  };
}

export function structure(tag: string, over: Partial<RecipeStructure> = {}): RecipeStructure {
  return {
    tag,
    commit: commitOf(tag),
    services: [serviceStructure('app')],
    wanted: [],
    environment: {},
    volumes: [{ key: 'data', name: 'stack_data', isExternal: false, file: compose, line: 8 }],
    sample: new Map(),
    emptyVariables: [],
    secrets: [],
    fileObjects: [],
    problems: [],
    ...over,
  };
}

/** What a pass would have read: every recipe that the gate asks for, as the builder makes it but for `over`. */
export function structuresFor(
  desired: Desired,
  seen: Pick<World, 'recipes' | 'records' | 'swarm'>,
  over: (tag: string) => Partial<RecipeStructure> = () => ({}),
): ReadonlyMap<string, Known<RecipeStructure>> {
  return new Map(
    structuresNeeded(desired, seen).map(({ release }) => [
      structureKey(release),
      known(structure(release.version, over(release.version))),
    ]),
  );
}
