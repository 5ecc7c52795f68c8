/** Builders of an app that is installed, and of the world in which it runs as its last_good says. */
import type { Desired, WarmAppSpec } from '../../controller/model/desired.ts';
import { known } from '../../controller/model/known.ts';
import type { ReleaseTag } from '../../controller/model/recipe.ts';
import type { AppRecord } from '../../controller/model/record.ts';
import type { LastGood } from '../../controller/model/release.ts';
import { label, type SwarmView } from '../../controller/model/swarm.ts';
import type { World } from '../../controller/model/world.ts';
import { identityOf, releaseSpecOf } from '../../controller/plan/identity.ts';
import { desiredOf, recipeSpec } from './desired.ts';
import { world } from './plan.ts';
import { commitOf } from './recipe.ts';
import { appRecord } from './record.ts';
import { structuresFor } from './structure.ts';
import { service, swarmView, task } from './swarm.ts';

/** `last_good` of this tag as the app is configured now: a pass that sees nothing newer is in sync with it. */
export function provedWith(desired: Desired, app: WarmAppSpec, tag: string): LastGood {
  const recipe = desired.recipes.get(app.recipe) ?? recipeSpec(app.recipe);
  const identity = identityOf(desired, app, recipe);
  const spec = releaseSpecOf(identity, app, { tag, commit: commitOf(tag) });
  return {
    ...spec,
    images: { app: `app@sha256:${tag}` },
    recipe: app.recipe,
    domain: app.domain,
    stack: app.stack,
    nodeId: 'node-1',
    provedAt: '2026-11-20T09:00:00Z',
  };
}

/** One service, running as `lastGood` says. */
export function runningAs(app: WarmAppSpec, lastGood: LastGood): SwarmView {
  const up = service(app.stack, 'app', {
    image: lastGood.images['app'] ?? '',
    labels: { [label.app]: app.name, [label.spec]: lastGood.specHash },
  });
  return swarmView({ services: [up], tasks: [task(up)] });
}

export function worldOf(
  app: WarmAppSpec,
  releases: readonly ReleaseTag[],
  record: Partial<AppRecord> = {},
  over: Partial<World> = {},
): World {
  const lastGood = record.lastGood ?? null;
  const recipes = new Map([[app.recipe, known({ releases })]]);
  const records = new Map([[app.name, known(appRecord(record))]]);
  const swarm = known(lastGood === null ? swarmView() : runningAs(app, lastGood));
  const seen = { swarm, recipes, records, ...over };
  return world({
    ...seen,
    structures: structuresFor(desiredOf([app]), seen),
    ...over,
  });
}
