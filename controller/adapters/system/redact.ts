/**
 * What must not stand in a log: values under names that sound like secrets, and credentials inside URLs.
 *
 * A safety net under the rule that no secret's value is handed to the log in the first place: it knows names and shapes,
 * not values.
 */

const SECRET_NAME =
  /(?:pass(?:word|wd|phrase)?|secrets?|tokens?|api[-_]?key|private[-_]?key|authorization|cookies?|credentials?)$/i;
const URL_CREDENTIALS = /(?<=:\/\/)[^\s/@]+(?=@)/g;
const REDACTED = '[redacted]';
const DEPTH_MAX = 8;

/** The text without credentials in URLs. */
export function redactText(text: string): string {
  return text.replaceAll(URL_CREDENTIALS, REDACTED);
}

/** A copy fit for a log: plain data, errors as their message and stack, at most eight levels deep. */
export function redactFields(
  fields: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return redactMembers(fields, 1);
}

function redactMembers(value: object, depth: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      SECRET_NAME.test(name) && isTelling(member) ? REDACTED : redactValue(member, depth + 1),
    ]),
  );
}

/** Whether something is told by it: that a password is missing may be said. */
function isTelling(value: unknown): boolean {
  return value !== undefined && value !== null && typeof value !== 'boolean';
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (depth > DEPTH_MAX) return '[too deep]';
  if (Array.isArray(value)) return value.map((member) => redactValue(member, depth + 1));
  if (value instanceof Error) return errorFields(value, depth);
  if (value instanceof Map) {
    const entries = [...(value as ReadonlyMap<unknown, unknown>)];
    return redactMembers(Object.fromEntries(entries.map(([k, v]) => [String(k), v])), depth);
  }
  if (value instanceof Set) return [...value].map((member) => redactValue(member, depth + 1));
  if (value instanceof Date) return value.toJSON();
  return redactMembers(value, depth);
}

function errorFields(error: Error, depth: number): Record<string, unknown> {
  const cause = error.cause === undefined ? {} : { cause: redactValue(error.cause, depth + 1) };
  return {
    name: error.name,
    message: redactText(error.message),
    ...('code' in error ? { code: error.code } : {}),
    stack: redactText(error.stack ?? ''),
    ...cause,
  };
}
