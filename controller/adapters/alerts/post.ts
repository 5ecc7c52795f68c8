/**
 * One POST of JSON, for what came of it alone.
 *
 * Redirects are not followed: a signature or a token must not go to a host that nobody named. What the other side answers
 * is not read, and what went wrong is told by code, since messages of the network name hosts, and here a host is part of
 * a secret.
 */
import { request as requestPlain, type IncomingHttpHeaders, type RequestOptions } from 'node:http';
import { request as requestSecure } from 'node:https';
import type { Sent } from '../../ports/alert-sinks.ts';
import { errorCode } from '../files/fs.ts';

/** From the first look-up to the answer's first line. */
const LIMIT_MS = 10_000;

export interface Post {
  readonly url: URL;
  readonly body: string;
  /** Beside those that every POST of JSON has. */
  readonly headers: Readonly<Record<string, string>>;
}

const DELIVERED: Sent = { kind: 'delivered' };

/** Delivered when the answer is a 2xx. Never throws. `limitMs` is there for tests. */
export async function postJson(
  { url, body, headers }: Post,
  signal: AbortSignal,
  limitMs = LIMIT_MS,
): Promise<Sent> {
  const { promise, resolve } = Promise.withResolvers<Sent>();
  const failed = (why: string, retryAfterMs?: number): void => {
    const later = retryAfterMs === undefined ? {} : { retryAfterMs };
    resolve({ kind: 'failed', why, ...later });
  };
  const options: RequestOptions = {
    method: 'POST',
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(Buffer.byteLength(body)),
      'user-agent': 'ci-warm',
      accept: '*/*',
      ...headers,
    },
    // A connection of its own: tries are rare, and a kept one may be dead without our knowing.
    agent: false,
    signal,
  };
  const request = url.protocol === 'https:' ? requestSecure : requestPlain;
  const call = request(url, options, (response) => {
    const status = response.statusCode ?? 0;
    if (status >= 200 && status < 300) resolve(DELIVERED);
    else failed(wordsFor(status), asksToWait(status, response.headers));
    response.destroy();
  });
  const timer = setTimeout(() => {
    failed(`no answer within ${String(limitMs / 1000)} s`);
    call.destroy();
  }, limitMs);
  call.on('error', (error) => {
    failed(`no answer (${errorCode(error) ?? 'the connection broke'})`);
  });
  call.end(body);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}

/** `Retry-After` of the two answers that have one: seconds, or a time by the other side's own clock. */
function asksToWait(status: number, headers: IncomingHttpHeaders): number | undefined {
  if (status !== 429 && status !== 503) return undefined;
  const after = headers['retry-after']?.trim() ?? '';
  if (/^\d{1,9}$/.test(after)) return Number(after) * 1000;
  const untilMs = Date.parse(after);
  if (Number.isNaN(untilMs)) return undefined;
  const theirMs = Date.parse(headers.date ?? '');
  return Math.max(0, untilMs - (Number.isNaN(theirMs) ? Date.now() : theirMs));
}

function wordsFor(status: number): string {
  return status >= 300 && status < 400
    ? `it answers with the redirect ${String(status)}, which is not followed: the file has to hold the final URL`
    : `it answers with status ${String(status)}`;
}
