/** What a held version would change in the recipe's files, put to its alert: read when the alert is new, and not before. */
import type { Alert } from '../model/alert.ts';
import { reasonOf } from '../model/failure.ts';
import type { Log } from '../ports/log.ts';
import type { Recipes } from '../ports/recipes.ts';
import { diffForAlert } from '../report/diff-text.ts';
import type { Pass } from './pass.ts';

export interface HoldDiffDeps {
  readonly recipes: Pick<Recipes, 'diff'>;
  readonly log: Log;
}

/** The alert with its `diff`. Without one where git does not answer, for the alert must not wait for it (A1). Never throws. */
export async function withDiff(alert: Alert, pass: Pass, deps: HoldDiffDeps): Promise<Alert> {
  const range = rangeOf(alert, pass);
  if (range === undefined) return alert;
  const { recipe, url, from, to } = range;
  try {
    const { signal } = new AbortController();
    const text = await deps.recipes.diff(recipe, url, { from, to }, signal);
    return { ...alert, diff: diffForAlert(alert.app, text) };
  } catch (thrown) {
    const why = reasonOf(thrown);
    deps.log.warn('an alert goes without the difference', { app: alert.app, why });
    return alert;
  }
}

function rangeOf({ app: name, kind, to }: Alert, { loaded, plan, world }: Pass) {
  const desired = loaded.known ? loaded.value.desired : undefined;
  const app = [...(desired?.warmApps.values() ?? [])].find((one) => one.name === name);
  const recipe = app === undefined ? undefined : desired?.recipes.get(app.recipe);
  const record = app === undefined ? undefined : world.records.get(app.name);
  const lastGood = record?.known === true ? record.value.lastGood : null;
  const hold = plan.entries.find(({ object }) => object.name === name)?.hold ?? null;
  if (!kind.startsWith('held-') || recipe === undefined || lastGood === null || hold === null) {
    return undefined;
  }
  // An illness beside the hold of another version is nothing in the recipe's files.
  if (to !== hold.version) return undefined;
  return { recipe: recipe.name, url: recipe.url, from: lastGood.commit, to: hold.commit };
}
