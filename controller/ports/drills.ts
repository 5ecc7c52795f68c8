/**
 * A stack of a drill's own: a release of an app with other data, apart from the app and from everything that the app
 * is reached by. Every method takes the app as it is, and may be repeated. Nothing here touches the app's own stack,
 * volumes or data; its secrets are used and never made.
 */
import type { AppIdentity } from '../model/app.ts';
import type { RecipeReading } from '../model/recipe.ts';
import type { Release, ReleaseSpec } from '../model/release.ts';
import type { VolumePlace } from '../model/snapshot.ts';
import type { VolumeView } from '../model/swarm.ts';

export interface Drills {
  /** What the release asks for. Errors: `conflict` where it cannot run apart (it writes on the host, or to volumes of others), `recipe-invalid`, `no-answer`. */
  read(app: AppIdentity, release: ReleaseSpec, signal: AbortSignal): Promise<RecipeReading>;
  /** Where the drill's volumes are, by the keys of the app's. */
  volumes(
    app: AppIdentity,
    release: ReleaseSpec,
    signal: AbortSignal,
  ): Promise<readonly VolumePlace[]>;
  /**
   * Without published ports, router labels and networks of others. Returns when Swarm has accepted it. Errors: as `read`,
   * and `tool-failed`.
   */
  deploy(app: AppIdentity, release: Release, signal: AbortSignal): Promise<void>;
  /** Volumes, configs and data go; services and networks are gone already. Errors: `no-answer`, `tool-failed`. */
  clear(app: Pick<AppIdentity, 'name' | 'stack'>, signal: AbortSignal): Promise<void>;
  /** Whether something that a drill of the app has unpacked is still there; asks nobody. Throws `tool-failed`. */
  hasData(app: Pick<AppIdentity, 'name' | 'stack'>): boolean;
  /** Names of all apps of which a drill has unpacked something that is still there; asks nobody. Throws `tool-failed`. */
  unpacked(): readonly string[];
  /**
   * What a drill of that app has unpacked goes, and first those of the volumes that are binds onto it: by their place alone
   * they are ours. Errors: `conflict` while something uses one of them, `no-answer`, `tool-failed`.
   */
  clearUnpacked(app: string, volumes: readonly VolumeView[], signal: AbortSignal): Promise<void>;
}
