/**
 * Safety gate: the two recipes' structure, not only their names (G3).
 *
 * What touches data is compared from each version to the next, because an upgrade does what every version in the way
 * does: an image that goes two majors up in a version that is skipped, or a volume that is gone in one and back in the
 * next, cannot hide. What runs now is compared with the target besides. What people are asked for is asked by the target
 * alone.
 *
 * A version that cannot be read holds, and the others are compared past it (G2).
 */
import type { HoldReason } from '../model/alert.ts';
import type { GateSpec } from '../model/desired.ts';
import type { RecipeStructure, SecretStructure } from '../model/structure.ts';
import type { StructureFinding } from './finding.ts';
import { judgeImageDowngrades, judgeImages } from './image-moves.ts';
import { judgeConfiguration } from './new-configuration.ts';
import { judgeUpdateOrder, judgeVolumes } from './volume-moves.ts';

export interface StructureQuestion {
  readonly current: RecipeStructure;
  /** Every version in (current, target], in order, the target last. */
  readonly inTheWay: readonly RecipeStructure[];
  readonly gate: Pick<GateSpec, 'onImageMajor' | 'onNewConfiguration'>;
  readonly hasSecret: (secret: SecretStructure) => boolean;
}

/** Every reason to hold; empty: nothing in the recipes' structure needs a person. */
export function judgeStructure(question: StructureQuestion): readonly HoldReason[] {
  const { current, inTheWay, gate, hasSecret } = question;
  const all = [current, ...inTheWay];
  const readable = all.filter(isReadable);
  const target = inTheWay.at(-1);
  const compare = (from: RecipeStructure, to: RecipeStructure): readonly StructureFinding[] => [
    ...(gate.onImageMajor === 'Allow' ? [] : judgeImages(from, to)),
    ...judgeVolumes(from, to),
  ];
  const steps = readable.flatMap((to, index) => {
    const from = readable[index - 1];
    return from === undefined ? [] : compare(from, to);
  });
  const unreadable = all.flatMap(unreadableReasons);
  if (target === undefined || !isReadable(current) || !isReadable(target)) {
    return [...unreadable, ...reasonsOf(steps)];
  }
  const isAllowed = gate.onNewConfiguration === 'Allow';
  return [
    ...unreadable,
    ...reasonsOf(steps, compare(current, target)),
    ...judgeImageDowngrades(current, target).map(({ reason }) => reason),
    ...judgeUpdateOrder(current, target).map(({ reason }) => reason),
    ...judgeConfiguration({ from: current, to: target, isAllowed, hasSecret }),
  ];
}

/** Each once; of the whole way only what no step says of the same thing. */
function reasonsOf(
  steps: readonly StructureFinding[],
  overall: readonly StructureFinding[] = [],
): readonly HoldReason[] {
  const about = ({ subject, reason }: StructureFinding): string => `${reason.reason} ${subject}`;
  const told = new Set(steps.map(about));
  const seen = new Set<string>();
  return [...steps, ...overall.filter((one) => !told.has(about(one)))].flatMap((one) => {
    const key = JSON.stringify([about(one), one.reason.from, one.reason.to]);
    if (seen.has(key)) return [];
    seen.add(key);
    return [one.reason];
  });
}

/** A variable that nobody set is new configuration, and only where the version is the target. */
function isReadable({ problems }: RecipeStructure): boolean {
  return problems.every(({ variable }) => variable !== undefined);
}

/** One for each file: a parser that has lost its way complains of every line that follows. */
function unreadableReasons({ tag, problems }: RecipeStructure): readonly HoldReason[] {
  const byFile = Map.groupBy(
    problems.filter(({ variable }) => variable === undefined),
    ({ file }) => file,
  );
  return [...byFile].flatMap(([file, [first, ...others]]): readonly HoldReason[] => {
    if (first === undefined) return [];
    const more = others.length === 0 ? '' : ` (and ${String(others.length)} more in ${file})`;
    return [
      {
        kind: 'held-unparsable',
        reason: 'RecipeUnreadable',
        message: `the recipe cannot be read at ${tag}: ${first.message}${more}`,
        file: file === '' ? null : file,
        line: first.line ?? null,
        from: null,
        to: tag,
      },
    ];
  });
}
