/**
 * The volumes of an app's stack, and which of those that are there already are its own.
 *
 * A volume whose name begins with the stack's is the app's, whoever made it: an app that was deployed by hand keeps its
 * data. A recipe may also give a volume a name of its own, such as `media`. What is found under such a name belongs to
 * whoever made it: without the stack's label on it, which Docker and we put there, it may be anybody's, and neither a
 * snapshot nor a restore may touch it (R2).
 *
 * S2: whatever its name, a bind onto another app's folder of the state directory is that app's data: one that had the same
 * stack name before, and left its volume.
 */
import { join, sep } from 'node:path';

import type { AppIdentity } from '../../model/app.ts';
import { CiWarmError } from '../../model/failure.ts';
import type { VolumePlace } from '../../model/snapshot.ts';
import type { Volumes } from '../../ports/volumes.ts';
import { dockerNameOf } from '../../recipe/project.ts';
import type { StackReading } from '../../recipe/read-recipe.ts';

/** Their key, their name in Docker and the folder that we would make for them. */
export function ownVolumes(
  { stateDir }: { readonly stateDir: string },
  app: AppIdentity,
  stack: StackReading,
): readonly VolumePlace[] {
  return [...stack.loaded.project.volumes.values()]
    .filter((volume) => !volume.isExternal)
    .map((volume) => ({
      volume: volume.key,
      name: dockerNameOf(volume, app.stack),
      path: join(stateDir, app.name, 'volumes', volume.key, 'data'),
    }));
}

/** `found`: the volume of that name, undefined where there is none. Throws `conflict` for one that is not the app's. */
export function refuseStranger(
  { stateDir }: { readonly stateDir: string },
  app: AppIdentity,
  { volume, name, path }: VolumePlace,
  found: Awaited<ReturnType<Volumes['find']>>,
): void {
  if (found === undefined || found.path === path) return;
  const [folder = ''] = found.path.startsWith(stateDir + sep)
    ? found.path.slice(stateDir.length + 1).split(sep)
    : [app.name];
  if (folder !== app.name) {
    throw new CiWarmError(
      'conflict',
      `volume ${name} of ${app.name} is a bind onto the data of app ${folder}, which had the stack name before: nothing was touched. ` +
        `Remove the volume (docker volume rm ${name}), which keeps that data in ${found.path}`,
    );
  }
  if (found.stack === app.stack) return;
  if (name.startsWith(app.stack) && /^[^A-Za-z0-9]/.test(name.slice(app.stack.length))) return;
  const owner = found.stack === undefined ? 'says no owner' : `belongs to stack ${found.stack}`;
  throw new CiWarmError(
    'conflict',
    `volume ${volume} of ${app.name} is called ${name} by its recipe, and a volume of that name is there that ${owner}: ` +
      `nothing was touched; call it \`\${STACK_NAME}_${volume}\` in the recipe, or declare it as external, then it is used and never saved or restored`,
  );
}
