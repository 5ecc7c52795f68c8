import { describe, expect, test } from 'vitest';
import type { AppliedDesired } from '../../controller/model/applied-desired.ts';
import { DesiredStaleError, type StaleCode } from '../../controller/model/desired-stale.ts';
import { CiWarmError } from '../../controller/model/failure.ts';
import { known, unknown, type Known } from '../../controller/model/known.ts';
import type { AppliedStore } from '../../controller/ports/applied-store.ts';
import type { DesiredSource, DesiredTree } from '../../controller/ports/desired-source.ts';
import { DesiredLoader } from '../../controller/reconcile/load.ts';

const signal = new AbortController().signal;

const object = (kind: string, name: string, spec: object): string =>
  JSON.stringify({ apiVersion: 'ci-warm.dev/v1', kind, metadata: { name }, spec });

const settings = object('Settings', 'host', {
  baseDomain: 'ci.example.org',
  recipeUrl: 'https://git.example.org/{recipe}.git',
});

/** A tree with this many apps of one recipe; `extra` in a file of its own. */
function tree(revision: string, apps: readonly string[], extra?: string): DesiredTree {
  const texts = new Map([
    ['settings.yaml', settings],
    ['recipe.yaml', object('Recipe', 'guestbook', {})],
    ...apps.map((name): [string, string] => [
      `${name}.yaml`,
      object('WarmApp', name, { recipe: 'guestbook', version: 'latest', data: 'Stateless' }),
    ]),
    ...(extra === undefined ? [] : [['extra.yaml', extra] as const]),
  ]);
  const files = [...texts].map(([path, text]) => ({ path, text, problem: undefined }));
  return { revision, baseDirectory: '/srv/desired', files };
}

/** A loader over a source that says whatever it is told, and a store that outlives it. */
function host(options: { readonly keepsHistory: boolean } = { keepsHistory: true }) {
  const history = new Map<string, DesiredTree>();
  let remembered: Known<AppliedDesired | undefined> = known(undefined);
  let answer: DesiredTree | Error = tree('r0', []);
  const written: string[] = [];
  const source: DesiredSource = {
    read: async () => {
      if (answer instanceof Error) throw answer;
      history.set(answer.revision, answer);
      return answer;
    },
    ...(options.keepsHistory
      ? { readApplied: async ({ revision }: AppliedDesired) => history.get(revision) }
      : {}),
    watch: async () => undefined,
  };
  const applied: AppliedStore = {
    path: '/state/desired.json',
    read: async () => remembered,
    write: async (next) => {
      written.push(next.revision);
      remembered = known({ ...next, appliedAt: '2026-11-21T09:30:00.000Z' });
    },
  };
  return {
    applied,
    written,
    start: () => new DesiredLoader({ source, treeName: 'desired', applied }),
    says: (next: DesiredTree | Error) => {
      answer = next;
    },
    remembers: (next: Known<AppliedDesired | undefined>) => {
      remembered = next;
    },
  };
}

async function appsOf(loader: DesiredLoader): Promise<readonly string[] | string> {
  const loaded = await loader.load(signal);
  if (!loaded.known) return loaded.why;
  return [...(loaded.value.desired?.warmApps.keys() ?? [])];
}

function stale(code: StaleCode, refused?: string): DesiredStaleError {
  const why = `it is ${code}`;
  return new DesiredStaleError({
    code,
    why,
    resolve: 'mend it',
    ...(refused === undefined ? {} : { refused }),
  });
}

