/**
 * What is told of a file whose YAML is wrong in many places. Behind the first mistakes the parser mostly misreads what
 * follows from them. Mistakes in objects are never left out.
 */
import type { SpecProblem } from '../model/spec-problem.ts';

/** Mistakes of YAML that are told of one file. */
const TOLD_MAX = 20;

/** The problems, which are in order, with those beyond the limit as one, at the place of the first of them. */
export function withFewOfYaml(problems: readonly SpecProblem[]): readonly SpecProblem[] {
  const ofYaml = Map.groupBy(problems.filter(isOfYaml), ({ file }) => file);
  const beyond = [...ofYaml.values()].map((all) => all.slice(TOLD_MAX));
  // One more is told as itself: to say that there is one more takes the same room.
  const replaced = beyond.filter(({ length }) => length > 1);
  const left = new Set(replaced.flat());
  const counted = new Map(replaced.flatMap((rest) => rest.slice(0, 1).map((one) => [one, rest])));
  return problems.flatMap((problem) => {
    const rest = counted.get(problem);
    if (rest !== undefined) return [{ ...problem, ...moreOf(rest.length) }];
    return left.has(problem) ? [] : [problem];
  });
}

function isOfYaml({ code }: SpecProblem): boolean {
  return code.startsWith('yaml-');
}

function moreOf(count: number): Pick<SpecProblem, 'code' | 'message' | 'hint' | 'excerpt'> {
  return {
    code: 'yaml-syntax',
    message: `here and behind there are ${String(count)} more mistakes of YAML in this file`,
    hint: 'mend those above first: most of these may follow from them',
    excerpt: undefined,
  };
}
