import { describe, expect, test } from 'vitest';
import { loadDesired, type SpecFile } from '../../controller/spec/load.ts';
import { FILE_CHARS_MAX } from '../../controller/spec/parse.ts';
import { corpusCases, treeOf } from './corpus.ts';

const OPTIONS = { revision: 'r1', baseDirectory: '/srv/desired', tree: '' };
const SETTINGS = file(
  'settings.yaml',
  'apiVersion: ci-warm.dev/v1\nkind: Settings\nmetadata: { name: host }\nspec: { baseDomain: ci.example.org }\n',
);

function file(path: string, text: string): SpecFile {
  return { path, text, problem: undefined };
}

function object(kind: string, name: string, spec: string): string {
  return `apiVersion: ci-warm.dev/v1\nkind: ${kind}\nmetadata: { name: ${name} }\nspec: ${spec}\n`;
}

function contents(map: ReadonlyMap<string, unknown> | undefined): readonly unknown[] {
  return [...(map ?? new Map<string, unknown>()).values()];
}

describe('loadDesired with every field given', async () => {
  const { desired } = loadDesired(await treeOf('good-every-field'), OPTIONS);
  const source = (line: number) => ({ file: 'everything.yaml', line });

  test('the settings come with durations in milliseconds and sizes in bytes', () => {
    expect(desired?.revision).toBe('r1');
    expect(desired?.settings).toEqual({
      name: 'host',
      baseDomain: 'ci.example.org',
      maxTests: 3,
      resyncMs: 30_000,
      driver: 'Abra',
      recipeUrl: '../recipes/{recipe}.git',
      proxyNetwork: 'edge',
      disk: {
        reserveBytes: 6 * 2 ** 30,
        warnBelowBytes: 20 * 2 ** 30,
        orphanGraceMs: 24 * 3_600_000,
      },
      snapshots: { driver: 'Reflink' },
      alerts: {
        remindAfterMs: 12 * 3_600_000,
        sinks: [
          {
            kind: 'webhook',
            name: 'ops',
            urlFile: '/run/secrets/ops-webhook',
            secretFile: '/run/secrets/ops-key',
          },
          {
            kind: 'ntfy',
            name: 'phone',
            urlFile: '/run/secrets/topic',
            tokenFile: '/run/secrets/topic-token',
          },
          { kind: 'command', name: 'page', command: ['/usr/local/bin/page-me', '--loud'] },
        ],
      },
      source: source(2),
    });
  });

  test('a recipe comes with each probe as its own kind', () => {
    expect(contents(desired?.recipes)).toEqual([
      {
        name: 'keycloak',
        url: 'https://git.coopcloud.tech/coop-cloud/keycloak.git',
        driver: 'Stack',
        env: { COMPOSE_FILE: 'compose.yml:compose.smtp.yml', LETS_ENCRYPT_ENV: '', LEVEL: 'debug' },
        secrets: [{ name: 'smtp_password', file: '/run/secrets/smtp' }],
        health: {
          probes: [
            {
              kind: 'http',
              service: 'app',
              port: 8080,
              path: '/realms/master',
              status: [200, { from: 300, to: 399 }],
              body: 'master',
              headers: { 'content-type': 'application/json' },
            },
            {
              kind: 'proxy',
              scheme: 'https',
              port: 443,
              path: '/',
              status: [{ from: 200, to: 399 }],
              body: undefined,
              headers: {},
            },
            {
              kind: 'proxy',
              scheme: 'http',
              port: 80,
              path: '/',
              status: [308],
              body: undefined,
              headers: {},
            },
            { kind: 'tcp', service: 'db', port: 5432 },
            { kind: 'exec', service: 'db', command: ['pg_isready', '-U', 'keycloak'] },
            { kind: 'docker', service: 'app' },
            { kind: 'docker', service: undefined },
          ],
          stableForMs: 20_000,
        },
        timeouts: { convergeMs: 700_000, bootMs: 300_000 },
        upgradeBase: { kind: 'tag', tag: '10.7.1+26.6.2' },
        dependsOn: [{ sso: 'keycloak' }],
        tests: [
          {
            name: 'login',
            stage: 'Custom',
            where: { kind: 'service', service: 'app' },
            command: ['/tests/login.sh'],
            timeoutMs: 60_000,
          },
          {
            name: 'from-outside',
            stage: 'Upgrade',
            where: { kind: 'host' },
            command: ['curl', '-f', 'https://example.org'],
            timeoutMs: 120_000,
          },
        ],
        source: source(21),
      },
    ]);
  });

  test("an app's own variables stand over the recipe's, and its stack is named for its domain", () => {
    expect(contents(desired?.warmApps)).toEqual([
      {
        name: 'keycloak',
        recipe: 'keycloak',
        domain: 'sso.ci.example.org',
        stack: 'sso_ci_example_org',
        version: { kind: 'pinned', tag: '10.7.1+26.6.2' },
        data: 'Stateful',
        gate: { minAgeMs: 24 * 3_600_000, onImageMajor: 'Allow', onNewConfiguration: 'Allow' },
        approved: '11.0.0+27.0.0',
        env: { COMPOSE_FILE: 'compose.yml:compose.smtp.yml', LETS_ENCRYPT_ENV: '', LEVEL: 'info' },
        suspend: true,
        providesRealmsMax: 20,
        source: source(46),
      },
    ]);
    expect(contents(desired?.canonicals)).toEqual([
      {
        name: 'keycloak-known-good',
        recipe: 'keycloak',
        domain: 'good.ci.example.org',
        stack: 'good_ci_example_org',
        env: { COMPOSE_FILE: 'compose.yml:compose.smtp.yml', LETS_ENCRYPT_ENV: '', LEVEL: 'trace' },
        suspend: false,
        source: source(60),
      },
    ]);
  });

  test('runs and sweeps come with all that was asked', () => {
    expect(contents(desired?.runs)).toEqual([
      {
        name: 'keycloak-418-1',
        recipe: 'keycloak',
        mode: 'Quick',
        ref: '87a62a5',
        url: 'https://forge.example.org/someone/keycloak.git',
        stages: ['Install', 'Upgrade', 'Custom'],
        timeoutMs: 90 * 60_000,
        keepAfterMs: 3_600_000,
        requestedBy: {
          forge: 'gitea',
          repo: 'recipes/keycloak',
          pr: 12,
          comment: '!testme --quick\nplease\n',
          build: 418,
          user: 'someone',
        },
        source: source(69),
      },
    ]);
    expect(contents(desired?.sweeps)).toEqual([
      {
        name: 'nightly',
        schedule: '15 3 * * MON-FRI',
        timeZone: 'Europe/Berlin',
        rebuild: {
          command: ['nixos-rebuild', 'switch', '--flake', '/etc/nixos'],
          timeoutMs: 20 * 60_000,
          onFailure: 'SkipSweep',
        },
        recipes: ['keycloak'],
        budgetMs: 5 * 3_600_000,
        source: source(90),
      },
    ]);
  });
});

