/**
 * A schema's error in words. What a field should look like is told from the schema itself (title,
 * description, examples), so that the words here, in an editor and in the documentation are the same.
 */
import type { Document } from 'yaml';
import type { Kind } from '../model/desired.ts';
import { pathWords, sourceWords, type Path } from './locate.ts';
import type { Complaint } from './problem.ts';
import { dereferenced, schemaOf, type SchemaPart } from './schemas.ts';
import { nearest } from './suggest.ts';

/** An error of the schema validator, with what is needed to explain it. */
export interface SchemaError {
  readonly keyword: string;
  readonly path: Path;
  readonly at: 'key' | 'value';
  /** True when the name of a field is wrong, not what stands in it. */
  readonly aboutName: boolean;
  readonly value: unknown;
  readonly params: Readonly<Record<string, unknown>>;
  /** The part of the schema that the keyword stands in. */
  readonly schema: SchemaPart;
  /** What the value stands in. */
  readonly parent: unknown;
}

const VALUE_WORDS_MAX = 60;

/** What is wrong and what to do about it. */
export function complaintOf(error: SchemaError, document: Document.Parsed, kind: Kind): Complaint {
  const where = error.path.length === 0 ? 'the object' : pathWords(error.path);
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownField(error, kind);
    case 'required':
      return missingField(error, where);
    case 'type':
      return wrongType(error, where, sourceWords(document, error.path));
    case 'const':
    case 'enum':
      return unknownValue(error, where);
    case 'false schema':
      return {
        code: 'misplaced-field',
        message: `${where} does not belong to kind ${words((error.parent as { kind?: unknown }).kind)}`,
        hint: 'remove it, or change the kind',
      };
    case 'minProperties':
    case 'maxProperties':
      return {
        code: 'bad-value',
        message: `${where} has ${String(Object.keys(error.value as object).length)} of the fields ${Object.keys(error.schema.properties ?? {}).join(', ')}`,
        hint: 'give exactly one of them',
      };
    case 'minItems':
      return {
        code: 'bad-value',
        message: `${where} is an empty list`,
        hint: 'give at least one item, or remove the field',
      };
    case 'uniqueItems':
      return {
        code: 'duplicate-item',
        message: `${where} has an item twice`,
        hint: 'keep one of them',
      };
    default:
      return badValue(error, where);
  }
}

/**
 * True for a missing field whose name stands next to it, mistyped: that is one mistake, and the
 * unknown field's own complaint names it.
 */
export function missingButMistyped(error: SchemaError, all: readonly SchemaError[]): boolean {
  if (error.keyword !== 'required') return false;
  const missing = String(error.params['missingProperty']);
  const place = pathWords(error.path);
  return all.some(
    (other) =>
      other.keyword === 'additionalProperties' &&
      pathWords(other.path.slice(0, -1)) === place &&
      meantField(other) === missing,
  );
}

function meantField(error: SchemaError): string | undefined {
  return nearest(String(error.path.at(-1)), Object.keys(error.schema.properties ?? {}));
}

function unknownField(error: SchemaError, kind: Kind): Complaint {
  const field = String(error.path.at(-1));
  const parent = error.path.slice(0, -1);
  const where = parent.length === 0 ? kind : pathWords(parent);
  return {
    code: 'unknown-field',
    message: `${where} has no field ${words(field)}`,
    hint: hintForField(),
  };

  function hintForField(): string {
    if (field === '<<') return 'merge keys are not read; write the fields out';
    const fields = Object.keys(error.schema.properties ?? {});
    const meant = meantField(error);
    if (meant !== undefined) return `did you mean ${meant}?`;
    const spec = dereferenced(schemaOf(kind).properties?.['spec']).properties ?? {};
    if (parent.length === 0 && Object.hasOwn(spec, field)) return `it belongs below spec`;
    if (parent.length === 0 && field === 'name') return 'it belongs below metadata';
    return `its fields are ${fields.join(', ')}`;
  }
}

function missingField(error: SchemaError, where: string): Complaint {
  const field = String(error.params['missingProperty']);
  const { const: only, examples } = dereferenced(error.schema.properties?.[field]);
  const example = examples?.[0];
  const shown = example === undefined ? field : `${field}, such as ${field}: ${asYaml(example)}`;
  return {
    code: 'missing-field',
    message: `${where} is missing the field ${field}`,
    hint: `add ${only === undefined ? shown : `${field}: ${only}`}`,
  };
}

/** An example as it may be typed: quotes only where they are needed. */
function asYaml(example: unknown): string {
  const isPlain = typeof example === 'string' && /^[a-z/][\w./-]*$/i.test(example);
  return isPlain ? example : JSON.stringify(example);
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'a string',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of fields',
};

