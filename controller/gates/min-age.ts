/** Safety gate: a release has to be old enough. Waiting for that needs no person, so it is no hold and raises no alert. */
import type { ReleaseTag } from '../model/recipe.ts';

export type Age =
  | { readonly kind: 'old-enough' }
  /** `untilMs` is undefined where git does not say when the release was made: it is never old enough by itself. */
  | { readonly kind: 'too-young'; readonly untilMs: number | undefined };

export function judgeAge(
  release: Pick<ReleaseTag, 'taggedAtMs'>,
  minAgeMs: number,
  nowMs: number,
): Age {
  if (minAgeMs <= 0) return { kind: 'old-enough' };
  const { taggedAtMs } = release;
  const untilMs = taggedAtMs === undefined ? undefined : taggedAtMs + minAgeMs;
  return untilMs !== undefined && untilMs <= nowMs
    ? { kind: 'old-enough' }
    : { kind: 'too-young', untilMs };
}
