/** What the YAML parser has against a text, in our words and at a place where there is something to see. */
import type { YAMLError } from 'yaml';
import { TOO_DEEP } from './check-nodes.ts';
import { problemAt, type Complaint } from './problem.ts';
import type { SourceText, TextRange } from './source-text.ts';
import type { SpecProblem } from '../model/spec-problem.ts';

/** The parser's error or warning as a problem. */
export function syntaxProblem(source: SourceText, error: YAMLError): SpecProblem {
  const [message = ''] = error.message.split('\n', 1);
  const complaint = complaintOf(error.code, message);
  return problemAt(source, rangeToShow(source.text, error, message), complaint);
}

const LIST_AS_NAME: Complaint = {
  code: 'yaml-syntax',
  message: 'the name of a field is text, and here it is a list or a map',
  hint: 'write plain text in front of the colon; text that begins with [ or { belongs in quotes',
};
const NO_COLON = {
  what: 'there is a field without a colon',
  hint: 'write a colon and a space behind its name',
};
/** The commonest mistakes; for the rest the parser's own words have to do. */
const MISTAKES: Partial<Record<YAMLError['code'], { what?: string; hint: string }>> = {
  TAB_AS_INDENT: { what: 'there is a tab in the indentation', hint: 'indent with spaces' },
  BLOCK_AS_IMPLICIT_KEY: {
    what: 'there is a second ": " on the line',
    hint: 'put quotes around a value with ": " in it',
  },
  MISSING_CHAR: NO_COLON,
  MULTILINE_IMPLICIT_KEY: NO_COLON,
  BAD_INDENT: { hint: 'let all fields of one map begin in the same column' },
};

function complaintOf(code: YAMLError['code'], message: string): Complaint {
  if (code === 'TAG_RESOLVE_FAILED') {
    return {
      code: 'yaml-tag',
      message: `tags have no meaning here: ${message}`,
      hint: 'remove the tag, the word that begins with !; text that begins with ! belongs in quotes',
    };
  }
  // The parser recurses, and gives up far below what is read.
  if (code === 'RESOURCE_EXHAUSTION') return TOO_DEEP;
  if (code === 'NON_STRING_KEY') return LIST_AS_NAME;
  const closing = /end with a ([\]}])/.exec(message)?.[1];
  if (closing !== undefined) {
    const opening = closing === ']' ? '[' : '{';
    return syntax(`a ${opening} is not closed`, `add the missing ${closing}, here or further up`);
  }
  if (message.startsWith('Missing closing')) {
    return syntax('a quote is not closed', 'add the missing quote, here or further up');
  }
  const { what, hint } = MISTAKES[code] ?? {
    hint: 'compare the line with the examples in docs/spec',
  };
  return syntax(what ?? message, hint);
}

function syntax(what: string, hint: string): Complaint {
  return { code: 'yaml-syntax', message: `this is not YAML: ${what}`, hint };
}

/**
 * The parser points at where it gave up, which may be a line end, white space or the line after: then
 * at the last word before it for what is missing there, else at the first word behind it.
 */
function rangeToShow(text: string, { pos: [start, end] }: YAMLError, message: string): TextRange {
  const isMissing = /end with a|^Missing|need to be followed/.test(message);
  if (isMissing || text.slice(start).trim() === '') {
    const before = text.slice(0, start).trimEnd();
    const at = Math.max(0, before.length - 1);
    return { start: at, end: at + 1 };
  }
  const spaces = /^ */.exec(text.slice(start))?.[0].length ?? 0;
  return { start: start + spaces, end: Math.max(end, start + spaces + 1) };
}
