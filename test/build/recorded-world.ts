/** A recorded world with one of everything, and a way to damage it. */
import { known } from '../../controller/model/known.ts';
import type { RecordedWorld } from '../../controller/model/recorded-world.ts';
import { recordedWorldText } from '../../controller/spec/recorded-world.ts';
import {
  begin,
  failed,
  lastGood,
  manifest,
  quarantine,
  request,
} from '../adapters/files/samples.ts';
import type { AppRecord } from '../../controller/model/record.ts';
import type { JournalRecord } from '../../controller/model/journal.ts';
import { warmApp } from './desired.ts';
import { commitOf, release } from './recipe.ts';
import { failure, transitionInput } from './record.ts';
import { container, service, swarmView, task } from './swarm.ts';

const app = warmApp('guestbook');
const { app: identity, policy } = transitionInput(app, null, '1.0.0+1.0.0');

export const fullRecord: AppRecord = {
  lastGood: lastGood(),
  quarantine: quarantine(),
  request: request(),
  orphan: { since: '2026-11-21T09:30:00.000Z' },
  open: [begin('t2'), failed('t2', 'deploy')] as JournalRecord[],
  history: [
    {
      id: 't1',
      kind: 'upgrade',
      startedAt: '2026-11-20T10:00:00Z',
      endedAt: '2026-11-20T10:05:00Z',
      end: 'rolled-back',
      fromVersion: null,
      toVersion: '1.1.0+1.1.0',
      toCommit: commitOf('1.1.0+1.1.0'),
      toSpecHash: lastGood().specHash,
      domain: app.domain,
      recipe: app.recipe,
      failure: failure({ lastLogs: [] }),
    },
  ],
  frozen: { app: identity, policy },
  snapshot: known(manifest()),
};

const up = service('stack', 'app');
const one = task(up, { error: 'starting container failed' });

export const fullWorld: RecordedWorld = {
  version: '0.1.0',
  observedRevision: 'sha256:1',
  recordedAt: '2026-11-21T09:30:00.000Z',
  applied: {
    path: '/var/lib/ci-warm/desired.json',
    last: known({
      revision: 'sha256:1',
      origin: null,
      objects: ['WarmApp/guestbook'],
      appliedAt: '2026-11-21T09:30:00.000Z',
    }),
  },
  swarm: known(
    swarmView({
      services: [
        {
          ...up,
          found: {
            environment: { COLOUR: `sha256:${'b'.repeat(64)}` },
            mounts: [{ kind: 'volume', source: 'stack_data', target: '/data' }],
            secrets: [],
            configs: [],
          },
        },
      ],
      tasks: [one],
      containers: [container(one)],
      volumes: [
        { name: 'stack_data', driver: 'local', labels: {}, options: {}, mountpoint: '/data' },
      ],
      networks: [{ id: 'n1', name: 'proxy', stack: undefined, labels: {} }],
    }),
  ),
  apps: known(['guestbook']),
  records: { guestbook: known(fullRecord) },
  recipes: [
    {
      name: 'guestbook',
      url: 'https://git.example.org/guestbook.git',
      view: known({ releases: [release('1.0.0+1.0.0', { notes: 'the first' })] }),
      files: known({
        [commitOf('1.0.0+1.0.0')]: { 'compose.yml': 0 },
        [commitOf('gone')]: null,
      }),
    },
  ],
  texts: ['services: { app: { image: "web:1" } }\n'],
};

/** The file's text; throws where it would break its schema. */
export function textOf(world: RecordedWorld): string {
  const written = recordedWorldText(world);
  if ('problems' in written) throw new Error(written.problems.join('; '));
  return written.text;
}
