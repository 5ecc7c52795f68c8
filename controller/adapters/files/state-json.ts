/**
 * JSON state files as text: the members that all of them carry, and the check against the schema on both ways.
 *
 * Nothing here touches a file. A file that does not conform is never read as "nothing there": its reader gets Unknown
 * with the way out.
 */
import { CiWarmError } from '../../model/failure.ts';
import { known, unknown, type Known } from '../../model/known.ts';
import type { CheckState, StateFileKind, StateFiles } from '../../model/state-file.ts';

export interface StateJson {
  /**
   * The file's text: `apiVersion` and `observedRevision` first, then the value's own members.
   * Errors: `state-invalid` when it would not conform to its schema; then nothing may be written.
   */
  encode<Kind extends StateFileKind>(kind: Kind, value: StateFiles[Kind]): string;
  /** What a file of that path and text holds. Never throws. */
  decode<Kind extends StateFileKind>(
    kind: Kind,
    path: string,
    content: Buffer,
  ): Known<StateFiles[Kind]>;
}

const API_VERSION = 'ci-warm.dev/v1';

/** Kinds of which a controller makes a damaged file anew: they only tell what stands elsewhere. */
const derived: ReadonlySet<StateFileKind> = new Set([
  'object-status',
  'status-index',
  'controller',
  'alert-ledger',
]);

/** `revision`: what desired/ is now, for `observedRevision`; empty text while it was not read yet. */
export function createStateJson(check: CheckState, revision: () => string): StateJson {
  return {
    encode: (kind, value) => {
      const now = revision();
      const head = { apiVersion: API_VERSION, observedRevision: now === '' ? 'unknown' : now };
      const whole: object = { ...head, ...asObject(value) };
      const wrong = check(kind, whole);
      if (wrong.length === 0) return `${JSON.stringify(whole, null, 2)}\n`;
      const message = `will not write a ${kind} that breaks its own schema: ${wrong.join('; ')}; this is a mistake in ci-warm, please report it`;
      throw new CiWarmError('state-invalid', message);
    },
    decode: (kind, path, content) => {
      const say = derived.has(kind) ? damagedButDerived : damaged;
      const whole = parseJson(content);
      if (!isObject(whole)) return unknown(say(path, 'it is not a JSON object'));
      const wrong = check(kind, whole);
      if (wrong.length > 0)
        return unknown({ why: say(path, inShort(wrong)), details: inFull(wrong) });
      return known(withoutHead(kind, whole));
    },
  };
}

/** What breaks a schema, for a sentence: the first shows what happened, and the others mostly follow from it. */
export function inShort([first = 'it is wrong', ...others]: readonly string[]): string {
  return others.length === 0 ? first : `${first} (and more)`;
}

/** The same for whoever looks closer; nothing where the sentence says it all. */
export function inFull(wrong: readonly string[]): readonly string[] {
  return wrong.length > 1 ? wrong : [];
}

/** The one sentence about a damaged file: what is wrong, that nothing was done, and the way out. */
export function damaged(path: string, why: string): string {
  return `${path} is damaged: ${why}. Nothing is decided from it and nothing is written over it: repair it, or move it away if what it says no longer counts`;
}

/** The same of a file that only tells. What the controller moves aside of these, its log names. */
function damagedButDerived(path: string, why: string): string {
  return `${path} is damaged: ${why}. Nothing is decided from it and nothing is lost with it: a running controller writes it anew`;
}

/** The value of a JSON text, or undefined for what is none. */
export function parseJson(content: Buffer | string): unknown {
  try {
    return JSON.parse(content.toString()) as unknown;
  } catch {
    return undefined;
  }
}

/**
 * The members that the type knows. A status carries the two itself. The one place where a checked value gets its type:
 * the schema has just said that it has this form.
 */
function withoutHead<Kind extends StateFileKind>(kind: Kind, whole: object): StateFiles[Kind] {
  if (kind === 'object-status') return whole as StateFiles[Kind];
  const members = Object.entries(whole).filter(
    ([name]) => name !== 'apiVersion' && name !== 'observedRevision',
  );
  return Object.fromEntries(members) as unknown as StateFiles[Kind];
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asObject(value: unknown): object {
  return isObject(value) ? value : {};
}
