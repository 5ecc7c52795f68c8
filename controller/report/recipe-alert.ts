/** A recipe that cannot be read as it should: held before anything was touched (G1, G2), and said once. */
import type { Alert } from '../model/alert.ts';
import type { PhaseFailure, TransitionInput } from '../model/journal.ts';
import { alertOf } from './alert-parts.ts';
import { sentence } from './text.ts';

export interface UnreadableRecipe {
  readonly input: TransitionInput;
  readonly failure: PhaseFailure;
  readonly nowMs: number;
}

/** The same release with the same configuration is the same event, however often it is tried. */
export function unreadableRecipeAlert({ input, failure, nowMs }: UnreadableRecipe): Alert {
  const { app, from, to } = input;
  return alertOf({
    kind: 'held-unparsable',
    app: app.name,
    severity: 'warning',
    title: `${app.name}: ${to.version} cannot be deployed as it is`,
    message: [
      `${app.name} ${from === null ? 'is not installed' : `stays on ${from.version}`}, and nothing of it was touched: ${sentence(failure.message)}`,
      'A newer version or another configuration will be tried, this one not again.',
    ].join('\n'),
    atMs: nowMs,
    fingerprint: `held/${app.name}/recipe/${to.specHash}`,
    from: from?.version ?? null,
    to: to.version,
    reasons: [
      {
        reason: failure.reason,
        file: null,
        line: null,
        from: from?.version ?? null,
        to: to.version,
      },
    ],
    releaseNotes: input.notes,
    resolve: `mend recipe ${app.recipe}, or the env of ${app.name}; then ci-warm reconcile ${app.name} --retry`,
  });
}
