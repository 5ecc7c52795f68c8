import { readdir, readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { loadDesired } from '../../controller/spec/load.ts';
import { KINDS, validatorOf } from '../../controller/spec/schemas.ts';
import { desiredTypes, DESIRED_TYPES } from '../../schema/desired-types.ts';

type Json = Readonly<Record<string, unknown>>;

const FOLDER = new URL('../../schema/desired/', import.meta.url);
const names = (await readdir(FOLDER)).sort();
const schemas = await Promise.all(
  names.map(async (name) => ({
    name,
    schema: JSON.parse(await readFile(new URL(name, FOLDER), 'utf8')) as Json,
  })),
);
const kinds = schemas.filter(({ name }) => !name.startsWith('common.'));
const common = schemas.find(({ name }) => name.startsWith('common.'))?.schema ?? {};

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Every subschema that describes a value, with its path. Conditions only refine what stands beside. */
function parts(schema: Json, path: string): readonly { path: string; part: Json }[] {
  const below = ['properties', '$defs'].flatMap((group) =>
    Object.entries((schema[group] ?? {}) as Json).map(([key, value]) => [`${path}.${key}`, value]),
  );
  const single = ['items', 'additionalProperties', 'propertyNames'].map((key) => [
    `${path}.${key}`,
    schema[key],
  ]);
  const children = [...below, ...single].flatMap(([at, value]) =>
    isObject(value) ? parts(value, String(at)) : [],
  );
  return [{ path, part: schema }, ...children];
}

const every = schemas.flatMap(({ name, schema }) => parts(schema, name));

describe('the schemas of desired state', () => {
  test('there is one for each kind, and what they share', () => {
    expect(names).toEqual([
      'canonical.schema.json',
      'common.schema.json',
      'recipe.schema.json',
      'run.schema.json',
      'settings.schema.json',
      'sweep.schema.json',
      'warm-app.schema.json',
    ]);
  });

  test.each(schemas)('$name is a schema of 2020-12', ({ schema }) => {
    const ajv = new Ajv2020({ strict: true });

    expect(schema['$schema']).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(ajv.validateSchema(schema)).toBe(true);
  });

  test('every object is closed, or a map of one kind of value', () => {
    const open = every
      .filter(({ part }) => part['type'] === 'object')
      .filter(({ part }) =>
        part['properties'] === undefined
          ? !isObject(part['additionalProperties'])
          : part['additionalProperties'] !== false,
      );

    expect(open.map(({ path }) => path)).toEqual([]);
  });

  test('every part has a title and a description, for editors and for messages', () => {
    const silent = every.filter(
      ({ part }) =>
        part['$ref'] === undefined &&
        (typeof part['title'] !== 'string' || typeof part['description'] !== 'string'),
    );

    expect(silent.map(({ path }) => path)).toEqual([]);
  });

  test('every kind has an example, and every example passes', () => {
    const examples = kinds.flatMap(({ name, schema }) =>
      ((schema['examples'] ?? []) as readonly Json[]).map((example) => ({ name, example })),
    );

    expect(new Set(examples.map(({ example }) => example['kind']))).toEqual(new Set(KINDS));
    for (const { name, example } of examples) {
      const kind = KINDS.find((each) => each === example['kind']) ?? 'Settings';
      const validate = validatorOf(kind);
      expect(validate(example), `${name}: ${JSON.stringify(validate.errors)}`).toBe(true);
    }
  });

  test('every example and every default of a part passes that part', () => {
    const ajv = new Ajv2020({ strict: false });
    ajv.addSchema(common);
    const wrong = every.flatMap(({ path, part }) => {
      const values = [...((part['examples'] ?? []) as readonly unknown[])];
      if ('default' in part) values.push(part['default']);
      const $id = 'https://ci-warm.dev/schema/v1/part';
      const isWhole = part['$id'] !== undefined;
      if (isWhole || values.length === 0) return [];
      const validate = ajv.compile({ ...part, $id });
      ajv.removeSchema($id);
      return values.filter((value) => !validate(value)).map((value) => [path, value]);
    });

    expect(wrong).toEqual([]);
  });

  test('the committed types are those that the schemas give', async () => {
    const committed = await readFile(DESIRED_TYPES, 'utf8');

    expect(committed).toBe(await desiredTypes());
  });
});

describe('the defaults of the schemas', () => {
  /** A value with every default of its schema filled in, all the way down. */
  function filled(part: Json, value: unknown): unknown {
    const name = JSON.stringify(part['$ref'] ?? '').replace(/^.*\/|"$/g, '');
    const definition = (common['$defs'] as Readonly<Record<string, Json>>)[name] ?? {};
    const schema: Json = { ...definition, ...part };
    const own = value ?? schema['default'];
    if (Array.isArray(own) && isObject(schema['items'])) {
      const { items } = schema;
      return own.map((item) => filled(items, item));
    }
    if (!isObject(own)) return own;
    const known = Object.entries((schema['properties'] ?? {}) as Readonly<Record<string, Json>>);
    const fields = known.map(([field, below]) => [field, filled(below, own[field])] as const);
    return { ...own, ...Object.fromEntries(fields.filter(([, each]) => each !== undefined)) };
  }

  /** One of each kind, with as little as the schemas take, and one item in each list of objects. */
  const smallest: readonly Json[] = [
    { kind: 'Settings', metadata: { name: 'host' }, spec: { baseDomain: 'ci.example.org' } },
    {
      kind: 'Recipe',
      metadata: { name: 'wiki' },
      spec: {
        health: { probes: [{ http: {} }, { tcp: { port: 1 } }, { exec: { command: ['a'] } }] },
        tests: [{ name: 'a', command: ['a'] }],
      },
    },
    { kind: 'Recipe', metadata: { name: 'bare' }, spec: {} },
    {
      kind: 'WarmApp',
      metadata: { name: 'wiki' },
      spec: { recipe: 'wiki', provides: { realms: {} } },
    },
    { kind: 'WarmApp', metadata: { name: 'bare' }, spec: { recipe: 'bare' } },
    { kind: 'Canonical', metadata: { name: 'known-good' }, spec: { recipe: 'wiki' } },
    { kind: 'Run', metadata: { name: 'wiki-1' }, spec: { recipe: 'wiki' } },
    {
      kind: 'Sweep',
      metadata: { name: 'nightly' },
      spec: { schedule: '0 3 * * *', rebuild: { command: ['a'] } },
    },
  ].map((object) => ({ apiVersion: 'ci-warm.dev/v1', ...object }));

  function load(objects: readonly unknown[]) {
    const files = objects.map((object, index) => ({
      path: `${String(index)}.yaml`,
      text: JSON.stringify(object),
      problem: undefined,
    }));
    return loadDesired(files, { revision: 'r', baseDirectory: '/srv', tree: '' });
  }

  test('are what the loader fills in', () => {
    const explicit = smallest.map((object) => {
      const { schema = {} } =
        kinds.find(({ schema: each }) => each['title'] === object['kind']) ?? {};
      return filled(schema, object);
    });

    const implied = load(smallest);

    expect(implied.problems).toEqual([]);
    expect(JSON.stringify(explicit)).toContain('"orphanGrace":"72h"');
    expect(load(explicit)).toEqual(implied);
  });
});
