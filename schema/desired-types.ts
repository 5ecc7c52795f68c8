/**
 * Makes the text of controller/model/desired-types.gen.ts from schema/desired: the objects as people
 * write them, before defaulting. Writes nothing; schema/generate.ts does.
 */
import { readFile } from 'node:fs/promises';
import { compile, type JSONSchema } from 'json-schema-to-typescript';
import { format, resolveConfig } from 'prettier';

/** Where the text belongs. */
export const DESIRED_TYPES = new URL('../controller/model/desired-types.gen.ts', import.meta.url);

const SCHEMAS = new URL('desired/', import.meta.url);
const KINDS = ['settings', 'recipe', 'warm-app', 'canonical', 'run', 'sweep'];
const BANNER = `/**
 * The objects of desired state as people write them, before defaulting.
 *
 * Generated from schema/desired by \`npm run generate\`; change the schemas instead.
 */
`;
/** They say nothing that a type can, and conditions and bounds make the compiler's output worse. */
const LEFT_OUT = ['$schema', '$id', 'default', 'examples', 'allOf', 'minItems', 'maxItems'];

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The text that the generated file should have. The same schemas give the same text. */
export async function desiredTypes(): Promise<string> {
  const common = isObject(await read('common'));
  const simplified = simplifier(isObject(common['$defs']));
  const all = {
    title: 'DesiredObject',
    description: 'Any object of desired state.',
    oneOf: (await Promise.all(KINDS.map(read))).map(simplified),
  };
  const code = await compile(all as JSONSchema, 'DesiredObject', {
    bannerComment: BANNER,
    format: false,
  });
  return format(code, { ...(await resolveConfig(DESIRED_TYPES)), parser: 'typescript' });
}

async function read(name: string): Promise<Json> {
  return JSON.parse(await readFile(new URL(`${name}.schema.json`, SCHEMAS), 'utf8')) as Json;
}

function isObject(json: Json | undefined): { readonly [key: string]: Json } {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new Error(`schema/desired: an object was expected, not ${JSON.stringify(json)}`);
  }
  return json as { readonly [key: string]: Json };
}

/**
 * References are replaced by what they lead to. A shared object stays one object, so that it becomes
 * one type; only objects keep their title, because every title becomes a type.
 */
function simplifier(definitions: { readonly [key: string]: Json }): (json: Json) => Json {
  const shared = new Map<string, Json>();

  function simplify(json: Json): Json {
    if (Array.isArray(json)) return json.map(simplify);
    if (typeof json !== 'object' || json === null) return json;
    const { $ref: reference, ...rest } = json as { readonly [key: string]: Json };
    if (typeof reference !== 'string') return without(rest);
    const name = reference.slice(reference.lastIndexOf('/') + 1);
    const definition = isObject(definitions[name]);
    if (definition['type'] !== 'object') return without({ ...definition, ...rest });
    const known = shared.get(name) ?? without(definition);
    shared.set(name, known);
    return known;
  }

  function without(schema: { readonly [key: string]: Json }): Json {
    return Object.fromEntries(
      Object.entries(schema)
        .filter(([key]) => !LEFT_OUT.includes(key))
        .filter(
          ([key, value]) =>
            key !== 'title' || typeof value !== 'string' || schema['type'] === 'object',
        )
        .map(([key, value]) => [key, simplify(value)]),
    );
  }

  return simplify;
}
