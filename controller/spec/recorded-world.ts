/**
 * A recorded world as text, and back: checked against its schema on both ways.
 *
 * Nothing here touches a file. What does not conform is never planned against in part (L1). A member that the schema does
 * not name is not refused and not read: a world that a newer ci-warm recorded can be planned against by an older one, as
 * its state files can be read, and no decision is made from what is not known here.
 */
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import appliedDesired from '../../schema/state/applied-desired.schema.json' with { type: 'json' };
import common from '../../schema/state/common.schema.json' with { type: 'json' };
import journalRecord from '../../schema/state/journal-record.schema.json' with { type: 'json' };
import orphan from '../../schema/state/orphan.schema.json' with { type: 'json' };
import quarantine from '../../schema/state/quarantine.schema.json' with { type: 'json' };
import request from '../../schema/state/request.schema.json' with { type: 'json' };
import snapshotManifest from '../../schema/state/snapshot-manifest.schema.json' with { type: 'json' };
import schema from '../../schema/world/recorded-world.schema.json' with { type: 'json' };
import type { RecordedWorld } from '../model/recorded-world.ts';

const API_VERSION = 'ci-warm.dev/v1';
const KIND = 'RecordedWorld';

/** How many mistakes of one file are told. */
const COMPLAINTS_MAX = 20;

/** The file's text. `problems`: it would break its own schema, and nothing may be written. */
export function recordedWorldText(
  world: RecordedWorld,
): { readonly text: string } | { readonly problems: readonly string[] } {
  const whole = { apiVersion: API_VERSION, kind: KIND, ...world };
  const text = `${JSON.stringify(whole)}\n`;
  const problems = problemsOf(JSON.parse(text));
  return problems.length === 0 ? { text } : { problems };
}

/** What such a text says, or what is wrong with it: where, and never with which value. Never throws. */
export function parseRecordedWorld(
  text: string,
): { readonly world: RecordedWorld } | { readonly problems: readonly string[] } {
  const value = jsonOf(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { problems: ['it is not a JSON object; it may have been cut short'] };
  }
  const { apiVersion, kind, ...world } = value as Readonly<Record<string, unknown>>;
  if (kind !== KIND) {
    return { problems: [`it is no recorded world: its kind is not ${KIND}`] };
  }
  if (apiVersion !== API_VERSION) {
    return { problems: [`it is of another version of the format than ${API_VERSION}`] };
  }
  const problems = problemsOf(value);
  // The schema, and the places of the texts, have just said that it has this form.
  return problems.length === 0 ? { world: world as unknown as RecordedWorld } : { problems };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

let compiled: ValidateFunction | undefined;

function problemsOf(value: unknown): readonly string[] {
  compiled ??= compile();
  if (!compiled(value)) {
    // That a branch does not match says nothing beside what is wrong in it.
    const errors = (compiled.errors ?? []).filter(
      ({ keyword, params }) => keyword !== 'if' && keyword !== 'anyOf' && params['type'] !== 'null',
    );
    return errors.slice(0, COMPLAINTS_MAX).map(complaint);
  }
  const { recipes, texts } = value as RecordedWorld;
  return recipes
    .filter(({ files }) => {
      const all = files.known ? Object.values(files.value) : [];
      return all.some((of) => Object.values(of ?? {}).some((place) => place >= texts.length));
    })
    .map(({ name }) => `/texts lacks files of the recipe ${name}; it may have been cut`);
}

function compile(): ValidateFunction {
  const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true, logger: false });
  formats.default(ajv);
  const shared = [appliedDesired, journalRecord, orphan, quarantine, request, snapshotManifest];
  ajv.addSchema([common, ...shared]);
  return ajv.compile(schema);
}

/** Where and what, without the value: it may be what a log should not hold. */
function complaint({ instancePath, keyword, message, params }: ErrorObject): string {
  if (keyword === 'required') {
    return `${instancePath}/${String(params['missingProperty'])} is missing`;
  }
  const where = instancePath === '' ? 'the whole' : instancePath;
  return `${where} ${message ?? 'is wrong'}`;
}
