/**
 * Deploys a release of an app: `Stack` by Docker alone, `Abra` by the abra command line. Neither decides anything.
 * Every method may be repeated: after a crash the same intent is performed again.
 */
import type { AppIdentity } from '../model/app.ts';
import type { RecipeReading } from '../model/recipe.ts';
import type { Release, ReleaseSpec } from '../model/release.ts';
import type { VolumePlace } from '../model/snapshot.ts';

export interface Driver {
  /** What the release asks for. Touches nothing. Errors: `recipe-invalid`, `no-answer` (git). */
  read(app: AppIdentity, release: ReleaseSpec, signal: AbortSignal): Promise<RecipeReading>;
  /**
   * Makes secrets (when missing) and volumes, then hands the rendered stack to Swarm. Returns when Swarm has accepted
   * it: nothing is said about health. Errors: `recipe-invalid`, `no-answer`, `conflict`, `tool-failed`.
   */
  deploy(app: AppIdentity, release: Release, signal: AbortSignal): Promise<void>;
  /**
   * Removes the Docker volumes of this release's stack that ci-warm made, and no others (R2); already gone is fine. Returns
   * those whose data lies in the app's own state, and is still to be deleted. The app is undeployed. Errors: as `read`,
   * and `conflict` while something uses one.
   */
  releaseVolumes(
    app: AppIdentity,
    release: ReleaseSpec,
    signal: AbortSignal,
  ): Promise<readonly VolumePlace[]>;
  /** Where the volumes of this release's stack are, whether they exist yet or not. */
  volumes(
    app: AppIdentity,
    release: ReleaseSpec,
    signal: AbortSignal,
  ): Promise<readonly VolumePlace[]>;
}
