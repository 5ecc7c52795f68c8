import { describe, expect, test } from 'vitest';
import { PassBoard } from '../../controller/reconcile/pass-board.ts';
import type { Pass } from '../../controller/reconcile/pass.ts';

const live = new AbortController().signal;
const pass = (name: string): Pass => ({ name }) as unknown as Pass;

describe('PassBoard', () => {
  test('whoever asks during a pass gets the next one: this one may have looked before', async () => {
    const board = new PassBoard();
    const first = board.begin();
    const waiting = board.next(live);
    first(pass('first'));
    board.begin()(pass('second'));

    expect(await waiting).toEqual(pass('second'));
  });

  test('a pass that failed saw nothing: they wait for the next', async () => {
    const board = new PassBoard();
    const waiting = board.next(live);
    board.begin()(undefined);
    board.begin()(pass('second'));

    expect(await waiting).toEqual(pass('second'));
  });

  test('whoever waits no longer is let go', async () => {
    const stop = new AbortController();
    const waiting = new PassBoard().next(stop.signal);
    stop.abort(new Error('hung up'));

    await expect(waiting).rejects.toThrow('hung up');
  });
});
