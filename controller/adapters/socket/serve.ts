/**
 * The controller's end of the control socket: HTTP over a Unix socket in the state directory, one JSON object each way.
 *
 * Only the holder of the state directory's lock serves: so a socket that is there already was left by a process that
 * was killed, and is replaced. It is made in a folder that nobody else can enter, gets its mode there, and is moved to
 * its place by rename: at no time can anybody but the owner (and root) speak to it.
 */
import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { ControlAnswer, ControlRequest } from '../../model/control.ts';
import { CiWarmError, reasonOf } from '../../model/failure.ts';
import type { Control } from '../../ports/control.ts';
import type { Log } from '../../ports/log.ts';
import { SOCKET_NAME, withShortPath } from './place.ts';

/** Of the protocol; another one is another path. */
export const CONTROL_PATH = '/v1/control';

export interface ControlServer {
  /** Hangs up on everybody, and takes the socket away. May be repeated. */
  close(): Promise<void>;
}

export interface ServeOptions {
  /** Absolute. Its lock must be held. */
  readonly stateDir: string;
  readonly control: Control;
  /** The request, or what is wrong with it. */
  readonly parse: (value: unknown) => ControlRequest | readonly string[];
  readonly log: Log;
}

const BODY_BYTES_MAX = 16 * 1024;
const CONNECTIONS_MAX = 64;
/** For the question to arrive; answers take as long as transitions take. */
const QUESTION_TIMEOUT_MS = 10_000;
const HEADERS_BYTES_MAX = 8 * 1024;
const MAKING = '.control';

/** Errors: `tool-failed` where a socket cannot be made there. */
export async function serveControl(options: ServeOptions): Promise<ControlServer> {
  const { stateDir, log } = options;
  const server = createServer(
    {
      maxHeaderSize: HEADERS_BYTES_MAX,
      headersTimeout: QUESTION_TIMEOUT_MS,
      requestTimeout: QUESTION_TIMEOUT_MS,
    },
    (request, response) => {
      void answer(request, response, options);
    },
  );
  server.maxConnections = CONNECTIONS_MAX;
  const path = join(stateDir, SOCKET_NAME);
  const making = join(stateDir, MAKING);
  try {
    await rm(making, { recursive: true, force: true });
    await mkdir(making, { mode: 0o700 });
    await withShortPath(making, SOCKET_NAME, (short) => listen(server, short));
    await chmod(join(making, SOCKET_NAME), 0o600);
    await rename(join(making, SOCKET_NAME), path);
    await rm(making, { recursive: true, force: true });
  } catch (error) {
    server.close();
    throw new CiWarmError('tool-failed', `cannot make ${path}: ${reasonOf(error)}`, error);
  }
  // Without a listener one connection that cannot be accepted would end the controller.
  server.on('error', (error) => log.warn('the control socket', { why: error.message }));
  return {
    close: async () => {
      await rm(path, { force: true });
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      });
    },
  };
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}

/** Never throws: whoever asked gets the reason, or has hung up. */
async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { control, parse, log }: ServeOptions,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => {
    gone.abort(new CiWarmError('aborted', 'nobody waits for the answer any more'));
  });
  try {
    if (request.method !== 'POST' || request.url !== CONTROL_PATH) {
      say(response, 404, {
        message: `this controller knows POST ${CONTROL_PATH} and nothing else`,
      });
      return;
    }
    const body = await bodyOf(request);
    if (body === undefined) {
      say(response, 413, { message: `more than ${String(BODY_BYTES_MAX)} bytes` });
      return;
    }
    const asked = parse(body);
    if (Array.isArray(asked)) {
      say(response, 400, { message: asked.join('; ') });
      return;
    }
    say(response, 200, await control.handle(asked as ControlRequest, gone.signal));
  } catch (thrown) {
    if (gone.signal.aborted) return;
    log.error('a command could not be answered', { why: reasonOf(thrown) });
    say(response, 500, { message: reasonOf(thrown) });
  }
}

/** The body as JSON, or as text where it is none; undefined where there is too much of it. */
async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > BODY_BYTES_MAX) return undefined;
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString();
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function say(
  response: ServerResponse,
  status: number,
  value: ControlAnswer | { readonly message: string },
): void {
  if (response.destroyed) return;
  response
    .writeHead(status, { 'content-type': 'application/json', connection: 'close' })
    .end(`${JSON.stringify(value)}\n`);
}
