/** Safety gate: a major on either half of any version in the way (G3), and what cannot be compared (G2). */
import type { HoldReason } from '../model/alert.ts';
import { appMajor, parseVersion, type RecipeVersion } from '../model/version.ts';

/** One reason for each version in the way that raises a major over `current`, and each whose app half cannot be read. */
export function judgeMajors(
  current: RecipeVersion,
  inTheWay: readonly RecipeVersion[],
): readonly HoldReason[] {
  return inTheWay.flatMap((version) => [
    ...recipeMajor(current, version),
    ...applicationMajor(current, version),
  ]);
}

function recipeMajor(current: RecipeVersion, version: RecipeVersion): readonly HoldReason[] {
  if (version.recipe.major === current.recipe.major) return [];
  return [
    {
      kind: 'held-major',
      reason: 'RecipeMajor',
      message: `${version.tag} is a major of the recipe over ${current.tag}`,
      file: null,
      line: null,
      from: current.recipe.text,
      to: version.recipe.text,
    },
  ];
}

function applicationMajor(current: RecipeVersion, version: RecipeVersion): readonly HoldReason[] {
  if (current.app.text === version.app.text) return [];
  const from = appMajor(current.app);
  const to = appMajor(version.app);
  const evidence = { file: null, line: null, from: current.app.text, to: version.app.text };
  if (from === undefined || to === undefined) {
    const which = from === undefined ? current : version;
    return [
      {
        kind: 'held-unparsable',
        reason: 'AppVersionUnparsable',
        message: `the app's version in ${which.tag} cannot be read, so nobody can say whether ${version.tag} is a major`,
        ...evidence,
      },
    ];
  }
  return from === to
    ? []
    : [
        {
          kind: 'held-major',
          reason: 'AppMajor',
          message: `${version.tag} is a major of the app over ${current.tag}`,
          ...evidence,
        },
      ];
}

/** A reason for a tag that has a `+` but no place in the order. */
export function unparsableReason(tag: string): HoldReason {
  const parsed = parseVersion(tag);
  const why = parsed.kind === 'unparsable' ? parsed.why : 'it has no order among the others';
  return {
    kind: 'held-unparsable',
    reason: 'VersionUnparsable',
    message: `the version of tag ${tag} cannot be read: ${why}; it may lie in the way`,
    file: null,
    line: null,
    from: null,
    to: tag,
  };
}
