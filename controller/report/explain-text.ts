/** An explanation for people: what `ci-warm explain` prints. */
import type { HoldReason } from '../model/alert.ts';
import type { Decided, Explanation } from './explain.ts';
import { plain, type Paint, type Tone } from './table.ts';
import { inFile, oneLine, sentence, shortRevision } from './text.ts';

const tones = { yes: 'good', no: 'bad', unknown: 'warn' } as const satisfies Record<
  Decided['answer'],
  Tone
>;

/** The outcome first, then question by question. Ends with a line feed. */
export function explanationText(explanation: Explanation, paint: Paint = plain): string {
  const { object, ready, observedRevision, lastPassAt, decisions, waitsFor } = explanation;
  const pass =
    lastPassAt === null ? 'no controller has looked at it yet' : `last looked at ${lastPassAt}`;
  const changes = decisions.flatMap(({ toChange }) => (toChange === null ? [] : [toChange]));
  return [
    `${object}: Ready ${ready.status}, ${ready.reason}, since ${ready.lastTransitionTime}`,
    oneLine(ready.message),
    `Desired state ${shortRevision(observedRevision)}; ${pass}.`,
    '',
    ...decisions.flatMap((decision) => decisionLines(decision, paint)),
    '',
    `Waits for: ${waitsFor}`,
    ...(changes.length === 0
      ? []
      : ['To change it:', ...changes.map((text) => `  - ${oneLine(text)}`)]),
    '',
  ].join('\n');
}

function decisionLines(
  { question, answer, because, evidence }: Decided,
  paint: Paint,
): readonly string[] {
  return [
    `${question} ${paint(answer, tones[answer])}`,
    ...because.map((text) => `    ${oneLine(text)}`),
    ...evidence.map((reason) => `    - ${evidenceText(reason)}`),
  ];
}

function evidenceText({ reason, message, file, line, from, to }: HoldReason): string {
  const values = from === null && to === null ? '' : ` [${from ?? '-'} → ${to ?? '-'}]`;
  return oneLine(`${reason}${inFile(file, line)}: ${sentence(message)}${values}`);
}
