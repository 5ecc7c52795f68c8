/**
 * One document by itself: is it an object, which one, and what is wrong with it. Nothing across
 * objects (link.ts).
 */
import type { ErrorObject } from 'ajv/dist/2020.js';
import type { DesiredObject } from '../model/desired-types.gen.ts';
import type { Kind, Source } from '../model/desired.ts';
import { parseAppName } from '../model/names.ts';
import type { SpecProblem } from '../model/spec-problem.ts';
import { checkObject } from './check-object.ts';
import type { Finding } from './finding.ts';
import { pathOfPointer, rangeAt, valueAt, type Path } from './locate.ts';
import type { ParsedDocument } from './parse.ts';
import { problemAt, type Complaint } from './problem.ts';
import { complaintOf, missingButMistyped, type SchemaError } from './schema-complaint.ts';
import { KINDS, parseKind, validatorOf } from './schemas.ts';
import { positionOf } from './source-text.ts';
import { placeKey, type SoundFields } from './sound-fields.ts';
import { nearest } from './suggest.ts';

/** Which object a document is about. */
export interface Identity {
  readonly kind: Kind;
  readonly name: string;
}

/** A document after validation. */
export interface ValidatedDocument {
  readonly parsed: ParsedDocument;
  readonly source: Source;
  /** Undefined when kind or name cannot be told. */
  readonly identity: Identity | undefined;
  /**
   * The object, when its form allows further questions. Its form is right but for fields that
   * nobody knows, which are problems and otherwise ignored.
   */
  readonly object: DesiredObject | undefined;
  /** What can be compared with other objects; undefined when the YAML is wrong or the kind cannot be told. */
  readonly fields: SoundFields | undefined;
  readonly problems: readonly SpecProblem[];
}

/** What one document says, and everything wrong with it. */
export function validateDocument(parsed: ParsedDocument): ValidatedDocument {
  const { start } = rangeAt(parsed.document, []);
  const { line } = positionOf(parsed.source, start);
  const source = { file: parsed.source.file, line };
  const identity = identityOf(parsed.value);
  const base = { parsed, source, identity, object: undefined, fields: undefined };
  if (parsed.problems.length > 0) return { ...base, problems: parsed.problems };
  const kind = parseKind(valueAt(parsed.value, ['kind']));
  if (kind === undefined) return { ...base, problems: [withoutKind(parsed)] };
  const errors = errorsOf(kind, parsed.value);
  const usable = errors.every(({ keyword }) => keyword === 'additionalProperties');
  const told = errors.filter((error) => !missingButMistyped(error, errors));
  const object = usable ? (parsed.value as DesiredObject) : undefined;
  const findings = [
    ...told.map(({ path, at, ...error }) => ({
      path,
      at,
      complaint: complaintOf({ path, at, ...error }, parsed.document, kind),
    })),
    ...(object === undefined ? [] : checkObject(object)),
  ];
  const wrong = new Set(
    errors.flatMap(({ keyword, path }) => (keyword === 'required' ? [] : [placeKey(path)])),
  );
  return {
    ...base,
    object,
    fields: { kind, value: parsed.value, wrong },
    problems: findings.map((finding) => problemOf(parsed, finding)),
  };
}

/** A finding about a document, at its place. */
export function problemOf(parsed: ParsedDocument, finding: Finding): SpecProblem {
  const { path, at, complaint } = finding;
  return problemAt(parsed.source, rangeAt(parsed.document, path, at), complaint);
}

function identityOf(value: unknown): Identity | undefined {
  const kind = parseKind(valueAt(value, ['kind']));
  const name = valueAt(value, ['metadata', 'name']);
  // Names of all kinds have one form; which brand is asked makes no difference.
  if (kind === undefined || typeof name !== 'string' || parseAppName(name) === undefined) {
    return undefined;
  }
  return { kind, name };
}

/** The document is no object of ours at all: says what it is instead. */
function withoutKind(parsed: ParsedDocument): SpecProblem {
  const { value } = parsed;
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  const kind = valueAt(value, ['kind']);
  const path: Path = kind === undefined ? [] : ['kind'];
  return problemAt(parsed.source, rangeAt(parsed.document, path), complaint());

  function complaint(): Complaint {
    if (!isMap) {
      return {
        code: 'not-an-object',
        message: `this is ${Array.isArray(value) ? 'a list' : 'a single value'}, and not an object`,
        hint: 'an object has the fields apiVersion, kind, metadata and spec; several are parted by a line ---',
      };
    }
    const meant = typeof kind === 'string' ? nearest(kind, KINDS) : undefined;
    const hint = meant === undefined ? `kinds are ${KINDS.join(', ')}` : `did you mean ${meant}?`;
    if (kind === undefined) {
      return { code: 'missing-field', message: 'the object is missing the field kind', hint };
    }
    return { code: 'unknown-kind', message: `there is no kind ${JSON.stringify(kind)}`, hint };
  }
}

/** The schema's errors, one for each mistake, with paths. */
function errorsOf(kind: Kind, value: unknown): readonly SchemaError[] {
  const validate = validatorOf(kind);
  if (validate(value)) return [];
  const errors = (validate.errors ?? [])
    // These only say that something below them is wrong, which has an error of its own.
    .filter(({ keyword }) => keyword !== 'if' && keyword !== 'propertyNames')
    .map((error) => schemaError(error, value));
  return oneForEachPlace(errors);
}

function schemaError(error: ErrorObject, value: unknown): SchemaError {
  const parent = pathOfPointer(error.instancePath, value);
  const params = error.params as Readonly<Record<string, unknown>>;
  const field = error.propertyName ?? params['additionalProperty'];
  const path = typeof field === 'string' ? [...parent, field] : parent;
  const onKey = typeof field === 'string' || error.keyword === 'required';
  return {
    keyword: error.keyword,
    path,
    at: onKey ? 'key' : 'value',
    aboutName: error.propertyName !== undefined,
    value: error.propertyName ?? valueAt(value, path),
    params,
    schema: (error.parentSchema ?? {}) as SchemaError['schema'],
    parent: valueAt(value, path.slice(0, -1)),
  };
}

/** The strongest first: what has the wrong type also breaks every rule of its form. */
const STRENGTH = ['type', 'false schema', 'const', 'enum', 'maxLength', 'maxItems', 'pattern'];

function oneForEachPlace(errors: readonly SchemaError[]): readonly SchemaError[] {
  const strength = ({ keyword }: SchemaError): number =>
    STRENGTH.includes(keyword) ? STRENGTH.indexOf(keyword) : STRENGTH.length;
  const kept = new Map<string, SchemaError>();
  for (const error of errors) {
    // Several fields may be missing from, or unknown in, one place.
    const many = error.keyword === 'required' ? error.params['missingProperty'] : '';
    const place = JSON.stringify([error.path, error.at, many]);
    const other = kept.get(place);
    if (other === undefined || strength(error) < strength(other)) kept.set(place, error);
  }
  return [...kept.values()];
}
