import { describe, expect, test } from 'vitest';
import type { HoldReason } from '../../controller/model/alert.ts';
import type { RecipeStructure } from '../../controller/model/structure.ts';
import { judgeStructure, type StructureQuestion } from '../../controller/gates/structure.ts';
import { bookAt, type Edits } from '../build/recipe-text.ts';

const v1 = '1.0.0+1.0.0';
const v2 = '1.0.1+1.0.1';
const v3 = '1.0.2+1.0.2';
const current = bookAt(v1);

function judge(
  inTheWay: readonly RecipeStructure[],
  over: Partial<StructureQuestion> = {},
): readonly HoldReason[] {
  return judgeStructure({
    current,
    inTheWay,
    gate: { onImageMajor: 'Hold', onNewConfiguration: 'Hold' },
    hasSecret: () => false,
    ...over,
  });
}

function evidence({ kind, reason, file, line, from, to }: HoldReason): unknown[] {
  return [kind, reason, file, line, from, to];
}

const compose = 'compose.yml';
const sample = '.env.sample';
const pg = 'image: postgres:15-alpine';
const mount = '- data:/var/lib/postgresql/data';

interface Case {
  readonly name: string;
  readonly edits: Edits;
  readonly held: readonly (readonly unknown[])[];
}

const cases: readonly Case[] = [
  { name: 'nothing changes', edits: [], held: [] },
  {
    name: 'an image moves by a major',
    edits: [[compose, pg, 'image: postgres:16-alpine']],
    held: [
      ['held-image-major', 'ImageMajor', compose, 12, 'postgres:15-alpine', 'postgres:16-alpine'],
    ],
  },
  {
    name: 'an image moves by a minor',
    edits: [
      [compose, 'nginx:1.27', 'nginx:1.28'],
      [compose, pg, 'image: postgres:15.2-alpine'],
    ],
    held: [],
  },
  {
    name: 'an image comes from another repository',
    edits: [[compose, pg, 'image: pgvector/pgvector:15-alpine']],
    held: [
      [
        'held-image-major',
        'ImageRepository',
        compose,
        12,
        'postgres:15-alpine',
        'pgvector/pgvector:15-alpine',
      ],
    ],
  },
  {
    name: 'an image has its registry written out',
    edits: [[compose, pg, 'image: docker.io/library/postgres:15-alpine']],
    held: [],
  },
  {
    name: 'an image moves to a tag that nobody can compare',
    edits: [[compose, 'nginx:1.27', 'nginx:mainline']],
    held: [['held-unparsable', 'ImageUnparsable', compose, 4, 'nginx:1.27', 'nginx:mainline']],
  },
  {
    name: 'an image goes back within its major',
    edits: [[compose, 'nginx:1.27', 'nginx:1.26']],
    held: [['held-downgrade', 'ImageDowngrade', compose, 4, 'nginx:1.27', 'nginx:1.26']],
  },
  {
    name: 'a service is renamed, and its data gets a program of another major',
    edits: [
      [compose, '  db:', '  database:'],
      [compose, pg, 'image: postgres:16-alpine'],
    ],
    held: [
      ['held-image-major', 'ImageMajor', compose, 12, 'postgres:15-alpine', 'postgres:16-alpine'],
    ],
  },
  {
    name: 'a volume is gone',
    edits: [
      [compose, `    volumes:\n      ${mount}\n`, ''],
      [compose, '  data:\n', ''],
    ],
    held: [['held-volume', 'VolumeGone', compose, 20, 'data', null]],
  },
  {
    name: 'a volume is renamed',
    edits: [
      [compose, mount, '- pgdata:/var/lib/postgresql/data'],
      [compose, '  data:\n', '  pgdata:\n'],
    ],
    held: [['held-volume', 'VolumeRenamed', compose, 20, 'data', 'pgdata']],
  },
  {
    name: 'a volume gets another name in Docker',
    edits: [[compose, '  data:\n', '  data: { name: books }\n']],
    held: [['held-volume', 'VolumeRenamed', compose, 20, 'book_example_org_data', 'books']],
  },
  {
    name: 'a volume becomes an external one of the same name',
    edits: [[compose, '  data:\n', '  data: { external: true, name: book_example_org_data }\n']],
    held: [['held-volume', 'VolumeExternal', compose, 20, "the stack's own", 'external']],
  },
  {
    name: 'a volume is mounted at another place',
    edits: [[compose, mount, '- data:/var/lib/postgresql']],
    held: [
      [
        'held-volume',
        'VolumeMoved',
        compose,
        14,
        '/var/lib/postgresql/data',
        '/var/lib/postgresql',
      ],
    ],
  },
  {
    name: 'a service no longer mounts its volume',
    edits: [[compose, `    volumes:\n      ${mount}\n`, '']],
    held: [['held-volume', 'VolumeUnmounted', compose, 14, '/var/lib/postgresql/data', null]],
  },
  {
    name: 'a service that is renamed mounts its volume as before',
    edits: [[compose, '  db:', '  database:']],
    held: [],
  },
  {
    name: 'a volume is mounted at a second place besides, and another volume comes',
    edits: [
      [compose, mount, `${mount}\n      - data:/backup\n      - more:/more`],
      [compose, '  data:\n', '  data:\n  more:\n'],
    ],
    held: [],
  },
  {
    name: 'a service with a volume is to be started beside its old task',
    edits: [[compose, 'order: stop-first', 'order: start-first']],
    held: [['held-volume', 'StartFirst', compose, 17, 'stop-first', 'start-first']],
  },
  {
    name: 'a new variable without a value',
    edits: [[sample, 'TITLE=Book', 'TITLE=Book\nMAIL_FROM=']],
    held: [['held-new-configuration', 'NewVariable', sample, 4, null, 'MAIL_FROM=']],
  },
  {
    name: 'a variable that has lost its value',
    edits: [[sample, 'TITLE=Book', 'TITLE=']],
    held: [['held-new-configuration', 'NewVariable', sample, 3, 'TITLE=Book', 'TITLE=']],
  },
  {
    name: 'a variable that a compose file wants set',
    edits: [[compose, pg, `${pg}\n    environment: { MAIL: "\${MAIL_FROM:?who}" }`]],
    held: [['held-new-configuration', 'NewVariable', compose, 13, null, 'MAIL_FROM']],
  },
  {
    name: 'new variables with a value, or commented out',
    edits: [[sample, 'TITLE=Book', 'TITLE=Book\nMAIL_FROM=a@example.org\n#MAIL_TO=']],
    held: [],
  },
  {
    name: 'a new secret that a person has to give',
    edits: [
      [sample, '# length=32', '# length=32\nSECRET_SMTP_VERSION=v1 # generate=false'],
      [
        compose,
        '  token:\n',
        '  smtp:\n    external: true\n    name: ${STACK_NAME}_smtp_${SECRET_SMTP_VERSION}\n  token:\n',
      ],
    ],
    held: [['held-new-configuration', 'NewSecret', sample, 5, null, 'book_example_org_smtp_v1']],
  },
  {
    name: 'a new secret that is generated',
    edits: [
      [sample, '# length=32', '# length=32\nSECRET_SMTP_VERSION=v1 # length=12'],
      [
        compose,
        '  token:\n',
        '  smtp:\n    external: true\n    name: ${STACK_NAME}_smtp_${SECRET_SMTP_VERSION}\n  token:\n',
      ],
    ],
    held: [],
  },
  {
    name: 'another version of a secret',
    edits: [[sample, 'SECRET_TOKEN_VERSION=v1', 'SECRET_TOKEN_VERSION=v2']],
    held: [
      [
        'held-new-configuration',
        'SecretVersion',
        sample,
        4,
        'book_example_org_token_v1',
        'book_example_org_token_v2',
      ],
    ],
  },
  {
    name: 'a config whose content changes without its version',
    edits: [['conf.tmpl', 'two', 'zwei']],
    held: [['held-new-configuration', 'ConfigUnversioned', 'conf.tmpl', 2, 'two', 'zwei']],
  },
  {
    name: 'a config that is only cut short',
    edits: [['conf.tmpl', '\nthree\n', '']],
    held: [['held-new-configuration', 'ConfigUnversioned', 'conf.tmpl', 2, 'three', null]],
  },
  {
    name: 'a config whose content changes with its version',
    edits: [
      ['conf.tmpl', 'two', 'zwei'],
      ['abra.sh', 'v1', 'v2'],
    ],
    held: [],
  },
  {
    name: 'a recipe that cannot be read',
    edits: [[compose, 'services:', 'services: [']],
    held: [['held-unparsable', 'RecipeUnreadable', compose, 4, null, v2]],
  },
];

