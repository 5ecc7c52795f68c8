import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { publish, type Publication } from './support/publish.ts';
import { containersOf, docker, servicesOf } from './support/swarm.ts';
import { makeLiveWorld, type LiveWorld } from './support/world.ts';

const first = '1.0.0+1.0.0';
const patch = '1.0.1+1.0.1';

interface Case extends Pick<Publication, 'edits'> {
  readonly name: string;
  readonly kind: string;
  readonly reason: Readonly<Record<string, unknown>>;
}

const cases: readonly Case[] = [
  {
    name: 'an image major under a patch bump',
    edits: [['compose.yml', 'guestbook:1.0.0', 'guestbook:2.0.0']],
    kind: 'held-image-major',
    reason: {
      ...{ reason: 'ImageMajor', file: 'compose.yml', line: 5 },
      ...{ from: '127.0.0.1:5055/guestbook:1.0.0', to: '127.0.0.1:5055/guestbook:2.0.0' },
    },
  },
  {
    name: 'an image from another repository',
    edits: [['compose.yml', 'guestbook:1.0.0', 'frontdoor:1.0.0']],
    kind: 'held-image-major',
    reason: { reason: 'ImageRepository', file: 'compose.yml', line: 5 },
  },
  {
    name: 'a volume that is renamed',
    edits: [
      ['compose.yml', '- data:/data', '- entries:/data'],
      ['compose.yml', '\n  data:\n', '\n  entries:\n'],
    ],
    kind: 'held-volume',
    reason: { reason: 'VolumeRenamed', file: 'compose.yml', from: 'data', to: 'entries' },
  },
  {
    name: 'a volume that is mounted elsewhere',
    edits: [['compose.yml', '- data:/data', '- data:/srv']],
    kind: 'held-volume',
    reason: { reason: 'VolumeMoved', file: 'compose.yml', from: '/data', to: '/srv' },
  },
  {
    name: 'a volume whose service is to be started first',
    edits: [['compose.yml', 'order: stop-first', 'order: start-first']],
    kind: 'held-volume',
    reason: { reason: 'StartFirst', file: 'compose.yml', from: 'stop-first', to: 'start-first' },
  },
  {
    name: 'a new variable without a value',
    edits: [['.env.sample', 'ENABLE_BACKUPS=true', 'ENABLE_BACKUPS=true\nMAIL_FROM=']],
    kind: 'held-new-configuration',
    reason: { reason: 'NewVariable', file: '.env.sample', to: 'MAIL_FROM=' },
  },
  {
    name: 'a secret that a person has to give',
    edits: [
      ['.env.sample', '# length=32', '# length=32\nSECRET_SMTP_VERSION=v1 # generate=false'],
      [
        'compose.yml',
        '\nsecrets:\n',
        '\nsecrets:\n  smtp:\n    external: true\n    name: ${STACK_NAME}_smtp_${SECRET_SMTP_VERSION}\n',
      ],
    ],
    kind: 'held-new-configuration',
    reason: { reason: 'NewSecret', file: '.env.sample', from: null },
  },
  {
    name: 'a config that changed without its version',
    edits: [['guestbook.json.tmpl', '{ "title"', '{ "subtitle": "", "title"']],
    kind: 'held-new-configuration',
    reason: { reason: 'ConfigUnversioned', file: 'guestbook.json.tmpl', line: 1 },
  },
  {
    name: 'a recipe that cannot be read',
    edits: [['compose.yml', 'services:', 'services: [']],
    kind: 'held-unparsable',
    reason: { reason: 'RecipeUnreadable', file: 'compose.yml', to: patch },
  },
];

