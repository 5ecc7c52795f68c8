import { describe, expect, test } from 'vitest';
import type { Delivery, SinkDelivery } from '../../controller/model/delivery.ts';
import { undeliveredLines } from '../../controller/report/undelivered.ts';

const at = '2026-11-21T09:40:00Z';
const fresh: SinkDelivery = {
  sink: 'ops',
  delivered: null,
  attempts: 0,
  nextTryAt: null,
  lastFailure: null,
};
const failed: SinkDelivery = { ...fresh, attempts: 1, nextTryAt: at, lastFailure: 'no answer' };

function delivery(sinks: readonly SinkDelivery[], round = 0): Delivery {
  const own = { id: 'a1', app: 'book', kind: 'held-major', fingerprint: 'f1' } as const;
  return { ...own, round, roundAt: at, isOut: round > 0, sinks };
}

describe('undeliveredLines', () => {
  test.each([
    {
      name: 'nothing of what every sink has',
      of: delivery([{ ...fresh, delivered: 0 }]),
      lines: [],
    },
    {
      name: 'why, and when it is tried again',
      of: delivery([failed]),
      lines: ['a1: not yet delivered to ops: no answer, next try at 2026-11-21T09:40:00Z.'],
    },
    {
      name: 'one that was not tried yet',
      of: delivery([fresh]),
      lines: ['a1: not yet delivered to ops, the controller sends it next.'],
    },
    {
      name: 'a reminder',
      of: delivery([{ ...failed, delivered: 1 }], 2),
      lines: [
        'a1: reminder 2 not yet delivered to ops: no answer, next try at 2026-11-21T09:40:00Z.',
      ],
    },
  ])('$name', ({ of, lines }) => {
    expect(undeliveredLines([of])).toEqual(lines);
  });

  test('many are counted, not all listed', () => {
    const lines = undeliveredLines(Array.from({ length: 13 }, () => delivery([failed])));

    expect(lines).toHaveLength(11);
    expect(lines.at(-1)).toBe('And 3 other deliveries.');
  });
});
