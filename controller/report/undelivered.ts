/** Alerts that wait for a sink, as lines for people. */
import type { Delivery } from '../model/delivery.ts';
import { pendingSinks } from './delivery.ts';
import { count } from './text.ts';

/** Lines for one look; the rest is counted. */
const LINES_MAX = 10;

/** One line for each alert and sink that has it not, oldest first: why, and when the next try is due. */
export function undeliveredLines(deliveries: readonly Delivery[]): readonly string[] {
  const lines = deliveries.flatMap((delivery) =>
    pendingSinks(delivery).map(({ sink, lastFailure, nextTryAt }) => {
      const what = delivery.round === 0 ? '' : `reminder ${String(delivery.round)} `;
      const why = lastFailure === null ? '' : `: ${lastFailure}`;
      const next = nextTryAt === null ? 'the controller sends it next' : `next try at ${nextTryAt}`;
      return `${delivery.id}: ${what}not yet delivered to ${sink}${why}, ${next}.`;
    }),
  );
  const others = lines.length - LINES_MAX;
  return others > 0
    ? [...lines.slice(0, LINES_MAX), `And ${count(others, 'other delivery', 'other deliveries')}.`]
    : lines;
}