describe('loadDesired where nothing is said', () => {
  test('an app lives below the base domain, follows latest and holds', async () => {
    const { desired } = loadDesired(await treeOf('good-defaults'), OPTIONS);

    expect(contents(desired?.warmApps)).toMatchObject([
      {
        domain: 'warm-keycloak.ci.example.org',
        stack: 'warm-keycloak_ci_example_org',
        version: { kind: 'latest' },
        data: 'Stateful',
        gate: { minAgeMs: 0, onImageMajor: 'Hold', onNewConfiguration: 'Hold' },
        approved: undefined,
        suspend: false,
        providesRealmsMax: 50,
      },
    ]);
    expect(contents(desired?.recipes)).toMatchObject([
      {
        url: 'https://git.coopcloud.tech/coop-cloud/keycloak.git',
        driver: 'Stack',
        health: { probes: 'default', stableForMs: 10_000 },
        upgradeBase: { kind: 'previous' },
      },
    ]);
    expect(contents(desired?.sweeps)).toMatchObject([
      { recipes: ['keycloak'], rebuild: undefined, timeZone: 'UTC' },
    ]);
  });

  test('a recipe takes its driver and its repository from the settings', () => {
    const settings = object(
      'Settings',
      'host',
      '{ baseDomain: a.org, driver: Abra, recipeUrl: "../mirror/./{recipe}/{recipe}.git" }',
    );

    const { desired } = loadDesired(
      [file('a.yaml', settings), file('b.yaml', object('Recipe', 'wiki', '{}'))],
      OPTIONS,
    );

    expect(contents(desired?.recipes)).toMatchObject([
      { driver: 'Abra', url: '/srv/mirror/wiki/wiki.git' },
    ]);
  });
});

