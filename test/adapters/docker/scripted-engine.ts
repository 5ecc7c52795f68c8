/** An Engine of a few lines on a socket of its own: answers what the test says, and remembers what it was asked. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { createConnection } from '../../../controller/adapters/docker/connect.ts';
import type { Connection } from '../../../controller/adapters/docker/connect.ts';

export interface Asked {
  readonly method: string;
  /** Without the API version; with the query. */
  readonly url: string;
  readonly path: string;
  readonly version: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A status and a body as JSON; or whatever is done with the response by hand. */
export type Reply =
  | { readonly status: number; readonly body: unknown }
  | ((response: ServerResponse, asked: Asked) => void);

/** `GET /services` → the reply. What is not listed is a 404. */
export type Script = Readonly<Record<string, Reply>>;

export interface ScriptedEngine {
  readonly connection: Connection;
  /** Without the pings that negotiate the version. */
  readonly asked: readonly Asked[];
  readonly pings: number;
  /** Other replies from now on. */
  answer(script: Script): void;
  close(): Promise<void>;
}

export function ok(body: unknown): Reply {
  return { status: 200, body };
}

export function failing(status: number, message: string): Reply {
  return { status, body: { message } };
}

/** Starts it; it says `apiVersion` to a ping. */
export async function startScriptedEngine(
  script: Script,
  apiVersion = '1.41',
): Promise<ScriptedEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'scripted-engine-'));
  const socketPath = join(folder, 'sock');
  const asked: Asked[] = [];
  let current = script;
  let pings = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.url === '/_ping') {
        pings += 1;
        response.writeHead(200, { 'Api-Version': apiVersion }).end('OK');
        return;
      }
      const one = toAsked(request, Buffer.concat(chunks).toString());
      asked.push(one);
      reply(current[`${one.method} ${one.path}`], response, one);
    });
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  return {
    connection: createConnection({ socketPath }),
    asked,
    get pings() {
      return pings;
    },
    answer(next) {
      current = next;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What starts them for the tests of a file or a `describe`; each test's are closed after it. */
export function useScriptedEngines(): typeof startScriptedEngine {
  const opened: ScriptedEngine[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((engine) => engine.close()));
  });
  return async (script, apiVersion) => {
    const engine = await startScriptedEngine(script, apiVersion);
    opened.push(engine);
    return engine;
  };
}

function toAsked(request: IncomingMessage, body: string): Asked {
  const [, version = '', url = ''] = /^\/(v[^/]+)(\/.*)$/.exec(request.url ?? '') ?? [];
  const path = decodeURIComponent(url.replace(/\?.*$/, ''));
  return { method: request.method ?? '', url, path, version, headers: request.headers, body };
}

function reply(found: Reply | undefined, response: ServerResponse, asked: Asked): void {
  if (typeof found === 'function') {
    found(response, asked);
    return;
  }
  const { status, body } = found ?? { status: 404, body: { message: 'page not found' } };
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(status === 204 ? undefined : JSON.stringify(body));
}
