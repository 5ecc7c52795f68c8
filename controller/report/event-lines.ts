/** Events as lines of fixed columns, so that a line that comes later stands below those that came before. */
import type { Event } from './events.ts';
import { plain, type Paint } from './table.ts';
import { oneLine } from './text.ts';

const WIDTHS = { at: 20, object: 24, type: 7, reason: 20 } as const;
const GAP = '   ';

/** The heading, with a line feed. */
export const eventHeading = lineOf(['TIME', 'OBJECT', 'TYPE', 'REASON', 'MESSAGE']);

/** One line with a line feed. What is longer than its column pushes the rest. */
export function eventLine(event: Event, paint: Paint = plain): string {
  const type = event.type.padEnd(WIDTHS.type);
  const { at, object, reason, message } = event;
  const cells = [whole(at), oneLine(object), type, oneLine(reason), oneLine(message)];
  return lineOf(event.type === 'Warning' ? cells.with(2, paint(type, 'warn')) : cells);
}

function lineOf([
  at = '',
  object = '',
  type = '',
  reason = '',
  message = '',
]: readonly string[]): string {
  const cells = [
    at.padEnd(WIDTHS.at),
    object.padEnd(WIDTHS.object),
    type.padEnd(WIDTHS.type),
    reason.padEnd(WIDTHS.reason),
    message,
  ];
  return `${cells.join(GAP)}\n`;
}

/** To the second. */
function whole(at: string): string {
  return at.replace(/\.\d+Z$/, 'Z');
}
