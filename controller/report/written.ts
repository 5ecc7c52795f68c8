/**
 * What people wrote of an object, defaults filled in, as a flat list for people. Environment variables are listed by
 * name and never by value: a value may be a secret.
 */
import type { Desired, Kind, Source } from '../model/desired.ts';
import { scrub } from './scrub.ts';
import { bytes, count, duration } from './text.ts';

export interface Written {
  readonly source: Source;
  /** `recipe` → `guestbook`, `gate.minAge` → `0 s`: fields as in the YAML, in words. */
  readonly fields: readonly (readonly [field: string, value: string])[];
}

/** Undefined where the desired state has no valid object of that name. */
export function writtenOf(desired: Desired, kind: Kind, name: string): Written | undefined {
  const object = objectOf(desired, kind, name);
  if (object === undefined) return undefined;
  const { source, name: _, ...rest } = object;
  return { source, fields: Object.entries(rest).flatMap(([field, value]) => rowsOf(field, value)) };
}

type Objects = ReadonlyMap<string, { readonly name: string; readonly source: Source }>;

function objectOf(
  desired: Desired,
  kind: Kind,
  name: string,
): { readonly name: string; readonly source: Source } | undefined {
  const maps: Readonly<Record<Exclude<Kind, 'Settings'>, Objects>> = {
    Recipe: desired.recipes,
    WarmApp: desired.warmApps,
    Canonical: desired.canonicals,
    Run: desired.runs,
    Sweep: desired.sweeps,
  };
  if (kind !== 'Settings') return maps[kind].get(name);
  return desired.settings.name === name ? desired.settings : undefined;
}

type Row = readonly [string, string];

function rowsOf(field: string, value: unknown): readonly Row[] {
  if (value === undefined) return [];
  if (field === 'env' || field.endsWith('.env')) return [[field, variablesOf(value)]];
  if (Array.isArray(value)) return [[field, listed(value)]];
  if (typeof value === 'number' && field.endsWith('Ms')) {
    return [[field.slice(0, -2), duration(value)]];
  }
  if (typeof value === 'number' && field.endsWith('Bytes')) {
    return [[field.slice(0, -5), bytes(value)]];
  }
  if (!isObject(value)) return [[field, plainValue(value)]];
  if ('kind' in value) return [[field, variant(value)]];
  return Object.entries(value).flatMap(([part, inner]) => rowsOf(`${field}.${part}`, inner));
}

function variablesOf(env: unknown): string {
  const names = isObject(env) ? Object.keys(env).sort() : [];
  return names.length === 0 ? 'none' : `${count(names.length, 'variable')}: ${names.join(', ')}`;
}

/** `latest`, the tag that is pinned, `previous`: one of several forms, in its own word. */
function variant(value: Readonly<Record<string, unknown>>): string {
  const { kind, ...rest } = value;
  const [first] = Object.values(rest);
  return typeof first === 'string' ? scrub(first) : String(kind);
}

/** Plain values as they are, objects by their name, else by what kind they are. */
function listed(values: readonly unknown[]): string {
  if (values.length === 0) return 'none';
  return values
    .map((value) => {
      if (!isObject(value)) return plainValue(value);
      const label = value['name'] ?? value['kind'] ?? Object.values(value)[0];
      return plainValue(label);
    })
    .join(', ');
}

function plainValue(value: unknown): string {
  return scrub(typeof value === 'string' ? value : JSON.stringify(value));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