describe('G1, G3: what the recipe itself changes is held before anything is touched', () => {
  let world: LiveWorld;
  let stack: string;
  let repository: string;
  let before: unknown;
  beforeAll(async () => {
    world = makeLiveWorld(['book']);
    stack = world.stackOf('book');
    repository = join(world.folder, 'recipes', 'guestbook.git');
    await world.recipe('guestbook', [first]);
    want({});
    expect((await world.once()).code).toBe(0);
    before = await everything();
  });
  afterAll(() => world.remove());

  function want(spec: Readonly<Record<string, unknown>>): void {
    world.warmApp('book', { recipe: 'guestbook', version: 'latest', data: 'Stateful', ...spec });
  }

  async function everything(): Promise<unknown> {
    const volumes = await docker.listVolumes();
    return {
      services: await servicesOf(stack),
      containers: await containersOf(stack),
      volumes: volumes.Volumes.map(({ Name }) => Name).filter((name) => name.startsWith(stack)),
      journal: world.journal('book').length,
    };
  }

  async function published({ edits }: Pick<Publication, 'edits'>, atSeconds?: number) {
    await world.recipe('guestbook', [first]);
    publish(repository, { tag: patch, edits, ...(atSeconds === undefined ? {} : { atSeconds }) });
  }

  test.each(cases)('$name', async ({ edits, kind, reason }) => {
    await published({ edits });

    expect((await world.once()).code).toBe(0);

    expect(await everything()).toEqual(before);
    const alert = world.alerts().findLast((one) => one['to'] === patch && one['kind'] === kind);
    expect(alert?.['reasons']).toMatchObject([reason]);
    expect(alert?.['diff']).toContain(`+++ b/${edits[0]?.[0] ?? ''}`);
    const status = world.json('status/warmapp/book.json');
    expect(status).toMatchObject({ hold: { version: patch, reasons: [reason] } });
  });

  test('diff shows what the held version would change, and ends with 1', async () => {
    await published({ edits: cases[0]?.edits ?? [] });

    const shown = await world.ciWarm('diff', 'book');
    const json = await world.ciWarm('diff', 'book', '-o', 'json');

    expect(shown.code).toBe(1);
    expect(shown.stdout).toContain(`${first} → ${patch}: held: `);
    expect(shown.stdout).toContain('-    image: 127.0.0.1:5055/guestbook:1.0.0');
    expect(shown.stdout).toContain('+    image: 127.0.0.1:5055/guestbook:2.0.0');
    expect(JSON.parse(json.stdout)).toMatchObject({
      kind: 'Diff',
      name: 'book',
      current: { version: first },
      target: { version: patch },
      differences: [{ what: 'version', from: first, to: patch }],
    });
    expect(await everything()).toEqual(before);
  });

  test('minAge waits without an alert, and says until when', async () => {
    want({ gate: { minAge: '24h' } });
    await published({ edits: [] }, Math.floor(Date.now() / 1000) - 3600);
    const told = world.alerts().length;

    expect((await world.once()).code).toBe(0);

    expect(await everything()).toEqual(before);
    expect(world.alerts().filter((one) => one['kind'] !== 'recovered')).toHaveLength(told);
    expect(world.json('status/warmapp/book.json')).toMatchObject({
      hold: null,
      versions: { current: first, latest: patch },
      conditions: expect.arrayContaining([
        expect.objectContaining({
          type: 'UpgradeHeld',
          reason: 'HeldForAge',
          message: expect.stringMatching(/waits until \d{4}-\d\d-\d\dT/) as unknown,
        }),
      ]) as unknown,
    });
  });

  test('without a difference diff shows nothing, and ends with 0', async () => {
    await world.recipe('guestbook', [first]);
    want({});

    const shown = await world.ciWarm('diff', 'book');

    expect({ code: shown.code, stdout: shown.stdout }).toEqual({ code: 0, stdout: '' });
  });

  test('a change of our own configuration is a difference, and what looks secret is not shown', async () => {
    want({ env: { GUESTBOOK_TITLE: 'Ours', MAIL_PASSWORD: 'hunter2' } });

    const shown = await world.ciWarm('diff', 'book');

    expect(shown.code).toBe(1);
    expect(shown.stdout).toContain('+ GUESTBOOK_TITLE=Ours');
    expect(shown.stdout).toContain('+ MAIL_PASSWORD=***');
    expect(shown.stdout).not.toContain('hunter2');
  });

  test('onImageMajor: Allow takes it', async () => {
    want({ gate: { onImageMajor: 'Allow' } });
    await published({ edits: [['compose.yml', 'guestbook:1.0.0', 'guestbook:2.0.0']] });

    expect((await world.once()).code).toBe(0);
    expect(world.read('book/last_good')).toBe(`${patch}\n`);
  });
});
