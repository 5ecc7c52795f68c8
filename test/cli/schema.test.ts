import { readdir } from 'node:fs/promises';
import path from 'node:path';

import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

import { schemaCatalog } from '../../controller/spec/schema-catalog.ts';
import { ciWarmHere } from '../build/ci-warm.ts';

const names = schemaCatalog.map(({ name }) => name);

async function schemaOf(name: string): Promise<Readonly<Record<string, unknown>>> {
  const { stdout } = await ciWarmHere(['schema', name]);
  return JSON.parse(stdout) as Readonly<Record<string, unknown>>;
}

function compiled(schema: object) {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, logger: false });
  formats.default(ajv);
  return ajv.compile(schema);
}

describe('schema', () => {
  test('lists what there is', async () => {
    const { exitCode, stdout } = await ciWarmHere(['schema']);

    expect(exitCode).toBe(0);
    await expect(stdout).toMatchFileSnapshot('golden/schema.txt');
  });

  test('every schema of the repository is in the list', async () => {
    const files = await readdir(path.resolve(import.meta.dirname, '../../schema'), {
      recursive: true,
    });

    const there = files.filter((file) => /(?<!common)\.schema\.json$/.test(file));
    expect(schemaCatalog.map(({ of, schema }) => `${of}/${path.basename(schema.$id)}`)).toEqual(
      expect.arrayContaining(there),
    );
    expect(names).toHaveLength(there.length);
  });

  test.each(names)('%s is printed in one piece: it compiles by itself', async (name) => {
    const schema = await schemaOf(name);

    expect(compiled(schema)).toBeTypeOf('function');
  });

  test('what is printed judges as the controller does', async () => {
    const validate = compiled(await schemaOf('warmapps'));
    const app = { apiVersion: 'ci-warm.dev/v1', kind: 'WarmApp', metadata: { name: 'wiki' } };

    expect(validate({ ...app, spec: { recipe: 'wiki' } })).toBe(true);
    expect(validate({ ...app, spec: { recipe: 'wiki', colour: 'red' } })).toBe(false);
  });

  test('YAML says the same as JSON', async () => {
    const { stdout } = await ciWarmHere(['schema', 'alert', '-o', 'yaml']);

    expect(parse(stdout)).toEqual(await schemaOf('alert'));
  });
});
