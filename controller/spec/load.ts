/**
 * Files of a desired tree in, desired state and every problem out. Pure: which files there are, and
 * reading them, is the caller's affair.
 *
 * One invalid object never stops the others. What could not be read, parsed or told by name makes the
 * result `incomplete`, so that nothing counts as removed for it (L1).
 */
import type { Kind } from '../model/desired.ts';
import type { InvalidObject, LoadedDesired, SpecProblem } from '../model/spec-problem.ts';
import { assemble, type ValidObject } from './assemble.ts';
import type { LinkFinding } from './finding.ts';
import { linkObjects, type Hidden } from './link.ts';
import { parseFile } from './parse.ts';
import { compareProblems, compareText, problemOfFile } from './problem.ts';
import { withFewOfYaml } from './few-of-yaml.ts';
import { problemOf, validateDocument, type ValidatedDocument } from './validate.ts';

/** A file of the tree: its text, or why it could not be read. */
export interface SpecFile {
  /** Relative to the tree, with `/`. */
  readonly path: string;
  readonly text: string | undefined;
  readonly problem: string | undefined;
}

export interface LoadOptions {
  /** Commit of the tree, or a digest of the directory. */
  readonly revision: string;
  /** Absolute path that relative recipe URLs start from. */
  readonly baseDirectory: string;
  /**
   * How the tree is called in problems, as typed: `desired` gives `desired/settings.yaml:3:1`. Empty:
   * paths stay relative.
   */
  readonly tree: string;
  /**
   * True: the files are a part of a tree, such as one that a person asks about. What is missing among
   * them may stand elsewhere, and is no problem.
   */
  readonly part?: boolean;
}

/** Never throws. The same files and options give the same answer, whatever the order of the files. */
export function loadDesired(files: readonly SpecFile[], options: LoadOptions): LoadedDesired {
  const read = [...files]
    .sort((a, b) => compareText(a.path, b.path))
    .map((file) => readDocuments(file, options.tree));
  const incompleteFiles = read.filter(({ incomplete }) => incomplete).map(({ file }) => file);
  const incomplete = incompleteFiles.length > 0;
  const isPart = options.part === true;
  const mayHold = (kind: Kind): boolean => isPart || read.some((file) => mayHide(file, kind));
  const objects = judged(
    read.flatMap(({ documents }) => documents),
    { any: incomplete || isPart, recipes: mayHold('Recipe') },
  );
  return {
    desired: assemble(objects.flatMap(validObject), options),
    invalid: objects.flatMap(invalidObject),
    problems: withFewOfYaml(
      [
        ...read.flatMap(({ problems }) => problems),
        ...objects.flatMap(({ problems, told }) => [...problems, ...told]),
        ...(mayHold('Settings') ? [] : missingSettings(objects, options.tree)),
      ].sort(compareProblems),
    ),
    incomplete,
    incompleteFiles,
  };
}

interface ReadFile {
  readonly file: string;
  readonly documents: readonly ValidatedDocument[];
  /** Of the file as a whole. */
  readonly problems: readonly SpecProblem[];
  readonly incomplete: boolean;
}

function readDocuments({ path, text, problem }: SpecFile, tree: string): ReadFile {
  const file = tree === '' ? path : `${tree.replace(/\/+$/, '')}/${path}`;
  if (text === undefined) {
    // Whoever read it says what to do behind a semicolon.
    const [why = '', ...advice] = (problem ?? 'cannot be read, and no reason is known').split('; ');
    const unreadable = problemOfFile(file, {
      code: 'file-unreadable',
      message: `the file ${why}`,
      hint: advice.join('; ') || 'make it readable for the user that ci-warm runs as, or remove it',
    });
    return { file, documents: [], problems: [unreadable], incomplete: true };
  }
  const parsed = parseFile(file, text);
  const documents = parsed.documents.map(validateDocument);
  const incomplete =
    parsed.problems.length > 0 ||
    documents.some(
      (document) => document.identity === undefined || document.parsed.problems.length > 0,
    );
  return { file, documents, problems: parsed.problems, incomplete };
}

/** Whether an object of this kind may be in the file without being seen. */
function mayHide({ documents, problems }: ReadFile, kind: Kind): boolean {
  return (
    problems.length > 0 ||
    documents.some(
      ({ identity, fields }) =>
        fields === undefined || (identity === undefined && fields.kind === kind),
    )
  );
}

/** A document with everything that is wrong with it. */
interface JudgedDocument {
  readonly document: ValidatedDocument;
  /** For a person to mend here. */
  readonly problems: readonly SpecProblem[];
  /** That go away when another object is mended. */
  readonly following: readonly SpecProblem[];
  /** For a person to mend here or in another object that is invalid; this one goes on. */
  readonly told: readonly SpecProblem[];
}

function judged(
  documents: readonly ValidatedDocument[],
  hidden: Hidden,
): readonly JudgedDocument[] {
  const findings = Map.groupBy(linkObjects(documents, hidden), ({ document }) => document);
  return documents.map((document) => {
    const own = findings.get(document) ?? [];
    const problemsOf = (effect: LinkFinding['effect']): readonly SpecProblem[] =>
      own
        .filter((finding) => finding.effect === effect)
        .map((finding) => problemOf(document.parsed, finding));
    const problems = [...document.problems, ...problemsOf('stalls')].sort(compareProblems);
    return { document, problems, following: problemsOf('follows'), told: problemsOf('tells') };
  });
}

function validObject({ document, problems, following }: JudgedDocument): readonly ValidObject[] {
  const { object, source } = document;
  const isValid = problems.length === 0 && following.length === 0;
  return isValid && object !== undefined ? [{ object, source }] : [];
}

function invalidObject({ document, ...judgement }: JudgedDocument): readonly InvalidObject[] {
  const problems = [...judgement.problems, ...judgement.following];
  if (document.identity === undefined || problems.length === 0) return [];
  return [{ ...document.identity, ...document.source, problems }];
}

function missingSettings(objects: readonly JudgedDocument[], tree: string): readonly SpecProblem[] {
  if (objects.some(({ document }) => document.identity?.kind === 'Settings')) return [];
  const message =
    objects.length === 0 ? 'there are no objects at all' : 'there is no object of kind Settings';
  return [
    problemOfFile(tree === '' ? '.' : tree, {
      code: 'missing-settings',
      message,
      hint: 'add settings.yaml with kind: Settings and spec: { baseDomain: ci.example.org }',
    }),
  ];
}
