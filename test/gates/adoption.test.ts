import { describe, expect, test } from 'vitest';
import { judgeAdoption } from '../../controller/gates/adoption.ts';
import { digestOf } from '../../controller/model/digest.ts';
import type { RecipeStructure, WantedService } from '../../controller/model/structure.ts';
import type { FoundService, ServiceView, SwarmView } from '../../controller/model/swarm.ts';
import { serviceStructure, structure } from '../build/structure.ts';
import { service, swarmView, task } from '../build/swarm.ts';

const tag = '1.0.0+1.0.0';
const digest = `sha256:${'a'.repeat(64)}`;

const wanted: WantedService = {
  name: 'app',
  replicas: 1,
  environment: new Map([['TITLE', 'Guestbook']]),
  mounts: [{ kind: 'volume', source: 'book_data', target: '/data' }],
  secrets: ['book_token_v1'],
  configs: ['book_conf_v1'],
  networks: ['book_default', 'proxy'],
};
const found: FoundService = {
  environment: { TITLE: digestOf('Guestbook'), TYPE: digestOf('guestbook'), LOCAL: digestOf('x') },
  mounts: [
    { kind: 'volume', source: 'book_data', target: '/data' },
    { kind: 'other', source: '', target: '/tmp' },
  ],
  secrets: ['book_token_v1'],
  configs: ['book_conf_v1'],
};
const running = service('book', 'app', {
  image: `images.example.org/app:1.0.0@${digest}`,
  networkIds: ['n1', 'n2'],
  found,
});
const plainVolume = {
  name: 'book_data',
  stack: 'book',
  driver: 'local',
  labels: {},
  options: {},
  mountpoint: '/var/lib/docker/volumes/book_data/_data',
};
const view = swarmView({
  services: [running],
  tasks: [task(running)],
  volumes: [plainVolume],
  networks: [
    { id: 'n1', name: 'book_default', stack: 'book', labels: {} },
    { id: 'n2', name: 'proxy', stack: undefined, labels: {} },
  ],
});
const recipe = structure(tag, {
  wanted: [wanted],
  environment: { TITLE: 'Guestbook', TYPE: `guestbook:${tag}`, PASSWORD: 'hunter2' },
});

interface Case {
  readonly name: string;
  readonly over?: Partial<ServiceView>;
  readonly found?: Partial<FoundService>;
  readonly wanted?: Partial<WantedService>;
  readonly recipe?: Partial<RecipeStructure>;
  readonly view?: Partial<SwarmView>;
  readonly extra?: readonly ServiceView[];
  readonly reasons: readonly string[];
}

function judge(one: Omit<Case, 'name' | 'reasons'>): ReturnType<typeof judgeAdoption> {
  const runs = { ...running, ...one.over, found: { ...found, ...one.found } };
  return judgeAdoption({
    stack: 'book',
    services: [runs, ...(one.extra ?? [])],
    view: { ...view, services: [runs], ...one.view },
    structure: { ...recipe, wanted: [{ ...wanted, ...one.wanted }], ...one.recipe },
  });
}