function wrongType(error: SchemaError, where: string, source: string | undefined): Complaint {
  const { value, schema } = error;
  const types = [schema.type ?? []].flat();
  const wanted = types.map((type) => TYPE_WORDS[type] ?? type).join(' or ');
  if (value === null) {
    return {
      code: 'wrong-type',
      message: `${where} is empty, and has to be ${wanted}`,
      hint: hintForEmpty(types, schema),
    };
  }
  if (types.includes('string') && typeof value !== 'object' && source !== undefined) {
    const read = `${words(source, false)} as the ${typeof value} ${words(value)}`;
    return {
      ...unquoted(source, schema),
      message: `${where} has to be a string, but YAML reads ${read}`,
    };
  }
  return {
    code: 'wrong-type',
    message: `${where} has to be ${wanted}, and is ${typeWords(value)}`,
    hint: typeof value === 'string' ? withoutQuotes(value, types, schema) : form(schema),
  };
}

function hintForEmpty(types: readonly string[], schema: SchemaPart): string {
  if (types.includes('object')) return 'indent its fields below it, or write {}';
  const mayBeEmpty = schema.pattern === undefined || new RegExp(schema.pattern, 'u').test('');
  if (types.includes('string') && mayBeEmpty) return 'write "" for empty text, or remove the field';
  return `give it a value, or remove the field; it has to be: ${form(schema)}`;
}

/** Text that YAML took for something else. Where a unit is missing, quotes alone would not help. */
function unquoted(source: string, schema: SchemaPart): Pick<Complaint, 'code' | 'hint'> {
  if (schema.title === 'duration' || schema.title === 'size') {
    return { code: 'wrong-type', hint: form(schema) };
  }
  const fits = schema.pattern === undefined || new RegExp(schema.pattern, 'u').test(source);
  const hint = `quote it: ${JSON.stringify(source)}`;
  return { code: 'needs-quotes', hint: fits ? hint : `${hint}; and it has to be: ${form(schema)}` };
}

function withoutQuotes(value: string, types: readonly string[], schema: SchemaPart): string {
  if (types.includes('integer') && /^[0-9]+$/.test(value)) return `remove the quotes: ${value}`;
  const truth = new Map([
    ['true', 'true'],
    ['yes', 'true'],
    ['on', 'true'],
    ['false', 'false'],
    ['no', 'false'],
    ['off', 'false'],
  ]).get(value.toLowerCase());
  if (types.includes('boolean') && truth !== undefined) return `write ${truth}, without quotes`;
  return form(schema);
}

function unknownValue(error: SchemaError, where: string): Complaint {
  const allowed = [error.params['allowedValues'] ?? error.params['allowedValue']].flat();
  const known = allowed.filter((each) => typeof each === 'string');
  const meant = typeof error.value === 'string' ? nearest(error.value, known) : undefined;
  const only = known.length === 1 ? `write ${String(known[0])}` : `one of ${known.join(', ')}`;
  return {
    code: 'unknown-value',
    message: `${where} cannot be ${words(error.value)}`,
    hint: meant === undefined || known.length === 1 ? only : `did you mean ${meant}?`,
  };
}

function badValue(error: SchemaError, where: string): Complaint {
  const title = error.schema.title?.toLowerCase() ?? 'value';
  // A path that is none may be the secret itself, put where its file should be named.
  const value = error.schema.title === 'file path' ? '' : ` ${words(error.value)}`;
  const subject = error.aboutName
    ? `the name ${words(error.value)} in ${pathWords(error.path.slice(0, -1))}`
    : `${where}${value}`;
  return {
    code: 'bad-value',
    message: `${subject} is not a valid ${title}`,
    hint: form(error.schema),
  };
}

/** What a value should look like: the schema's description and examples. */
function form(schema: SchemaPart): string {
  if (schema.type === 'array') return 'write a list: each item on a line of its own, behind "- "';
  if (schema.type === 'object') return 'write its fields below it, indented, or between { and }';
  if (schema.type === 'boolean') return 'write true or false';
  const text = (schema.description ?? 'see docs/spec').replace(/\.$/, '');
  const examples = (schema.examples ?? []).map((example) =>
    typeof example === 'string' ? example : JSON.stringify(example),
  );
  const lower = text.slice(0, 1).toLowerCase() + text.slice(1);
  if (examples.every((example) => text.includes(example))) return lower;
  return `${lower}; such as ${alternatives(examples)}`;
}

/** `a`, `a or b`, `a, b or c`. */
function alternatives(texts: readonly string[]): string {
  const last = texts.at(-1) ?? '';
  return texts.length < 2 ? last : `${texts.slice(0, -1).join(', ')} or ${last}`;
}

function typeWords(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'a map';
  return `a ${typeof value}`;
}

/** A value as it may stand in a sentence: short, and in quotes when it is text. */
function words(value: unknown, quotes = true): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'a map';
  const text = String(value);
  const short = text.length > VALUE_WORDS_MAX ? `${text.slice(0, VALUE_WORDS_MAX)}…` : text;
  return typeof value === 'string' && quotes ? JSON.stringify(short) : short;
}
