/**
 * A world that was written down, to be planned against later and elsewhere: what the ports answered in one look.
 *
 * Of recipes the files are kept and not what was read of them: so another configuration, or another version, can be planned
 * for as well. Its form as a file is schema/world/recorded-world.schema.json.
 */
import type { AppliedDesired } from './applied-desired.ts';
import type { Known } from './known.ts';
import type { RecipeView } from './recipe.ts';
import type { AppRecord } from './record.ts';
import type { SwarmView } from './swarm.ts';

export interface RecordedWorld {
  /** The ci-warm that wrote it. */
  readonly version: string;
  /** What desired state was then. */
  readonly observedRevision: string;
  /** RFC 3339, UTC, with milliseconds: the time that a plan against it is made for (L3). */
  readonly recordedAt: string;
  /** What of desired state was applied last; null: nothing was. `path`: the file that says so. */
  readonly applied: { readonly path: string; readonly last: Known<AppliedDesired | null> };
  readonly swarm: Known<SwarmView>;
  /** Those that the state directory knew: another one has no state yet. */
  readonly apps: Known<readonly string[]>;
  readonly records: Readonly<Record<string, Known<AppRecord>>>;
  readonly recipes: readonly RecordedRecipe[];
  /** Contents of the recipes' files, each once. */
  readonly texts: readonly string[];
}

export interface RecordedRecipe {
  readonly name: string;
  /** As it was asked for: a URL, or a path of that machine. */
  readonly url: string;
  readonly view: Known<RecipeView>;
  /** Commit → path → place in `texts`; null: the repository does not have that commit. */
  readonly files: Known<Readonly<Record<string, Readonly<Record<string, number>> | null>>>;
}
