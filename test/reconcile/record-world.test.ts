import { describe, expect, test } from 'vitest';
import { CiWarmError } from '../../controller/model/failure.ts';
import { known, unknown } from '../../controller/model/known.ts';
import { recordWorld, type RecordDeps } from '../../controller/reconcile/record-world.ts';
import { recordedWorldText } from '../../controller/spec/recorded-world.ts';
import { failed } from '../adapters/files/samples.ts';
import type { JournalRecord } from '../../controller/model/journal.ts';
import { desiredOf, warmApp } from '../build/desired.ts';
import { commitOf, release } from '../build/recipe.ts';
import { failure } from '../build/record.ts';
import { fullRecord } from '../build/recorded-world.ts';
import { provedWith, worldOf } from '../build/running.ts';
import { service, swarmView } from '../build/swarm.ts';

const app = warmApp('guestbook');
const desired = desiredOf([app]);
const releases = ['1.0.0+1.0.0', '1.1.0+1.1.0'].map((tag) => release(tag));
const canary = 'canary-77aa01';
const { signal } = new AbortController();

function depsOf(over: Partial<RecordDeps> = {}): RecordDeps {
  return {
    recipes: {
      filesOf: (_name, _url, commits) =>
        Promise.resolve(
          new Map(commits.map((commit) => [commit, new Map([['compose.yml', 'x']])])),
        ),
    },
    store: { apps: () => Promise.resolve([app.name]) },
    applied: { path: '/s/desired.json', read: () => Promise.resolve(known(undefined)) },
    version: '0.1.0',
    ...over,
  };
}

describe('what is recorded', () => {
  test('the files of every release and of what runs, each content once', async () => {
    const lastGood = provedWith(desired, app, '0.9.0+1.0.0');
    const world = worldOf(app, releases, { lastGood });

    const recorded = await recordWorld({ desired, world }, depsOf(), signal);

    const [recipe] = recorded.recipes;
    expect(recipe?.files).toEqual(
      known(
        Object.fromEntries(
          ['1.0.0+1.0.0', '1.1.0+1.1.0', '0.9.0+1.0.0'].map((tag) => [
            commitOf(tag),
            { 'compose.yml': 0 },
          ]),
        ),
      ),
    );
    expect(recorded.texts).toEqual(['x']);
    expect(recorded.applied).toEqual({ path: '/s/desired.json', last: known(null) });
  });

  test('a commit that the repository does not have, as such', async () => {
    const recipes = { filesOf: () => Promise.resolve(new Map()) };
    const world = worldOf(app, releases.slice(0, 1));

    const recorded = await recordWorld({ desired, world }, depsOf({ recipes }), signal);

    expect(recorded.recipes[0]?.files).toEqual(known({ [commitOf('1.0.0+1.0.0')]: null }));
  });

  test('L1: what does not answer is not known, with its reason', async () => {
    const away = (): Promise<never> => Promise.reject(new CiWarmError('no-answer', 'is away'));
    const deps = depsOf({ recipes: { filesOf: away }, store: { apps: away } });
    const world = worldOf(app, releases, {}, { swarm: unknown('no Docker') });

    const recorded = await recordWorld({ desired, world }, deps, signal);

    expect(recorded.swarm).toEqual(unknown('no Docker'));
    expect(recorded.apps).toEqual(unknown('is away'));
    expect(recorded.recipes[0]?.files).toEqual(unknown('is away'));
    expect(recordedWorldText(recorded)).toHaveProperty('text');
  });

  test('nothing that no plan reads and that may be a secret', async () => {
    const labels = {
      'traefik.http.middlewares.a.basicauth.users': canary,
      'coop-cloud.stack.version': '1.0.0+1.0.0',
    };
    const dead = failure({ lastLogs: [canary] });
    const lost = failed('t2', 'deploy');
    const swarm = swarmView({
      services: [service('stack', 'app', { labels })],
      volumes: [
        {
          name: 'share',
          driver: 'local',
          labels: { note: canary },
          options: { type: 'cifs', o: `username=me,password=${canary},vers=3.0`, password: canary },
          mountpoint: '',
        },
      ],
      secrets: [{ id: 's', name: 'token', stack: undefined, labels: { note: canary } }],
    });
    const [summary] = fullRecord.history;
    const record = {
      ...fullRecord,
      history: summary === undefined ? [] : [{ ...summary, failure: dead }],
      open: [
        ...fullRecord.open,
        { ...lost, result: { kind: 'failed', failure: dead } },
      ] as JournalRecord[],
    };

    const recorded = await recordWorld(
      { desired, world: worldOf(app, releases, record, { swarm: known(swarm) }) },
      depsOf(),
      signal,
    );

    const text = JSON.stringify(recorded);
    expect(text).not.toContain(canary);
    expect(text).toContain('"coop-cloud.stack.version"');
    expect(text).toContain('username=me,password=(left out),vers=3.0');
    expect(text).toContain(dead.message);
  });
});