describe('loadDesired where something cannot be read', () => {
  const unreadable = {
    path: 'recipes/b.yaml',
    text: undefined,
    problem: 'cannot be read: permission denied',
  };

  test('an unreadable file makes the result incomplete and stops nothing else', () => {
    const loaded = loadDesired(
      [SETTINGS, unreadable, file('recipes/a.yaml', object('Recipe', 'a', '{}'))],
      { ...OPTIONS, tree: 'desired/' },
    );

    expect([...(loaded.desired?.recipes.keys() ?? [])]).toEqual(['a']);
    expect(loaded.incompleteFiles).toEqual(['desired/recipes/b.yaml']);
    expect(loaded.problems).toMatchObject([
      { file: 'desired/recipes/b.yaml', line: 1, column: 1, code: 'file-unreadable' },
    ]);
    expect(loaded.problems[0]?.message).toContain('permission denied');
  });

  test('an app whose recipe may be in that file is kept back, and nobody is told it is unknown', () => {
    const app = file('app.yaml', object('WarmApp', 'b', '{ recipe: b }'));

    const loaded = loadDesired([SETTINGS, unreadable, app], OPTIONS);

    expect(loaded.invalid).toMatchObject([
      { kind: 'WarmApp', name: 'b', problems: [{ code: 'depends-on-invalid' }] },
    ]);
    expect(loaded.problems.map(({ code }) => code)).toEqual(['file-unreadable']);
  });

  test('settings that may be in that file are not called missing', () => {
    const loaded = loadDesired([unreadable], OPTIONS);

    expect(loaded.desired).toBeUndefined();
    expect(loaded.problems.map(({ code }) => code)).toEqual(['file-unreadable']);
  });

  test('a file beyond the limit is not parsed', () => {
    const large = file('large.yaml', '#'.repeat(FILE_CHARS_MAX + 1));

    const loaded = loadDesired([SETTINGS, large], OPTIONS);

    expect(loaded.problems.map(({ code }) => code)).toEqual(['file-too-large']);
    expect(loaded.incomplete).toBe(true);
  });

  test('a file of nothing but comments is no problem and holds nothing', () => {
    const loaded = loadDesired([SETTINGS, file('empty.yaml', '# later\n')], OPTIONS);

    expect(loaded).toMatchObject({ problems: [], invalid: [], incomplete: false });
  });
});

describe('loadDesired of a part of a tree', () => {
  test('what stands elsewhere is no problem; what is wrong here is one', () => {
    const files = [
      file('a.yaml', object('WarmApp', 'a', '{ recipe: elsewhere }')),
      file('b.yaml', object('WarmApp', 'b', '{ recipe: elsewhere, data: Volatile }')),
      file('c.yaml', object('Recipe', 'c', '{ dependsOn: [{ sso: elsewhere }] }')),
    ];

    const whole = loadDesired(files, OPTIONS);
    const part = loadDesired(files, { ...OPTIONS, part: true });

    expect(part.problems.map(({ code }) => code)).toEqual(['unknown-value']);
    expect(whole.problems.map(({ code }) => code).sort()).toEqual([
      'missing-settings',
      'unknown-recipe',
      'unknown-recipe',
      'unknown-sso',
      'unknown-value',
    ]);
  });
});

describe('every tree of the corpus', () => {
  test('has no object that is both usable and invalid, and none that is neither without a reason', async () => {
    for (const name of await corpusCases()) {
      const { desired, invalid, problems } = loadDesired(await treeOf(name), OPTIONS);

      const usable = [
        ...[...(desired?.recipes.keys() ?? [])].map((each) => `Recipe ${each}`),
        ...[...(desired?.warmApps.keys() ?? [])].map((each) => `WarmApp ${each}`),
        ...[...(desired?.canonicals.keys() ?? [])].map((each) => `Canonical ${each}`),
        ...[...(desired?.runs.keys() ?? [])].map((each) => `Run ${each}`),
      ];
      const both = invalid.filter((each) => usable.includes(`${each.kind} ${each.name}`));
      expect(both, name).toEqual([]);
      expect(
        invalid.filter((each) => each.problems.length === 0),
        name,
      ).toEqual([]);
      expect(invalid.length === 0 || problems.length > 0, name).toBe(true);
    }
  });
});

describe('a file that cannot be read', () => {
  test.each([
    { problem: 'is not UTF-8 text; save it as UTF-8', hint: 'save it as UTF-8' },
    {
      problem: 'cannot be read: EACCES',
      hint: 'make it readable for the user that ci-warm runs as, or remove it',
    },
  ])('$problem: the hint is what helps against that', ({ problem, hint }) => {
    const file = { path: 'a.yaml', text: undefined, problem };

    const { problems } = loadDesired([file], { revision: 'r', baseDirectory: '/srv', tree: '' });

    const [why = ''] = problem.split(';');
    expect(problems[0]).toMatchObject({ message: `the file ${why}`, hint });
  });
});
