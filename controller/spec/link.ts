/**
 * What is wrong between objects: names that two of them claim, the one Settings, references
 * (link-references.ts) and addresses (link-addresses.ts). One object's mistakes never stop another,
 * but for one case: an app or a run whose recipe cannot be used cannot be used either. Such a finding
 * is marked as following, because mending the recipe mends it. What an invalid object says rightly is
 * compared all the same, so that every problem is told at once; a valid one is only told of it.
 */
import { placeWords, type LinkFinding } from './finding.ts';
import { checkAddresses } from './link-addresses.ts';
import { checkDependencies, checkRecipes } from './link-references.ts';
import type { ValidatedDocument } from './validate.ts';

/** What is not among the documents, so that what is missing here may be there. */
export interface Hidden {
  /** Some file or object of whatever kind. */
  readonly any: boolean;
  /** What may be a recipe. */
  readonly recipes: boolean;
}

/** Every finding between these documents, in no particular order. */
export function linkObjects(
  documents: readonly ValidatedDocument[],
  hidden: Hidden,
): readonly LinkFinding[] {
  const duplicates = checkDuplicates(documents);
  const dependencies = checkDependencies(documents, hidden.any);
  const broken = new Set([
    ...[...duplicates, ...dependencies]
      .filter(({ effect }) => effect === 'stalls')
      .map(({ document }) => document),
    ...documents.filter(({ problems }) => problems.length > 0),
  ]);
  const claimedTwice = new Set(duplicates.map(({ document }) => document));
  return [
    ...duplicates,
    ...dependencies,
    ...checkRecipes(documents, broken, hidden.recipes),
    ...checkAddresses(documents, claimedTwice),
  ];
}

function checkDuplicates(documents: readonly ValidatedDocument[]): readonly LinkFinding[] {
  const claims = Map.groupBy(documents, claimOf);
  return [...claims].flatMap(([claim, claimants]) =>
    claim === undefined
      ? []
      : claimants.flatMap((document) => {
          const other = claimants.find((each) => each !== document);
          return other === undefined ? [] : [duplicate(document, other)];
        }),
  );
}

/** Settings count by kind alone; WarmApps and Canonicals share one name space. */
function claimOf({ identity }: ValidatedDocument): string | undefined {
  if (identity === undefined || identity.kind === 'Settings') return identity?.kind;
  const kind = identity.kind === 'Canonical' ? 'WarmApp' : identity.kind;
  return `${kind} ${identity.name}`;
}

function duplicate(document: ValidatedDocument, other: ValidatedDocument): LinkFinding {
  const { kind = '', name = '' } = document.identity ?? {};
  const otherKind = other.identity?.kind ?? '';
  const place = placeWords(other);
  const complaint = complaintOf();
  return { document, path: ['metadata', 'name'], at: 'value', complaint, effect: 'stalls' };

  function complaintOf(): LinkFinding['complaint'] {
    const code = 'duplicate-object';
    if (kind === 'Settings') {
      return { code, message: `there is another Settings ${place}`, hint: 'keep one of them' };
    }
    const message = `the name ${name} of this ${kind} is also that of the ${otherKind} ${place}`;
    const hint =
      kind === otherKind
        ? 'remove one of them, or rename it'
        : 'rename one of them: the name is that of their folder in the state directory';
    return { code, message, hint };
  }
}