const cases: readonly Case[] = [
  { name: 'as its recipe has it, with its image pinned or not', reasons: [] },
  { name: 'by a tag alone', over: { image: 'images.example.org/app:1.0.0' }, reasons: [] },
  {
    name: 'of another tag',
    over: { image: `images.example.org/app:1.0.1@${digest}` },
    reasons: ['ForeignImage'],
  },
  {
    name: 'from another repository',
    over: { image: `elsewhere.example.org/app:1.0.0@${digest}` },
    reasons: ['ForeignImage'],
  },
  {
    name: 'by another digest than the recipe names',
    recipe: {
      services: [
        serviceStructure('app', { image: `images.example.org/app@${digest.replace('a', 'b')}` }),
      ],
    },
    reasons: ['ForeignImage'],
  },
  { name: 'with more replicas', over: { replicas: 2 }, reasons: ['ForeignReplicas'] },
  { name: 'while Swarm updates it', over: { updateState: 'updating' }, reasons: ['ForeignUpdate'] },
  {
    name: 'with its update paused (U3)',
    over: { updateState: 'paused' },
    reasons: ['ForeignUpdate'],
  },
  { name: 'after an update that is over', over: { updateState: 'completed' }, reasons: [] },
  {
    name: 'with another value of a variable that the recipe sets',
    found: { environment: { TITLE: digestOf('Another') } },
    reasons: ['ForeignEnvironment'],
  },
  {
    name: 'without a variable that the recipe sets',
    found: { environment: {} },
    reasons: ['ForeignEnvironment'],
  },
  {
    name: 'given another value of a variable of the app that the recipe gives to no service',
    found: { environment: { ...found.environment, PASSWORD: digestOf('other') } },
    reasons: ['ForeignEnvironment'],
  },
  {
    name: 'given the same value of one',
    found: { environment: { ...found.environment, PASSWORD: digestOf('hunter2') } },
    reasons: [],
  },
  {
    name: 'on another volume',
    found: { mounts: [{ kind: 'volume', source: 'old_data', target: '/data' }] },
    view: { volumes: [plainVolume, { ...plainVolume, name: 'old_data' }] },
    reasons: ['ForeignVolume'],
  },
  {
    name: 'with its volume somewhere else',
    found: { mounts: [{ kind: 'volume', source: 'book_data', target: '/srv' }] },
    reasons: ['ForeignVolume', 'ForeignVolume'],
  },
  { name: 'without its volume', found: { mounts: [] }, reasons: ['ForeignVolume'] },
  {
    name: 'on a folder of the host instead',
    found: { mounts: [{ kind: 'bind', source: '/data', target: '/data' }] },
    reasons: ['ForeignVolume'],
  },
  {
    name: 'on a volume that a deploy of ours would refuse',
    view: { volumes: [{ ...plainVolume, options: { type: 'nfs', device: ':/x' } }] },
    reasons: ['ForeignVolume'],
  },
  { name: 'on a volume that is not here', view: { volumes: [] }, reasons: ['ForeignVolume'] },
  {
    name: 'with its data on another node',
    view: {
      tasks: [task(running, { nodeId: 'node2' })],
      nodes: [
        { id: 'node1', hostname: 'one', ready: true, self: true },
        { id: 'node2', hostname: 'two', ready: true, self: false },
      ],
    },
    reasons: ['ForeignNode'],
  },
  {
    name: 'with another version of a secret',
    found: { secrets: ['book_token_v2'] },
    reasons: ['ForeignSecret', 'ForeignSecret'],
  },
  { name: 'without a config', found: { configs: [] }, reasons: ['ForeignConfig'] },
  { name: 'on fewer networks', over: { networkIds: ['n1'] }, reasons: ['ForeignNetwork'] },
  {
    name: 'with a service that the recipe does not have',
    extra: [service('book', 'worker')],
    reasons: ['ForeignService'],
  },
  {
    name: 'without a service that the recipe has',
    recipe: { services: [...recipe.services, serviceStructure('worker')] },
    reasons: ['ForeignService'],
  },
  {
    name: 'of a recipe that cannot be read (G2)',
    recipe: { problems: [{ file: 'compose.yml', line: 3, message: 'is no map' }] },
    reasons: ['ForeignRecipe'],
  },
];

describe('an app that somebody else deployed', () => {
  test.each(cases)('$name', ({ reasons, ...one }) => {
    expect(judge(one).map(({ reason }) => reason)).toEqual(reasons);
  });

  test('every difference is told at once, each as held-adoption with what runs and what is wanted', () => {
    const reasons = judge({
      over: { image: 'images.example.org/app:2.0.0', replicas: 3 },
      found: { configs: [] },
    });

    expect(reasons).toMatchObject([
      {
        kind: 'held-adoption',
        reason: 'ForeignImage',
        file: 'compose.yml',
        line: 4,
        from: 'images.example.org/app:2.0.0',
        to: 'images.example.org/app:1.0.0',
      },
      { kind: 'held-adoption', reason: 'ForeignReplicas', from: '3', to: '1' },
      { kind: 'held-adoption', reason: 'ForeignConfig', from: null, to: 'book_conf_v1' },
    ]);
  });

  test('the value of a variable is never said, and neither is its digest', () => {
    const environment = { TITLE: digestOf('a secret title'), PASSWORD: digestOf('another secret') };

    const told = JSON.stringify(judge({ found: { environment } }));

    expect(told).toContain('TITLE');
    expect(told).toContain('PASSWORD');
    for (const secret of ['Guestbook', 'hunter2', 'sha256:', 'secret title']) {
      expect(told).not.toContain(secret);
    }
  });
});
