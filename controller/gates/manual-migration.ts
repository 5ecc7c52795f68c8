/** Safety gate: release notes of any version in the way that ask a person to do something (G3). */
import type { HoldReason } from '../model/alert.ts';
import type { ReleaseNotes, ReleaseTag } from '../model/recipe.ts';
import { ASKS_FOR_WORK, CLAUSE_BREAK, SAYS_NOTHING_TO_DO } from './manual-migration-words.ts';

/** One sentence of a note, and where it begins. */
interface Sentence {
  readonly text: string;
  readonly line: number;
}

interface ManualWork extends Sentence {
  /** The notes are too long to be read: nobody can say what they ask for from here on (G2). */
  readonly isUnread: boolean;
}

const NOTES_LENGTH_MAX = 64 * 1024;
const QUOTE_LENGTH_MAX = 240;
/** In a longer sentence a negation excuses nothing: it may stand far from what it negates. */
const EXCUSABLE_LENGTH_MAX = 2000;

/** The same notes say the same, and a held app is judged in every pass: each text is read once. */
const read = new WeakMap<ReleaseNotes, ManualWork | 'nothing'>();

/** One reason for each version whose notes ask for manual work: the first sentence that does, with its line. */
export function judgeReleaseNotes(inTheWay: readonly ReleaseTag[]): readonly HoldReason[] {
  return inTheWay.flatMap((release): readonly HoldReason[] => {
    if (release.notes === undefined) return [];
    const found = read.get(release.notes) ?? findManualWork(release.notes.text) ?? 'nothing';
    read.set(release.notes, found);
    if (found === 'nothing') return [];
    return [
      {
        kind: 'held-manual-migration',
        reason: 'ManualMigration',
        message: messageOf(release.tag, found),
        file: release.notes.file,
        line: found.line,
        from: null,
        to: release.tag,
      },
    ];
  });
}

function messageOf(tag: string, { text, isUnread }: ManualWork): string {
  return isUnread
    ? `the release notes of ${tag} are longer than ${String(NOTES_LENGTH_MAX)} characters, and nobody has read the rest`
    : `the release notes of ${tag} ask for manual work: "${text.slice(0, QUOTE_LENGTH_MAX)}"`;
}

/** The first sentence that asks a person to do something; undefined when none does. Never throws. */
export function findManualWork(notes: string): ManualWork | undefined {
  const begun = notes.slice(0, NOTES_LENGTH_MAX);
  const found = sentencesOf(begun).find(({ text }) => asksForWork(text));
  if (found !== undefined) return { ...found, isUnread: false };
  if (begun.length === notes.length) return undefined;
  const rest = notes.slice(NOTES_LENGTH_MAX, NOTES_LENGTH_MAX + QUOTE_LENGTH_MAX);
  return { text: rest, line: begun.split('\n').length, isUnread: true };
}

/** A negation excuses its own clause alone: "no breaking changes, but rename the volume" asks for work (G2). */
function asksForWork(text: string): boolean {
  if (!matchesAny(ASKS_FOR_WORK, text)) return false;
  if (text.length > EXCUSABLE_LENGTH_MAX) return true;
  return [text, ...text.split(CLAUSE_BREAK)].some(
    (part) => matchesAny(ASKS_FOR_WORK, part) && !matchesAny(SAYS_NOTHING_TO_DO, part),
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
    for (const sentence of cut(paragraph, startLine)) sentences.push(sentence);
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
  const text = paragraph.map((line) => `${line} `).join('');
  const sentences: Sentence[] = [];
  let passed = 0;
  let lineEnd = paragraph[0]?.length ?? 0;
  for (const match of text.matchAll(/[^.!?;]+(?:[.!?;](?!\s)[^.!?;]*)*[.!?;]*/g)) {
    while (lineEnd < match.index && passed < paragraph.length - 1) {
      passed += 1;
      lineEnd += (paragraph[passed]?.length ?? 0) + 1;
    }
    const sentence = match[0].trim();
    if (sentence !== '') sentences.push({ text: sentence, line: startLine + passed });
  }
  return sentences;
}
