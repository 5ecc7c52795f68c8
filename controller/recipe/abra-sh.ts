/**
 * Reads `abra.sh`: parsed, never run. Recipes keep the versions of their configs in it, one `export NAME=value` a line,
 * beside functions that only abra runs. Lines that are not such an export at the beginning of a line say nothing to us;
 * an export whose value only a shell could tell is a problem, because compose files may depend on it.
 */
import type { RecipeProblem } from '../model/recipe.ts';

export interface AbraSh {
  readonly values: ReadonlyMap<string, string>;
  readonly problems: readonly RecipeProblem[];
}

const EXPORT = /^export\s+(?<name>[A-Za-z_][A-Za-z0-9_]*)=(?<rest>.*)$/;
/** One word of plain text, quoted or not, and perhaps a comment. */
const PLAIN =
  /^(?:"(?<double>[^"$`\\]*)"|'(?<single>[^']*)'|(?<bare>[^\s"'$`\\;&|<>()]*))\s*(?:#.*)?$/;

/** Never throws. */
export function parseAbraSh(file: string, text: string): AbraSh {
  const values = new Map<string, string>();
  const problems: RecipeProblem[] = [];
  for (const [index, written] of text.split(/\r?\n/).entries()) {
    const found = EXPORT.exec(written)?.groups;
    const name = found?.['name'];
    if (name === undefined) continue;
    const plain = PLAIN.exec(found?.['rest'] ?? '')?.groups;
    if (plain === undefined) {
      problems.push({
        file,
        line: index + 1,
        message: `the value of ${name} is more than plain text, and abra.sh is not run: write the value itself`,
      });
      continue;
    }
    values.set(name, plain['double'] ?? plain['single'] ?? plain['bare'] ?? '');
  }
  return { values, problems };
}
