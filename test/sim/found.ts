/** An app that a person has deployed before the controller ever ran, at the first release of its recipe. */
import type { SimRecipe } from './catalogue.ts';
import { pinnedOf, recipeFilesOf } from './catalogue.ts';
import { volumePath } from './port-driver.ts';
import type { World } from './world.ts';
import { stackOf } from './wanted.ts';

/** Whether Docker wrote the digest behind the tag when it was deployed. */
export type FoundAs = 'pinned' | 'by-tag';

export function settleFound(
  { swarm, disk, registry }: World,
  recipe: SimRecipe,
  as: FoundAs,
): void {
  const [release] = recipe.releases;
  if (release === undefined) return;
  const stack = stackOf(recipe.name);
  for (const volume of release.volumes) {
    const path = volumePath(recipe.name, volume);
    disk.files.makeDirectory(path);
    swarm.addPlainVolume(stack, volume, path);
  }
  disk.files.syncAll();
  swarm.ensureNetwork(stack);
  swarm.ensureSecret(`${stack}_key_v1`);
  const written = JSON.parse(recipeFilesOf(release).get('compose.yml') ?? '{}') as {
    readonly services: Readonly<Record<string, { readonly image: string }>>;
  };
  for (const program of release.services) {
    const tagged = written.services[program.name]?.image ?? program.image;
    const pinned = pinnedOf(tagged);
    registry.present.add(tagged).add(pinned);
    const image = as === 'pinned' ? `${tagged}@${pinned.split('@')[1] ?? ''}` : tagged;
    registry.present.add(image);
    const mounts = new Map(
      program.mounts.map((volume) => [volume, volumePath(recipe.name, volume)]),
    );
    const spec = { app: recipe.name, specHash: '', image, release, program, mounts };
    swarm.createService(`${stack}_${program.name}`, stack, spec, {
      [`coop-cloud.${stack}.version`]: release.tag,
    });
  }
}
