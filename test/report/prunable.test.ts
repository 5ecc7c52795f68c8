import { expect, test } from 'vitest';
import type { ObjectStatus } from '../../controller/model/condition.ts';
import type { NamedView, VolumeView } from '../../controller/model/swarm.ts';
import { prunableOf, prunableText } from '../../controller/report/prunable.ts';
import { warmApp } from '../build/desired.ts';
import { appRecord, lastGood } from '../build/record.ts';
import { statusOfHealth } from '../build/health-status.ts';
import { swarmView } from '../build/swarm.ts';

const app = warmApp('book');
const { stack } = app;
const ours = { 'com.docker.stack.namespace': stack, 'dev.ci-warm.app': 'book' };

function secret(name: string, labels: Readonly<Record<string, string>> = {}): NamedView {
  return { id: name, name, stack: undefined, labels };
}

function volume(name: string, labels: Readonly<Record<string, string>>): VolumeView {
  return { name, driver: 'local', labels, options: {}, mountpoint: '/nowhere' };
}

function retired(): ObjectStatus {
  const status = statusOfHealth('True', '2026-11-21T09:30:00Z');
  const orphaned = { type: 'Orphaned', status: 'True', reason: 'Retired', message: 'It is over.' };
  return { ...status, conditions: [...status.conditions, orphaned] } as ObjectStatus;
}

test('what an adopted app had before ci-warm is said to stay, with the commands that remove it', () => {
  const swarm = swarmView({
    secrets: [
      secret(`${stack}_db_v1`, ours),
      secret(`${stack}_admin_v1`),
      secret(`${stack}x_admin_v1`),
    ],
    volumes: [
      volume(`${stack}_new`, ours),
      volume(`${stack}_data`, { 'com.docker.stack.namespace': stack }),
      volume('other_data', { 'com.docker.stack.namespace': 'other' }),
    ],
  });
  const record = appRecord({ lastGood: lastGood(app, '1.1.0+1.1.0') });

  const item = prunableOf('book', { record, status: retired(), data: [], swarm });
  if (item === undefined) throw new Error('nothing would go');

  expect(item).toMatchObject({
    secrets: [`${stack}_db_v1`],
    volumes: [`${stack}_new`],
    stays: { secrets: [`${stack}_admin_v1`], volumes: [`${stack}_data`] },
  });
  expect(prunableText(item).split('\n').slice(-3)).toEqual([
    'Stays, for it was there before ci-warm. Remove it by hand where nobody needs it:',
    `  docker volume rm ${stack}_data`,
    `  docker secret rm ${stack}_admin_v1`,
  ]);
});

test('of an app that ci-warm made nothing stays, and nothing is said of that', () => {
  const swarm = swarmView({ secrets: [secret(`${stack}_db_v1`, ours)] });
  const record = appRecord({ lastGood: lastGood(app, '1.1.0+1.1.0') });

  const item = prunableOf('book', { record, status: retired(), data: [], swarm });

  expect(item?.stays).toEqual({ secrets: [], volumes: [] });
  expect(item && prunableText(item)).not.toContain('Stays');
});

test('what another app of the same stack has as its own is not named as something to remove', () => {
  const heirs = { ...ours, 'dev.ci-warm.app': 'heir' };
  const swarm = swarmView({ secrets: [secret(`${stack}_db_v1`, heirs)] });
  const record = appRecord({ lastGood: lastGood(app, '1.1.0+1.1.0') });

  const item = prunableOf('book', { record, status: retired(), data: [], swarm });

  expect(item?.stays).toEqual({ secrets: [], volumes: [] });
});
