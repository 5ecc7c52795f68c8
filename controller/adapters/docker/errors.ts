/**
 * The one table from what the Docker Engine says to what a caller may do about it.
 *
 * The Engine's status codes are coarse (a network in use is 400 or 403, a stale version and a missing leader are both
 * 500), so rows look at the text as well. The first row that fits decides. What no row knows is `no-answer` when it is
 * the Engine's own fault (5xx): such an answer says nothing about the world (L1).
 */
import { CiWarmError } from '../../model/failure.ts';
import type { FailureCode } from '../../model/failure.ts';
import { DeadlineError } from './deadline.ts';

interface Row {
  /** Undefined: any. */
  readonly statuses: readonly number[] | undefined;
  readonly text: RegExp;
  readonly code: FailureCode;
  /** What to do next: a sentence. */
  readonly advice: string;
}

const noLeader = 'Nothing is decided until the Swarm has a leader again.';
const registry = 'See whether this host reaches the image registry.';
const login =
  'The registry does not let this host have it: `docker login` as the user that runs ci-warm, or see whether the image exists.';
const image = 'See whether the image exists, and whether it was pushed under this name.';
const inUse = 'Something still uses it.';
const registrySilent =
  /dial tcp|connection refused|connection reset|no such host|server misbehaving|i\/o timeout|handshake timeout|client\.timeout|request canceled|unexpected http status: 5\d\d|toomanyrequests|: EOF/i;

const answers: readonly Row[] = [
  {
    statuses: undefined,
    text: /no space left on device|disk quota exceeded/i,
    code: 'disk-full',
    advice: 'Make room where Docker keeps its data (`docker system df`).',
  },
  {
    statuses: [400],
    text: /client version .* is too (?:new|old)/i,
    code: 'no-answer',
    advice: 'This version of ci-warm and this Docker Engine have no API version in common.',
  },
  {
    statuses: undefined,
    text: /does not have a leader|lost leader status|no elected (?:primary )?(?:cluster )?(?:manager|leader)/i,
    code: 'no-answer',
    advice: noLeader,
  },
  {
    statuses: undefined,
    text: /not a swarm manager|not part of a swarm/i,
    code: 'no-answer',
    advice: 'Make this host a Swarm manager: `docker swarm init`.',
  },
  {
    statuses: undefined,
    text: /code = (?:Unavailable|DeadlineExceeded|Canceled)|context (?:deadline exceeded|canceled)/i,
    code: 'no-answer',
    advice: noLeader,
  },
  {
    statuses: undefined,
    text: /update out of sequence/i,
    code: 'conflict',
    advice: 'Somebody else changed it at the same time: it is read again and planned again.',
  },
  {
    statuses: undefined,
    text: registrySilent,
    code: 'no-answer',
    advice: registry,
  },
  {
    statuses: undefined,
    text: /pull access denied|access to the resource is denied|unauthorized|authentication required|no basic auth credentials/i,
    code: 'registry-denied',
    advice: login,
  },
  {
    statuses: undefined,
    text: /no such image|manifest unknown|manifest for .* not found|name unknown|repository .* not found|no matching manifest|invalid reference format/i,
    code: 'image-missing',
    advice: image,
  },
  { statuses: [409], text: /(?:)/, code: 'conflict', advice: inUse },
  {
    statuses: [400, 403, 500],
    text: /in use|active endpoints|already exists|name conflicts/i,
    code: 'conflict',
    advice: inUse,
  },
];

/** A registry's answer may be a whole page, and the work of the patterns grows faster than the text. */
const JUDGED_LENGTH_MAX = 4000;

const notReached: Readonly<Record<string, string>> = {
  ENOENT: 'There is no Docker Engine at that address: start it, or set DOCKER_HOST.',
  ECONNREFUSED: 'There is no Docker Engine at that address: start it, or set DOCKER_HOST.',
  EACCES:
    'This user may not use it: run as root, or as a member of the group that owns the socket.',
  EPERM: 'This user may not use it: run as root, or as a member of the group that owns the socket.',
};
const elsewise = 'See whether the Docker Engine is well: `docker info`.';

/** What was thrown by a call as the error that edges throw. `what`: what was being done, as in "list services". */
export function toFailure(what: string, thrown: unknown, signal: AbortSignal): CiWarmError {
  if (thrown instanceof CiWarmError) return thrown;
  if (signal.aborted) return new CiWarmError('aborted', `Docker: ${what}: stopped`, thrown);
  const status = statusOf(thrown);
  const text = textOf(thrown);
  if (status === undefined) {
    const advice =
      thrown instanceof DeadlineError ? elsewise : (notReached[errnoOf(thrown) ?? ''] ?? elsewise);
    return new CiWarmError('no-answer', `Docker: ${what}: ${text}. ${advice}`, thrown);
  }
  const { code, advice } = judge(status, text);
  return new CiWarmError(code, `Docker: ${what}: ${text} (${String(status)}). ${advice}`, thrown);
}

/** The table alone, for errors that come inside a stream and have no status of their own (`status` 0). */
export function judge(
  status: number,
  text: string,
): { readonly code: FailureCode; readonly advice: string } {
  const beginning = text.slice(0, JUDGED_LENGTH_MAX);
  const row = answers.find(
    ({ statuses, text: pattern }) =>
      (statuses === undefined || statuses.includes(status)) && pattern.test(beginning),
  );
  if (row !== undefined) return row;
  return status >= 500
    ? { code: 'no-answer', advice: elsewise }
    : { code: 'tool-failed', advice: elsewise };
}

/** Whether the Engine answered, and said that a registry did not. */
export function isRegistrySilent(thrown: unknown): boolean {
  if (!(thrown instanceof CiWarmError) || thrown.code !== 'no-answer') return false;
  return statusOf(thrown.cause) !== undefined && registrySilent.test(thrown.message);
}

/** Whether the Engine answered, and said that there is no such thing. Also through the error that wraps it. */
export function isNotFound(thrown: unknown): boolean {
  const original = thrown instanceof CiWarmError ? thrown.cause : thrown;
  return statusOf(original) === 404;
}

function statusOf(thrown: unknown): number | undefined {
  const status = (thrown as { readonly statusCode?: unknown } | null | undefined)?.statusCode;
  return typeof status === 'number' ? status : undefined;
}

function errnoOf(thrown: unknown): string | undefined {
  const code = (thrown as { readonly code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

/** The Engine's own words, without the frame that the library puts around them. */
function textOf(thrown: unknown): string {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const framed = /^\(HTTP code \d+\) .*? - (?<words>.*)$/s.exec(message.trim())?.groups?.['words'];
  return (framed ?? message).trim().replace(/\.$/, '');
}
