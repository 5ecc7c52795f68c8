/**
 * What is wrong between objects: names that two of them claim, the one Settings, references
 * (link-references.ts) and addresses (link-addresses.ts). One object's mistakes never stop another,
 * but for one case: an app or a run whose recipe cannot be used cannot be used either. Such a finding
 * is marked as following, because mending the recipe mends it.
 */
import { placeWords, type LinkFinding } from './finding.ts';
import { checkAddresses } from './link-addresses.ts';
import { checkDependencies, checkRecipes } from './link-references.ts';
import type { ValidatedDocument } from './validate.ts';

/**
 * Every finding between these documents, in no particular order. `incomplete`: some files or objects
 * are not among them, so what is missing here may be there.
 */
export function linkObjects(
  documents: readonly ValidatedDocument[],
  incomplete: boolean,
): readonly LinkFinding[] {
  const duplicates = checkDuplicates(documents);
  const dependencies = checkDependencies(documents, incomplete);
  const broken = new Set([
    ...[...duplicates, ...dependencies].map(({ document }) => document),
    ...documents.filter(({ problems }) => problems.length > 0),
  ]);
  const claimedTwice = new Set(duplicates.map(({ document }) => document));
  return [
    ...duplicates,
    ...dependencies,
    ...checkRecipes(documents, broken, incomplete),
    ...checkAddresses(documents.filter((document) => !claimedTwice.has(document))),
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
  return { document, path: ['metadata', 'name'], at: 'value', complaint, follows: false };

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
