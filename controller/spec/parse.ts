/**
 * YAML text to documents with positions. Strict: what YAML only warns of is an error here, because a
 * tree that is read in two ways is worse than one that is not read.
 *
 * Everything is bounded: size, depth, aliases. Never throws.
 */
import { parseAllDocuments, type Document } from 'yaml';
import { checkNodes, TOO_DEEP } from './check-nodes.ts';
import { compareProblems, problemAt, problemOfFile, type Complaint } from './problem.ts';
import { sourceText, type SourceText } from './source-text.ts';
import { syntaxProblem } from './syntax-problem.ts';
import type { SpecProblem } from '../model/spec-problem.ts';

/** Characters of one file. */
export const FILE_CHARS_MAX = 512 * 1024;
/** How often aliases of one document may be followed in all. */
const ALIASES_FOLLOWED_MAX = 100;

/** One document of a file. Empty ones are left out. */
export interface ParsedDocument {
  readonly source: SourceText;
  readonly document: Document.Parsed;
  /** As plain data; what could be made out where there are problems. */
  readonly value: unknown;
  /** When there is any, `value` may serve to tell which object it is, and for nothing else. */
  readonly problems: readonly SpecProblem[];
}

export interface ParsedFile {
  readonly documents: readonly ParsedDocument[];
  /** Of the file as a whole. */
  readonly problems: readonly SpecProblem[];
}

/** The documents of a file. `file` is the path as shown in problems. */
export function parseFile(file: string, text: string): ParsedFile {
  if (text.length > FILE_CHARS_MAX) {
    const what = {
      code: 'file-too-large',
      message: `the file has ${String(text.length)} characters, and at most ${String(FILE_CHARS_MAX)} are read`,
      hint: 'split it into several files; the folders below the tree are free',
    } satisfies Complaint;
    return { documents: [], problems: [problemOfFile(file, what)] };
  }
  const source = sourceText(file, text);
  try {
    return { documents: documentsOf(source), problems: [] };
  } catch (thrown) {
    // The parser recurses: text of absurd depth may end here.
    const what =
      thrown instanceof RangeError
        ? TOO_DEEP
        : ({
            code: 'yaml-syntax',
            message: `the file cannot be parsed: ${String(thrown)}`,
            hint: 'compare it with the examples in docs/spec',
          } satisfies Complaint);
    return { documents: [], problems: [problemOfFile(file, what)] };
  }
}

function documentsOf(source: SourceText): readonly ParsedDocument[] {
  const documents = parseAllDocuments(source.text, {
    version: '1.2',
    schema: 'core',
    strict: true,
    stringKeys: true,
    merge: false,
    resolveKnownTags: false,
    prettyErrors: false,
    logLevel: 'silent',
    // The library compares every key with every other; check-nodes.ts does it in one walk.
    uniqueKeys: false,
  });
  return Array.from(documents)
    .map((document) => parsed(source, document))
    .filter(({ value, problems }) => value !== null || problems.length > 0);
}

function parsed(source: SourceText, document: Document.Parsed): ParsedDocument {
  const syntax = syntaxProblems(source, document);
  const nodes = checkNodes(source, document);
  const { value, problems } = nodes.walkable
    ? valueOf(source, document)
    : { value: undefined, problems: [] };
  return {
    source,
    document,
    value,
    problems: eachOnce([...syntax, ...nodes.problems, ...problems]),
  };
}

/** Behind text that is too deep for the parser, all that it has to say follows from that. */
function syntaxProblems(source: SourceText, document: Document.Parsed): readonly SpecProblem[] {
  const errors = [...document.errors, ...document.warnings];
  const tooDeep = errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION');
  const told = tooDeep === undefined ? errors : [tooDeep];
  return told.map((error) => syntaxProblem(source, error));
}

/** What is said twice of one place is said once: of each [ that is not closed the parser complains at the same end. */
function eachOnce(problems: readonly SpecProblem[]): readonly SpecProblem[] {
  const said = new Map<string, SpecProblem>();
  for (const problem of problems) {
    // Where the nesting is too deep does not matter: it is so from the first place on.
    const place = problem.code === 'yaml-depth' ? [] : [problem.line, problem.column];
    const key = JSON.stringify([...place, problem.message]);
    const before = said.get(key);
    if (before === undefined || compareProblems(problem, before) < 0) said.set(key, problem);
  }
  return [...said.values()];
}

function valueOf(
  source: SourceText,
  document: Document.Parsed,
): Pick<ParsedDocument, 'value' | 'problems'> {
  try {
    return { value: document.toJS({ maxAliasCount: ALIASES_FOLLOWED_MAX }), problems: [] };
  } catch {
    // Only aliases make this throw, and one by one they have been found in order: they are too many.
    const start = document.contents?.range[0] ?? 0;
    const what = {
      code: 'yaml-alias',
      message: 'the aliases of this document stand for too much',
      hint: `write it out; aliases are followed ${String(ALIASES_FOLLOWED_MAX)} times at most`,
    } satisfies Complaint;
    return { value: undefined, problems: [problemAt(source, { start, end: start + 1 }, what)] };
  }
}
