/**
 * Safety gate of a first install: data carries its domain and its recipe (S3). What an earlier try left in the app's
 * volumes was written at the one and by the other that the app had then, and an install that has another one now would
 * start on it: the volumes' folders are those of the app, whatever its stack is called.
 *
 * Not here: whether that try was of a newer version (touched-data.ts).
 */
import type { HoldReason } from '../model/alert.ts';
import type { TransitionSummary } from '../model/journal.ts';

/** What the app is to be now, and where that is written. */
export interface WantedIdentity {
  readonly name: string;
  readonly domain: string;
  readonly recipe: string;
  readonly source: { readonly file: string; readonly line: number };
}

/** `last`: the newest transition that touched the app. None where it says of neither what it was. */
export function judgeLeftData(
  app: WantedIdentity,
  targetTag: string,
  last: TransitionSummary | undefined,
): readonly HoldReason[] {
  if (last === undefined) return [];
  const { domain = app.domain, recipe = app.recipe } = last;
  const { file, line } = app.source;
  const left = `the try of ${last.toVersion} on ${last.startedAt} may have left data in the volumes of ${app.name}`;
  const approve = `approve ${targetTag} to let it start on that data, or begin anew with an app of another name and domain`;
  const reasons: HoldReason[] = [];
  if (domain !== app.domain) {
    reasons.push({
      kind: 'held-domain',
      reason: 'LeftByDomain',
      message: `${left}, and that data belongs to ${domain}, not to ${app.domain}; put the domain back, ${approve}`,
      ...{ file, line, from: domain, to: app.domain },
    });
  }
  if (recipe !== app.recipe) {
    reasons.push({
      kind: 'held-domain',
      reason: 'LeftByRecipe',
      message: `${left}, and that data was made by recipe ${recipe}, not by ${app.recipe}; put the recipe back, ${approve}`,
      ...{ file, line, from: recipe, to: app.recipe },
    });
  }
  return reasons;
}
