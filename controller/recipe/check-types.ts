/**
 * What of a compose file `docker stack deploy` refuses for the type or the form of its values: a number in quotes, a text
 * where a list has to be, a time without a unit. Found when the recipe is read, before anything is touched.
 *
 * The file is as Docker is given it: a variable is filled in, and is a number where Docker makes one of it.
 */
import type { RecipeProblem } from '../model/recipe.ts';
import { lineOf, type ComposeFile } from './compose-file.ts';
import { COMPOSE_SHAPE, type Kind, type Shape } from './compose-shapes.ts';
import { membersOf, textOf } from './yaml-value.ts';

interface Found {
  readonly path: readonly string[];
  /** Behind the path. */
  readonly message: string;
  readonly instead?: string | undefined;
}

/** As articles and nouns. */
const WORDS: Readonly<Record<Kind, string>> = {
  text: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  nothing: 'nothing',
  list: 'a list',
  map: 'a map',
};
const SHOWN_MAX = 40;
/** What people may call a service, a volume, a secret. */
const NAME = /^[\w.-]+$/;

/** In the order of the file. Never throws. */
export function checkTypes(file: ComposeFile): readonly RecipeProblem[] {
  if (file.document === undefined) return [];
  return visit(file.content, COMPOSE_SHAPE, []).map((found) => ({
    ...{ file: file.path, line: lineOf(file, found.path) },
    message: sentence(found),
  }));
}

function sentence({ path, message, instead }: Found): string {
  const [section, name, ...inside] = path;
  if (section !== 'services' || name === undefined) return `${path.join('.')} ${message}`;
  return `service ${name}: ${instead ?? [inside.join('.'), message].join(' ').trimStart()}`;
}

function visit(value: unknown, shape: Shape, path: readonly string[]): readonly Found[] {
  const kinds = kindsOf(value);
  const { instead } = shape;
  if (!kinds.some((kind) => shape.kinds.includes(kind))) {
    return [{ path, message: wrongKind(value, shape), instead }];
  }
  if (Array.isArray(value)) return visitList(value, shape, path);
  if (value instanceof Map) return visitMap(value, shape, path);
  const isForm = shape.format?.takes(textOf(value) ?? '') ?? true;
  return isForm
    ? []
    : [
        {
          path,
          message: `is ${shown(value)}, and Docker takes ${shape.format?.wanted ?? ''} there`,
        },
      ];
}

function visitList(
  list: readonly unknown[],
  shape: Shape,
  path: readonly string[],
): readonly Found[] {
  const found = list.flatMap((member, index) => {
    if (shape.members === undefined) return [];
    return visit(member, shape.members, [...path, String(index)]).map((one) => ({
      ...one,
      instead: one.instead ?? shape.instead,
    }));
  });
  if (shape.isSet !== true || found.length > 0) return found;
  const seen = new Set<string>();
  return list.flatMap((member, index) => {
    const key = JSON.stringify(member, (_, inner: unknown) =>
      inner instanceof Map ? [...inner].sort() : inner,
    );
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    const message = 'is there twice in its list, and Docker takes nothing twice there';
    return [{ path: [...path, String(index)], message }];
  });
}

function visitMap(value: unknown, shape: Shape, path: readonly string[]): readonly Found[] {
  const members = membersOf(value);
  const missing = (shape.needs ?? []).filter((key) => !members.some(([name]) => name === key));
  const found = [
    ...missing.map((key) => ({ path, message: `has no ${key}, and Docker needs one there` })),
    ...members.flatMap(([key, member]) => visitMember(key, member, shape, path)),
  ];
  const conflict = found.length > 0 ? undefined : shape.conflict?.(value);
  return conflict === undefined ? found : [{ path, message: conflict }];
}

function visitMember(
  key: string,
  member: unknown,
  shape: Shape,
  path: readonly string[],
): readonly Found[] {
  const at = [...path, key];
  if (shape.isNamed === true && !NAME.test(key)) {
    const message = 'is no name that Docker takes: letters, digits, dots, - and _';
    return [{ path: at, message }];
  }
  const inner = Object.hasOwn(shape.fields ?? {}, key) ? shape.fields?.[key] : shape.others;
  return inner === undefined ? [] : visit(member, inner, at);
}

/** Of a whole number both. */
function kindsOf(value: unknown): readonly Kind[] {
  if (value === null || value === undefined) return ['nothing'];
  if (Array.isArray(value)) return ['list'];
  if (value instanceof Map) return ['map'];
  if (typeof value === 'boolean') return ['boolean'];
  if (typeof value === 'number') {
    return Number.isInteger(value) ? ['integer', 'number'] : ['number'];
  }
  // Docker reads these as numbers, and newer YAML as texts.
  const isOldNumber = /^[+-]?(?:0b[01_]+|\d[\d_]*_[\d_]*)$/.test(textOf(value) ?? '');
  return isOldNumber ? ['text', 'integer', 'number'] : ['text'];
}

function wrongKind(value: unknown, shape: Shape): string {
  const wanted = shape.kinds.filter((kind) => kind !== 'nothing').map((kind) => WORDS[kind]);
  return `is ${shown(value)}, and Docker takes ${wanted.join(' or ')} there${hint(value, shape)}`;
}

/** For the usual mistake: a scalar of another type. */
function hint(value: unknown, { kinds }: Shape): string {
  const isPlain = typeof value === 'number' || typeof value === 'boolean';
  if (isPlain && kinds.includes('text')) return ': put it in quotes';
  if (typeof value !== 'string') return '';
  const isNumber = kinds.includes('integer') || kinds.includes('number');
  const isQuoted =
    (isNumber && /^[+-]?\d+(?:\.\d+)?$/.test(value)) ||
    (kinds.includes('boolean') && /^(?:true|false)$/i.test(value));
  return isQuoted ? ': write it without quotes' : '';
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Map) return 'a map';
  if (typeof value !== 'string') return textOf(value) ?? '';
  const text = value.length > SHOWN_MAX ? `${value.slice(0, SHOWN_MAX)}…` : value;
  return text === '' ? 'an empty text' : `the text \`${text}\``;
}
