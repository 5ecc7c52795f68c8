/** Every row of the layer table, allowed and forbidden, held against the linter itself. */
import { describe, expect, test } from 'vitest';

import { layers } from './layers.ts';
import { lint } from './linter.ts';

const folders = [
  'model',
  'spec',
  'recipe',
  'gates',
  'transitions',
  'plan',
  'report',
  'ports',
  'reconcile',
  'adapters',
  'cli',
  'setup',
  'wire',
];
const files = ['main.ts'];
const packages = [
  'ajv/dist/2020.js',
  'ajv-formats',
  'chokidar',
  'commander',
  'dockerode',
  'execa',
  'left-pad',
  'node:crypto',
  'node:fs/promises',
  'pino',
  'pino-pretty',
  'semver',
  'simple-git',
  'yaml',
];

/** Written by hand, and apart from the table, so that a slip in one shows. */
const expected: readonly {
  layer: string;
  imports: readonly string[];
  uses: readonly string[];
}[] = [
  { layer: 'model', imports: ['model'], uses: ['node:crypto', 'semver'] },
  { layer: 'spec', imports: ['model', 'spec'], uses: ['ajv/dist/2020.js', 'ajv-formats', 'yaml'] },
  { layer: 'recipe', imports: ['model', 'recipe'], uses: ['yaml'] },
  { layer: 'gates', imports: ['model', 'gates'], uses: [] },
  { layer: 'transitions', imports: ['model', 'gates', 'transitions'], uses: [] },
  { layer: 'plan', imports: ['model', 'recipe', 'gates', 'transitions', 'plan'], uses: [] },
  { layer: 'report', imports: ['model', 'report'], uses: [] },
  { layer: 'ports', imports: ['model', 'ports'], uses: [] },
  {
    layer: 'reconcile',
    imports: folders.filter((name) => !['adapters', 'cli', 'setup', 'wire'].includes(name)),
    uses: [],
  },
  {
    layer: 'adapters',
    imports: ['model', 'recipe', 'ports'],
    uses: [
      'chokidar',
      'dockerode',
      'execa',
      'node:crypto',
      'node:fs/promises',
      'pino',
      'pino-pretty',
      'simple-git',
    ],
  },
  {
    layer: 'cli',
    imports: ['model', 'spec', 'report', 'ports', 'cli', 'wire'],
    uses: ['commander', 'node:crypto', 'node:fs/promises', 'yaml'],
  },
  {
    layer: 'setup',
    imports: ['model', 'setup'],
    uses: ['execa', 'node:crypto', 'node:fs/promises'],
  },
  {
    layer: 'wire',
    imports: [...folders, ...files],
    uses: ['node:crypto', 'node:fs/promises', 'pino'],
  },
  {
    layer: 'main.ts',
    imports: ['model', 'cli', 'main.ts'],
    uses: ['node:crypto', 'node:fs/promises'],
  },
];

/** The given sources that a file may import as far as the layers go, by reading which lines are complained of. */
async function allowedOf(file: string, sources: readonly string[]): Promise<readonly string[]> {
  const text = sources.map((source) => `import '${source}';`).join('\n');
  const messages = await lint(file, text);
  const refused = new Set(
    messages.filter(({ ruleId }) => ruleId === 'ci-warm/layers').map(({ line }) => line),
  );
  return sources.filter((_, index) => !refused.has(index + 1));
}

function placeOf(layer: string): { file: string; up: string } {
  if (layer.includes('.')) return { file: `controller/${layer}`, up: './' };
  if (layer === 'adapters') return { file: 'controller/adapters/sample/it.ts', up: '../../' };
  return { file: `controller/${layer}/it.ts`, up: '../' };
}

async function complaintsOf(file: string, text: string): Promise<readonly string[]> {
  const messages = await lint(file, text);
  return messages.filter(({ ruleId }) => ruleId === 'ci-warm/layers').map((m) => m.message);
}

