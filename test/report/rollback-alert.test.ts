import { describe, expect, test } from 'vitest';
import { known, unknown } from '../../controller/model/known.ts';
import {
  rollbackAlert,
  strandedAlert,
  type FailedTransition,
} from '../../controller/report/rollback-alert.ts';
import { warmApp } from '../build/desired.ts';
import { failure, transitionInput } from '../build/record.ts';

const app = warmApp('guestbook');
const nowMs = Date.parse('2026-11-21T09:30:00Z');

function failed(over: Partial<FailedTransition> = {}): FailedTransition {
  return {
    id: '20261121t093000-0000aa',
    transition: 'upgrade',
    input: transitionInput(app, '1.1.0+1.1.0', '1.2.0+1.2.0', {
      notes: [{ version: '1.2.0+1.2.0', text: 'A new look.' }],
    }),
    failure: failure({ lastLogs: ['starting', 'DB_PASSWORD=CANARY', 'Error: bad schema'] }),
    servedFromMs: nowMs - 250_000,
    servedUntilMs: nowMs - 10_000,
    nowMs,
    ...over,
  };
}

describe('what people are told of a transition that was turned round', () => {
  const first = transitionInput(app, null, '1.0.0+1.0.0');
  const stateless = transitionInput({ ...app, data: 'Stateless' }, '1.1.0+1.1.0', '1.2.0+1.2.0');

  test.each([
    { name: 'rollback', alert: rollbackAlert(failed()) },
    {
      name: 'rollback-never-served',
      alert: rollbackAlert(
        failed({
          servedFromMs: null,
          servedUntilMs: null,
          failure: failure({
            verdict: 'inconclusive',
            reason: 'DiskFull',
            message: 'no room for the snapshot',
          }),
        }),
      ),
    },
    { name: 'rollback-stateless', alert: rollbackAlert(failed({ input: stateless })) },
    {
      name: 'first-install-failed',
      alert: rollbackAlert(failed({ transition: 'install', input: first })),
    },
    {
      name: 'rollback-failed',
      alert: strandedAlert({
        ...failed(),
        backFailure: failure({ reason: 'NotConverged', message: 'not running after 600 s' }),
        left: known([]),
      }),
    },
  ])('$name', async ({ name, alert }) => {
    await expect(`${JSON.stringify(alert, null, 2)}\n`).toMatchFileSnapshot(
      `golden/alert-${name}.json`,
    );
  });

  test('where the way back failed too, the last words of both are told, those of the target first', () => {
    const { lastLogs } = strandedAlert({
      ...failed({ failure: failure({ lastLogs: ['of the target'] }) }),
      backFailure: failure({ lastLogs: ['of the way back'] }),
      left: known([]),
    });

    expect(lastLogs).toEqual(['of the target', 'of the way back']);
  });

  test.each([
    { name: 'is undeployed', left: known([]), says: 'guestbook is undeployed and is left so.' },
    {
      name: 'could not be undeployed',
      left: known(['service guestbook_app']),
      says: 'could not be undeployed and is left so: service guestbook_app of it is there still.',
    },
    {
      name: 'is in a Swarm that does not answer (L1)',
      left: unknown('no leader'),
      says: 'Whether guestbook is undeployed is not known (no leader); it is left as it is.',
    },
  ])('where the way back failed, it is told that the app $name', ({ left, says }) => {
    const { message } = strandedAlert({ ...failed(), backFailure: null, left });

    expect(message).toContain(says);
    expect(message.includes('is undeployed and is left so')).toBe(left.known && !left.value[0]);
  });

  test('a restore that failed says where the data is that it displaced, and the way out', () => {
    const { message, resolve } = strandedAlert({
      ...failed({ transition: 'restore' }),
      backFailure: null,
      left: known([]),
    });

    expect(message).toContain('guestbook/volumes/<volume>/displaced-20261121t093000-0000aa');
    expect(resolve).toContain('ci-warm reconcile guestbook --retry');
  });
});

describe('one alert a transition (A1)', () => {
  test('each transition that is rolled back is an event of its own', () => {
    expect(rollbackAlert(failed()).fingerprint).not.toBe(
      rollbackAlert(failed({ id: '20261121t103000-0000bb' })).fingerprint,
    );
  });
});
