/** Puts a mutant into the text of its file. */
import type { Mutant } from './mutant.ts';

/** The text, broken; undefined when what is to be replaced does not stand in it exactly once. */
export function apply({ find, replace }: Mutant, text: string): string | undefined {
  const parts = text.split(find);
  return parts.length === 2 ? parts.join(replace) : undefined;
}