describe('layers', () => {
  test('every row of the table is tried here', () => {
    const rows = Object.keys(layers).filter((name) => name !== 'ci-warm.mjs');

    expect(rows.toSorted()).toEqual(expected.map(({ layer }) => layer).toSorted());
  });

  test.each(expected)('$layer imports what its row lists, and nothing else', async (row) => {
    const { file, up } = placeOf(row.layer);
    const names = new Map(
      [...folders, ...files].map((name) => [name.includes('.') ? name : `${name}/thing.ts`, name]),
    );

    const allowed = await allowedOf(
      file,
      [...names.keys()].map((name) => up + name),
    );

    expect(allowed.map((source) => names.get(source.slice(up.length)))).toEqual(
      [...names.values()].filter((name) => row.imports.includes(name)),
    );
  });

  test.each(expected)('$layer uses the packages of its row, and no other', async (row) => {
    const { file } = placeOf(row.layer);

    const allowed = await allowedOf(file, packages);

    expect(allowed).toEqual(row.uses);
  });

  const forms = [
    { name: 'a type', text: `import type { A } from '../gates/a.ts';` },
    { name: 'a re-export', text: `export { a } from '../gates/a.ts';` },
    { name: 'a whole re-export', text: `export * from '../gates/a.ts';` },
    { name: 'an import when needed', text: `await import('../gates/a.ts');` },
    { name: 'a type in its place', text: `export type A = import('../gates/a.ts').A;` },
    { name: 'a way round by another folder', text: `import '../spec/../gates/a.ts';` },
    { name: 'a folder that only begins alike', text: `import '../models/a.ts';` },
    { name: 'a test', text: `import '../../test/fakes/a.ts';` },
    { name: 'a schema', text: `import '../../schema/desired/a.json' with { type: 'json' };` },
  ];
  test.each(forms)('a forbidden import is found whatever its form: $name', async ({ text }) => {
    expect(await complaintsOf('controller/model/it.ts', text)).toHaveLength(1);
  });

  const neighbours = [
    { name: 'its own files', source: './other.ts', allowed: true },
    { name: 'its own folders', source: './deep/other.ts', allowed: true },
    { name: 'the atomic write', source: '../files/atomic-write.ts', allowed: true },
    { name: 'the door to the file system', source: '../files/fs.ts', allowed: true },
    { name: 'the runner of programs', source: '../process/run.ts', allowed: true },
    { name: "another adapter's files", source: '../docker/list.ts', allowed: false },
    { name: 'other files of the atomic write', source: '../files/lock.ts', allowed: false },
    { name: 'other files of the runner', source: '../process/output.ts', allowed: false },
    { name: 'the composition root', source: '../../wire/wire.ts', allowed: false },
  ];
  test.each(neighbours)('an adapter and $name: allowed $allowed', async ({ source, allowed }) => {
    const complaints = await complaintsOf('controller/adapters/sample/it.ts', `import '${source}'`);

    expect(complaints).toHaveLength(allowed ? 0 : 1);
  });

  test('what runs before the packages are there uses none', async () => {
    const text = `import 'execa'; import '../model/a.ts'; import 'node:fs'; import './other.mjs';`;

    expect(await complaintsOf('controller/setup/first.mjs', text)).toEqual([
      expect.stringContaining('setup may not use execa'),
      expect.stringContaining('setup may not import model/a.ts'),
    ]);
  });

  test('schemas are read by spec alone', async () => {
    const text = `import s from '../../schema/desired/run.json' with { type: 'json' };`;

    expect(await complaintsOf('controller/spec/it.ts', text)).toEqual([]);
    expect(await complaintsOf('controller/gates/it.ts', text)).toHaveLength(1);
  });

  test('a folder without a row may import nothing', async () => {
    expect(await complaintsOf('controller/helpers/it.ts', `import 'node:fs';`)).toEqual([
      'controller/helpers has no row in test/lint/layers.ts; give it one.',
    ]);
  });

  test('a complaint says who may not import what, and why', async () => {
    expect(await complaintsOf('controller/gates/it.ts', `import '../plan/plan.ts';`)).toEqual([
      'gates may not import plan/plan.ts. A gate judges facts that it is given; it gathers none.',
    ]);
  });
});