describe('judgeStructure', () => {
  test.each(cases)('G3: $name', ({ edits, held }) => {
    expect(judge([bookAt(v2, edits)]).map(evidence)).toEqual(held);
  });

  test('all reasons are listed at once', () => {
    const edits: Edits = [
      [compose, pg, 'image: postgres:16-alpine'],
      [compose, mount, '- data:/data'],
      [sample, 'TITLE=Book', 'TITLE='],
      ['conf.tmpl', 'two', 'zwei'],
    ];

    expect(judge([bookAt(v2, edits)]).map(({ reason }) => reason)).toEqual([
      'ImageMajor',
      'VolumeMoved',
      'NewVariable',
      'ConfigUnversioned',
    ]);
  });

  test('G3: an image that moves in a version that is skipped, and back, is held at that version', () => {
    const skipped = bookAt(v2, [[compose, pg, 'image: postgres:16-alpine']]);

    expect(judge([skipped, bookAt(v3)]).map(({ from, to }) => [from, to])).toEqual([
      ['postgres:15-alpine', 'postgres:16-alpine'],
      ['postgres:16-alpine', 'postgres:15-alpine'],
    ]);
  });

  test('G3: a volume that is gone in one version and back in the next cannot hide', () => {
    const gone = bookAt(v2, [
      [compose, `    volumes:\n      ${mount}\n`, ''],
      [compose, '  data:\n', ''],
    ]);

    expect(judge([gone, bookAt(v3)]).map(evidence)).toEqual([
      ['held-volume', 'VolumeGone', compose, 20, 'data', null],
    ]);
  });

  test('what went and came back as another in two steps is seen from end to end', () => {
    const without = bookAt(v2, [
      [
        compose,
        `  db:\n    ${pg}\n    volumes:\n      ${mount}\n    deploy:\n      update_config:\n        order: stop-first\n`,
        '',
      ],
    ]);
    const later = bookAt(v3, [[compose, pg, 'image: postgres:16-alpine']]);

    expect(judge([without, later]).map(({ reason }) => reason)).toEqual([
      'VolumeUnmounted',
      'ImageMajor',
    ]);
  });

  test('one move is one reason, however many versions follow it', () => {
    const moved: Edits = [[compose, pg, 'image: postgres:16-alpine']];

    expect(judge([bookAt(v2, moved), bookAt(v3, moved)])).toHaveLength(1);
  });

  test('G2: a version in between that cannot be read holds, and the others are compared past it', () => {
    const broken = bookAt(v2, [[compose, 'services:', 'services: [']]);
    const target = bookAt(v3, [[compose, pg, 'image: postgres:16-alpine']]);

    expect(judge([broken, target]).map(({ reason, to }) => [reason, to])).toEqual([
      ['RecipeUnreadable', v2],
      ['ImageMajor', 'postgres:16-alpine'],
    ]);
  });

  test('G2: nothing can be compared with what runs when that cannot be read', () => {
    const broken = bookAt(v1, [[compose, 'services:', 'services: [']]);

    expect(judge([bookAt(v2)], { current: broken }).map(({ reason, to }) => [reason, to])).toEqual([
      ['RecipeUnreadable', v1],
    ]);
  });

  test('what a skipped version asks people for is not asked by the target', () => {
    const skipped = bookAt(v2, [
      [sample, 'TITLE=Book', 'TITLE=Book\nMAIL_FROM='],
      [compose, pg, `${pg}\n    environment: { MAIL: "\${MAIL_FROM:?who}" }`],
      ['conf.tmpl', 'two', 'zwei'],
    ]);

    expect(judge([skipped, bookAt(v3)])).toEqual([]);
  });

  test('what is set in our configuration is nothing new', () => {
    const edits: Edits = [
      [sample, 'TITLE=Book', 'TITLE=\nMAIL_FROM='],
      [compose, pg, `${pg}\n    environment: { MAIL: "\${MAIL_FROM:?who}" }`],
    ];

    expect(judge([bookAt(v2, edits, { TITLE: 'Ours', MAIL_FROM: 'x' })])).toEqual([]);
  });

  test('a variable that had no value before either is nothing new', () => {
    const empty: Edits = [[sample, 'TITLE=Book', 'TITLE=']];

    expect(judge([bookAt(v2, empty)], { current: bookAt(v1, empty) })).toEqual([]);
  });

  test('a service that was started first before is no news', () => {
    const order: Edits = [[compose, 'order: stop-first', 'order: start-first']];

    expect(judge([bookAt(v2, order)], { current: bookAt(v1, order) })).toEqual([]);
  });

  test('a secret that somebody gave is nothing new', () => {
    const edits: Edits = [
      [sample, 'SECRET_TOKEN_VERSION=v1 # length=32', 'SECRET_SMTP_VERSION=v1 # generate=false'],
      [compose, '  token:\n', '  smtp:\n'],
      [compose, '[token]', '[smtp]'],
      [compose, '_token_${SECRET_TOKEN_VERSION}', '_smtp_${SECRET_SMTP_VERSION}'],
    ];

    expect(judge([bookAt(v2, edits)])).toMatchObject([{ reason: 'NewSecret' }]);
    expect(judge([bookAt(v2, edits)], { hasSecret: ({ name }) => name === 'smtp' })).toEqual([]);
  });

  test('onImageMajor: Allow lets images move, and nothing else', () => {
    const edits: Edits = [
      [compose, pg, 'image: postgres:16-alpine'],
      [compose, 'nginx:1.27', 'caddy:edge'],
      [compose, mount, '- data:/data'],
      [sample, 'TITLE=Book', 'TITLE='],
    ];
    const gate = { onImageMajor: 'Allow', onNewConfiguration: 'Hold' } as const;

    expect(judge([bookAt(v2, edits)], { gate }).map(({ reason }) => reason)).toEqual([
      'VolumeMoved',
      'NewVariable',
    ]);
  });

  test('onNewConfiguration: Allow lifts what can be deployed, and not what Docker would refuse', () => {
    const edits: Edits = [
      [sample, 'TITLE=Book', 'TITLE='],
      [sample, 'SECRET_TOKEN_VERSION=v1', 'SECRET_TOKEN_VERSION=v2'],
      [compose, pg, `${pg}\n    environment: { MAIL: "\${MAIL_FROM:?who}" }`],
      ['conf.tmpl', 'two', 'zwei'],
    ];
    const gate = { onImageMajor: 'Hold', onNewConfiguration: 'Allow' } as const;

    expect(judge([bookAt(v2, edits)], { gate }).map(({ reason, to }) => [reason, to])).toEqual([
      ['NewVariable', 'MAIL_FROM'],
      ['ConfigUnversioned', 'zwei'],
    ]);
  });
});
