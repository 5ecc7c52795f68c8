/**
 * Reads `abra.sh`: parsed, never run. Recipes keep the versions of their configs in it, one `export NAME=value` a line,
 * beside functions that only abra runs. Lines that are not such an export at the beginning of a line say nothing to us;
 * an export whose value only a shell could tell is a problem, because compose files may depend on it. So is one at the
 * beginning of a line that stands in a condition or a loop: whether it counts, only a shell could tell. Comments and the
 * text of here-documents are nobody's code.
 */
import type { RecipeProblem } from '../model/recipe.ts';

export interface AbraSh {
  readonly values: ReadonlyMap<string, string>;
  readonly problems: readonly RecipeProblem[];
}

const EXPORT = /^export\s+(?<name>[A-Za-z_][A-Za-z0-9_]*)=(?<rest>.*)$/;
/** The line behind it depends on something. */
const OPENING = /(?:^|[\s;])(?:then|do|in)\s*(?:#.*)?$/;
const FURTHER_BRANCH = /^\s*elif\s/;
const CLOSING = /^\s*(?:fi|done|esac)(?:[\s;|&<>)]|$)/;
const COMMENT = /^\s*#/;
/** `cat <<EOF`: what follows is text, up to that word. */
const HERE_DOCUMENT = /(?<!<)<<-?\s*\\?(?<quote>['"]?)(?<word>[A-Za-z_]\w*)\k<quote>/;
/** One word of plain text, quoted or not, and perhaps a comment. */
const PLAIN =
  /^(?:"(?<double>[^"$`\\]*)"|'(?<single>[^']*)'|(?<bare>[^\s"'$`\\;&|<>()]*))\s*(?:#.*)?$/;

/** Never throws. */
export function parseAbraSh(file: string, text: string): AbraSh {
  const values = new Map<string, string>();
  const problems: RecipeProblem[] = [];
  let depth = 0;
  for (const [index, written] of codeLines(text).entries()) {
    if (CLOSING.test(written)) depth = Math.max(0, depth - 1);
    else if (OPENING.test(written) && !FURTHER_BRANCH.test(written)) depth += 1;
    const found = EXPORT.exec(written)?.groups;
    const name = found?.['name'];
    if (name === undefined) continue;
    if (depth > 0) {
      const message = `${name} is exported in a condition or a loop, and abra.sh is not run: export it once, outside of it`;
      problems.push({ file, line: index + 1, message });
      continue;
    }
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

/** Line for line, empty where there is no code. A here-document without an end is none. */
function codeLines(text: string): readonly string[] {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  let textEnd = -1;
  return lines.map((line, index) => {
    if (index <= textEnd || COMMENT.test(line)) return '';
    const word = HERE_DOCUMENT.exec(line)?.groups?.['word'];
    if (word !== undefined) {
      textEnd = lines.findIndex((one, at) => at > index && one.replace(/^\t+/, '') === word);
    }
    return line;
  });
}