describe('newer desired state', () => {
  test('is applied, remembered once, and not parsed again', async () => {
    const one = host();
    const loader = one.start();
    one.says(tree('r1', ['a', 'b']));

    const first = await loader.load(signal);
    const again = await loader.load(signal);

    expect(first.known && again.known && first.value === again.value).toBe(true);
    expect(one.written).toEqual(['r1']);
    expect(loader.progress).toEqual({
      revision: 'r1',
      stale: undefined,
      lastApplied: 'r1',
      lastAttempted: 'r1',
    });
  });

  test('says the settings, also while nothing can be read', async () => {
    const one = host({ keepsHistory: false });
    const loader = one.start();
    expect(loader.settings).toBeUndefined();
    one.says(tree('r1', ['a', 'b']));
    await loader.load(signal);
    one.says(stale('empty'));
    await loader.load(signal);

    expect(loader.settings?.snapshots).toEqual({ driver: 'Tar' });
  });

  test.each<{ code: StaleCode; wayOut: string }>([
    { code: 'fetch-failed', wayOut: 'mend it' },
    { code: 'unsigned', wayOut: 'mend it' },
    { code: 'empty', wayOut: 'mend it' },
    { code: 'unreadable', wayOut: 'mend it' },
    {
      code: 'history-rewritten',
      wayOut: 'mend it; or, to take it as it is: rm /state/desired.json',
    },
  ])(
    'that is refused ($code) leaves what was applied, also after a restart',
    async ({ code, wayOut }) => {
      const one = host();
      one.says(tree('r1', ['a', 'b']));
      await one.start().load(signal);
      one.says(stale(code, 'r2'));

      const loader = one.start();

      expect(await appsOf(loader)).toEqual(['a', 'b']);
      expect(loader.progress).toMatchObject({
        revision: 'r1',
        stale: { code, why: `it is ${code}`, resolve: wayOut },
        lastApplied: 'r1',
        lastAttempted: 'r2',
      });
      expect(one.written).toEqual(['r1']);
    },
  );

  test('that cannot be remembered as applied is not followed: after a restart it would be forgotten', async () => {
    const one = host();
    one.says(tree('r1', ['a', 'b']));
    const loader = one.start();
    await loader.load(signal);
    one.applied.write = () => Promise.reject(new CiWarmError('disk-full', 'there is no room'));
    one.says(tree('r2', ['a', 'b', 'c']));

    expect(await appsOf(loader)).toEqual(['a', 'b']);
    expect(loader.progress).toMatchObject({
      stale: { code: 'unreadable', why: 'there is no room' },
      lastApplied: 'r1',
    });
  });

  test('that is refused leaves nothing known where the source keeps no history', async () => {
    const one = host({ keepsHistory: false });
    one.says(tree('r1', ['a', 'b']));
    const loader = one.start();
    await loader.load(signal);
    one.says(stale('empty'));

    expect(await appsOf(loader)).toBe('it is empty');
    expect(loader.progress).toMatchObject({ lastApplied: 'r1', lastAttempted: 'r1' });
  });

  test('without valid Settings is seen, and not applied', async () => {
    const one = host();
    one.says(tree('r1', ['a']));
    const loader = one.start();
    await loader.load(signal);
    one.says({ ...tree('r2', ['a']), files: tree('r2', ['a']).files.slice(1) });

    await loader.load(signal);

    expect(loader.progress).toMatchObject({ lastApplied: 'r1', lastAttempted: 'r2' });
    expect(one.written).toEqual(['r1']);
  });

  test('is not looked at while what was applied cannot be read', async () => {
    const one = host();
    one.remembers(unknown('desired.json is damaged'));
    one.says(tree('r1', ['a']));
    const loader = one.start();

    expect(await appsOf(loader)).toBe('desired.json is damaged');
    expect(one.written).toEqual([]);
  });
});

describe('more than half of the objects gone at once', () => {
  // With the recipe these are four objects; Settings does not count.
  const before = ['a', 'b', 'c'];

  test.each([
    { name: 'half of them may go', apps: ['a'], isRefused: false },
    { name: 'more than half may not', apps: [], isRefused: true },
  ])('$name', async ({ apps, isRefused }) => {
    const one = host();
    one.says(tree('r1', before));
    await one.start().load(signal);
    one.says(tree('r2', apps));
    const loader = one.start();

    const now = await appsOf(loader);

    expect(now).toEqual(isRefused ? before : apps);
    expect(loader.progress.stale?.code).toBe(isRefused ? 'mass-removal' : undefined);
    expect(loader.progress.lastAttempted).toBe('r2');
  });

  test('says what would be gone, and both ways out', async () => {
    const one = host({ keepsHistory: false });
    one.says(tree('r1', before));
    await one.start().load(signal);
    one.says(tree('r2', []));
    const loader = one.start();

    expect(await appsOf(loader)).toContain(
      '3 of 4 objects would be gone at once (WarmApp/a, WarmApp/b, WarmApp/c)',
    );
    expect(loader.progress.stale?.resolve).toContain('in steps of at most half');
    expect(loader.progress.stale?.resolve).toContain('rm /state/desired.json');
  });

  test('is done in two steps, or when a person removes what is remembered', async () => {
    const one = host();
    const loader = one.start();
    for (const next of [tree('r1', before), tree('r2', ['a']), tree('r3', [])]) {
      one.says(next);
      await loader.load(signal);
    }
    expect(loader.progress).toMatchObject({ lastApplied: 'r3', stale: undefined });

    one.says(tree('r4', before));
    await loader.load(signal);
    one.says(tree('r5', []));
    await loader.load(signal);
    expect(loader.progress.lastApplied).toBe('r4');
    one.remembers(known(undefined));
    await loader.load(signal);
    expect(loader.progress).toMatchObject({ lastApplied: 'r5', stale: undefined });
  });

  test('does not come about by a file that cannot be parsed, nor through one', async () => {
    const one = host();
    const loader = one.start();
    one.says(tree('r1', before));
    await loader.load(signal);

    one.says(tree('r2', [], 'no: [yaml'));
    await loader.load(signal);
    expect(loader.progress).toMatchObject({ lastApplied: 'r2', stale: undefined });
    one.says(tree('r3', []));
    await loader.load(signal);
    expect(loader.progress.stale?.code).toBe('mass-removal');
  });

  test('counts no runs, which come and go', async () => {
    const run = (name: string): string =>
      object('Run', name, { recipe: 'guestbook', mode: 'Cold', ref: 'latest' });
    const one = host();
    const loader = one.start();
    one.says(tree('r1', [], ['r-1', 'r-2', 'r-3'].map(run).join('\n---\n')));
    await loader.load(signal);
    one.says(tree('r2', []));
    await loader.load(signal);

    expect(loader.progress).toMatchObject({ lastApplied: 'r2', stale: undefined });
  });
});
