/** Recipe repositories. Errors: `no-answer` (fetch failed), `recipe-invalid`. */
import type { RecipeView } from '../model/recipe.ts';

export interface Recipes {
  /**
   * The releases that the repository has now. Unchanged repositories are recognised cheaply (by stat, or by one look at
   * the remote's refs) and answered from memory.
   */
  view(recipe: string, url: string, signal: AbortSignal): Promise<RecipeView>;
  /**
   * Every file of the commit: path → text. For a binary or oversized file, or a link, a line stands in that differs when
   * the file does (`git-object <id>`). From memory when asked again.
   */
  files(
    recipe: string,
    url: string,
    commit: string,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, string>>;
  /** The same of several commits at once, by commit; those that the repository does not have are left out. Not remembered. */
  filesOf(
    recipe: string,
    url: string,
    commits: readonly string[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>>;
  /** What the files of two commits differ in, as a unified diff that is bounded; empty: nothing. */
  diff(
    recipe: string,
    url: string,
    range: { readonly from: string; readonly to: string },
    signal: AbortSignal,
  ): Promise<string>;
  /** Writes the commit's tree into an empty directory. */
  export(
    recipe: string,
    url: string,
    commit: string,
    directory: string,
    signal: AbortSignal,
  ): Promise<void>;
}
