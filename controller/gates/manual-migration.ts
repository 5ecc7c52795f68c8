/** Safety gate: release notes of any version in the way that ask a person to do something (G3). */
import type { HoldReason } from '../model/alert.ts';
import type { ReleaseTag } from '../model/recipe.ts';
import { ASKS_FOR_WORK, SAYS_NOTHING_TO_DO } from './manual-migration-words.ts';

/** One sentence of a note, and where it begins. */
interface Sentence {
  readonly text: string;
  readonly line: number;
}

const NOTES_LENGTH_MAX = 64 * 1024;
const QUOTE_LENGTH_MAX = 240;

/** One reason for each version whose notes ask for manual work: the first sentence that does, with its line. */
export function judgeReleaseNotes(inTheWay: readonly ReleaseTag[]): readonly HoldReason[] {
  return inTheWay.flatMap((release): readonly HoldReason[] => {
    if (release.notes === undefined) return [];
    const found = findManualWork(release.notes.text);
    if (found === undefined) return [];
    return [
      {
        kind: 'held-manual-migration',
        reason: 'ManualMigration',
        message: `the release notes of ${release.tag} ask for manual work: "${found.text.slice(0, QUOTE_LENGTH_MAX)}"`,
        file: release.notes.file,
        line: found.line,
        from: null,
        to: release.tag,
      },
    ];
  });
}

/** The first sentence that asks a person to do something; undefined when none does. Never throws. */
export function findManualWork(notes: string): Sentence | undefined {
  return sentencesOf(notes.slice(0, NOTES_LENGTH_MAX)).find(
    ({ text }) => matchesAny(ASKS_FOR_WORK, text) && !matchesAny(SAYS_NOTHING_TO_DO, text),
  );
}

function matchesAny(patterns: readonly RegExp[], text: string): boolean {
  return patterns.some((pattern) => pattern.test(text));
}

/** Paragraphs are joined before they are cut into sentences: a negation may stand on the line before its verb. */
function sentencesOf(notes: string): readonly Sentence[] {
  const sentences: Sentence[] = [];
  let paragraph: string[] = [];
  let startLine = 1;
  const flush = (): void => {
    sentences.push(...cut(paragraph, startLine));
    paragraph = [];
  };
  for (const [index, line] of notes.split(/\r?\n/).entries()) {
    const startsAnew = /^\s*(?:[-*+]|\d+[.)]|#{1,6})\s/.test(line);
    if (line.trim() === '' || startsAnew) flush();
    if (line.trim() === '') continue;
    if (paragraph.length === 0) startLine = index + 1;
    paragraph.push(line.trim());
  }
  flush();
  return sentences;
}

function cut(paragraph: readonly string[], startLine: number): readonly Sentence[] {
  const lineStarts: number[] = [];
  let text = '';
  for (const line of paragraph) {
    lineStarts.push(text.length);
    text += `${line} `;
  }
  return [...text.matchAll(/[^.!?;]+(?:[.!?;](?!\s)[^.!?;]*)*[.!?;]*/g)]
    .filter((match) => match[0].trim() !== '')
    .map((match) => ({
      text: match[0].trim(),
      line: startLine + Math.max(0, lineStarts.filter((start) => start <= match.index).length - 1),
    }));
}
