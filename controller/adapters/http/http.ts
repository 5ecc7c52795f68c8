/** One GET, of a task itself or of the proxy in front of it: its status, its headers and the beginning of its body. */
import { request as overHttp, type IncomingMessage } from 'node:http';
import { request as overHttps } from 'node:https';
import type { HttpQuestion } from '../../model/desired.ts';
import { reasonOf } from '../../model/failure.ts';
import { green, red, unknown } from './answer.ts';
import type { Answer } from './answer.ts';

/** A probe that takes longer is red. */
export const probeLimitMs = 5_000;
/** What is searched of a body: an app that sends for ever must not keep the probe, nor fill the memory. */
const bodyBytesMax = 262_144;
/** What is read of headers: apps that send many cookies have more than Node's own 16 KiB. */
const headerBytesMax = 65_536;

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** Who is asked. That a proxy cannot be reached is not the app's fault (L1); that a task cannot be, is. */
export interface Door extends Endpoint {
  readonly of: 'task' | 'proxy';
  readonly scheme: 'http' | 'https';
}

/**
 * Green when status, headers and body are all as the probe wants them. The app is asked under its own name, as browsers
 * would; redirects are not followed. No certificate is verified: the way goes over this host alone, and test hosts have
 * certificates of no authority.
 */
export async function askHttp(
  door: Door,
  question: HttpQuestion,
  domain: string,
  signal: AbortSignal,
): Promise<Answer> {
  const { promise, resolve } = Promise.withResolvers<Answer>();
  let isConnected = false;
  const call = startCall(door, question.path, domain, signal);
  const timer = setTimeout(() => {
    call.destroy(new Error(`no answer within ${String(probeLimitMs / 1000)} s`));
  }, probeLimitMs);
  const onError = (error: unknown): void => {
    const why = whyOf(error);
    if (signal.aborted) resolve(unknown('the probe was stopped'));
    else if (door.of === 'task' || isConnected) resolve(red(why));
    else resolve(unknown(`the proxy cannot be asked at port ${String(door.port)}: ${why}`));
  };
  call.on('socket', (socket) => {
    socket.on(door.scheme === 'https' ? 'secureConnect' : 'connect', () => {
      isConnected = true;
    });
  });
  call.on('response', (response) => {
    judge(response, question).then(resolve, onError);
  });
  // Nobody asked for another protocol. Unheard, it would be the end of the call without a word, not even of the time.
  call.on('upgrade', ({ statusCode }, socket) => {
    socket.destroy();
    resolve(red(`status ${String(statusCode)}, and no answer`));
  });
  call.on('error', onError);
  call.end();
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    call.destroy();
  }
}

function startCall(
  door: Door,
  path: string,
  domain: string,
  signal: AbortSignal,
): ReturnType<typeof overHttp> {
  const options = {
    host: door.address,
    port: door.port,
    path: escapedPath(path),
    method: 'GET',
    headers: { host: domain, 'user-agent': 'ci-warm', accept: '*/*' },
    // A connection of its own: a kept one says that the app lived a moment ago.
    agent: false,
    maxHeaderSize: headerBytesMax,
    signal,
  } as const;
  return door.scheme === 'https'
    ? overHttps({ ...options, servername: domain, rejectUnauthorized: false })
    : overHttp(options);
}

/** The parser's own words for it tell nobody what to look at. */
function whyOf(error: unknown): string {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'HPE_HEADER_OVERFLOW'
    ? `the headers of its answer are larger than the ${String(headerBytesMax / 1024)} KiB that a probe reads`
    : reasonOf(error);
}

/** As browsers send it. What is escaped stays as it is. */
function escapedPath(path: string): string {
  return path.toWellFormed().replace(/[^\x21-\x7e]+/g, encodeURIComponent);
}

async function judge(response: IncomingMessage, question: HttpQuestion): Promise<Answer> {
  const status = response.statusCode ?? 0;
  if (!isWanted(status, question)) return red(`status ${String(status)}`);
  for (const [name, text] of Object.entries(question.headers)) {
    const value = [response.headers[name] ?? []].flat();
    if (value.length === 0) return red(`no header ${name}`);
    if (!value.join(', ').includes(text)) return red(`header ${name} does not contain "${text}"`);
  }
  const { body } = question;
  if (body === undefined || (await hasText(response, body))) return green;
  return red(`the body does not contain "${body}"`);
}

/** Reads no further than to the text, or to the bound. Throws when the body breaks off before. */
async function hasText(response: IncomingMessage, text: string): Promise<boolean> {
  let seen = '';
  let bytes = 0;
  response.setEncoding('utf8');
  for await (const chunk of response as AsyncIterable<string>) {
    seen += chunk;
    if (seen.includes(text)) return true;
    bytes += Buffer.byteLength(chunk);
    if (bytes >= bodyBytesMax) return false;
    // Only where the text may have begun is looked at again.
    seen = seen.slice(-text.length);
  }
  return false;
}

function isWanted(status: number, question: HttpQuestion): boolean {
  return question.status.some((wanted) =>
    typeof wanted === 'number' ? status === wanted : status >= wanted.from && status <= wanted.to,
  );
}
