/** The schemas of desired state, by kind, and the validators made of them. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import common from '../../schema/desired/common.schema.json' with { type: 'json' };
import type { Kind } from '../model/desired.ts';
import { desiredSchemas } from './desired-schemas.ts';

const SCHEMAS: Readonly<Record<Kind, SchemaPart & { readonly $id: string }>> = desiredSchemas;

/** Every kind there is, in the order of the documentation. */
export const KINDS = Object.keys(SCHEMAS) as readonly Kind[];

/** The text as a kind, or undefined. */
export function parseKind(text: unknown): Kind | undefined {
  return KINDS.find((kind) => kind === text);
}

/** The part of a schema that problems are told from. */
export interface SchemaPart {
  readonly $ref?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly const?: string;
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, SchemaPart | boolean>>;
  readonly examples?: readonly unknown[];
}

/** A schema of a kind as it stands in schema/desired. */
export function schemaOf(kind: Kind): SchemaPart {
  return SCHEMAS[kind];
}

/** The part itself, or the shared definition that it refers to. */
export function dereferenced(part: SchemaPart | boolean | undefined): SchemaPart {
  if (part === undefined || typeof part === 'boolean') return {};
  const name = part.$ref?.replace(/^.*\//, '') ?? '';
  const definitions: Readonly<Record<string, SchemaPart>> = common.$defs;
  return part.$ref === undefined ? part : { ...definitions[name], ...part };
}

/**
 * Compiling takes a while and yields the same every time: it is done for a kind when the first object
 * of it is met, and kept. A memo, not state.
 */
const memo: { ajv?: Ajv2020 } = {};

/** The validator of a kind. Its `errors` belong to its last call. */
export function validatorOf(kind: Kind): ValidateFunction {
  memo.ajv ??= new Ajv2020({
    schemas: [common, ...Object.values(SCHEMAS)],
    allErrors: true,
    strict: true,
    allowUnionTypes: true,
    verbose: true,
    $data: false,
    coerceTypes: false,
    useDefaults: false,
    removeAdditional: false,
    validateSchema: false,
    logger: false,
    // Tidier code takes longer to make, and checks no faster.
    code: { optimize: false },
  });
  const validate = memo.ajv.getSchema(SCHEMAS[kind].$id);
  if (validate === undefined) throw new Error(`there is no schema of kind ${kind}`);
  return validate;
}
