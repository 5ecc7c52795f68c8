/**
 * The guestbook: a small web program with real data, to show what an upgrade does to it.
 *
 * GET /               the guestbook as a page (200 when all is well)
 * GET /health         {"ok":true} when the entries can be read, else 500
 * GET /version        {"version","schema","title"}
 * GET /entries        the newest entries as JSON
 * POST /entries       {"message","author"} → 201 and the entry
 * DELETE /entries/ID  with `Authorization: Bearer <admin token>`
 */
import { timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { renderPage } from './page.ts';
import type { Release } from './release.ts';
import { openStore } from './store.ts';
import type { Store } from './store.ts';

const databaseFile = '/data/guestbook.sqlite';
const configurationFile = '/etc/guestbook.json';
const adminTokenFile = '/run/secrets/admin_token';
const port = 8080;
const bodyBytesMax = 16_384;
const entriesOnAPage = 100;

interface Guestbook {
  readonly release: Release;
  readonly store: Store;
  readonly title: string;
  readonly adminToken: Buffer;
}

/** Runs one release until SIGTERM or SIGINT. Exits with 1 and one line on stderr when it cannot start. */
export function serve(release: Release): void {
  try {
    const guestbook: Guestbook = {
      release,
      store: openStore(databaseFile, release),
      title: readTitle(),
      adminToken: Buffer.from(readFileSync(adminTokenFile, 'utf8').trim()),
    };
    release.beforeListening?.();
    listen(guestbook);
  } catch (error) {
    console.error(`guestbook ${release.version} cannot start: ${reasonOf(error)}`);
    process.exit(1);
  }
}

function listen(guestbook: Guestbook): void {
  const { release, store } = guestbook;
  const server = createServer((request, response) => {
    answer(guestbook, request, response).catch((error: unknown) => {
      console.error(`${request.method ?? '?'} ${request.url ?? '?'}: ${reasonOf(error)}`);
      sendJson(response, 500, { error: reasonOf(error) });
    });
  });
  server.listen(port, () => {
    console.error(`guestbook ${release.version} listens on ${port}, schema ${store.schema}`);
  });
  // The first process of a container has no default action for SIGTERM: without this every stop would take the whole grace.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      server.closeAllConnections();
      server.close();
      store.close();
      process.exit(0);
    });
  }
}

async function answer(
  guestbook: Guestbook,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { release, store, title } = guestbook;
  const { pathname } = new URL(request.url ?? '/', 'http://guestbook');
  const route = `${request.method ?? 'GET'} ${pathname.replace(/\d+$/, 'ID')}`;
  switch (route) {
    case 'GET /':
      sendPage(response, renderPage(title, store.list(entriesOnAPage)));
      return;
    case 'GET /health':
      store.list(1);
      sendJson(response, 200, { ok: true });
      return;
    case 'GET /version':
      sendJson(response, 200, { version: release.version, schema: store.schema, title });
      return;
    case 'GET /entries':
      sendJson(response, 200, store.list(entriesOnAPage));
      return;
    case 'POST /entries':
      await addEntry(store, request, response);
      return;
    case 'DELETE /entries/ID':
      removeEntry(guestbook, pathname, request, response);
      return;
    default:
      sendJson(response, 404, { error: `no such page: ${pathname}` });
  }
}

async function addEntry(
  store: Store,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const entry = parseEntry(await readBody(request));
  if (entry === undefined) {
    sendJson(response, 400, { error: 'expected JSON like {"message":"hello","author":"me"}' });
    return;
  }
  sendJson(response, 201, store.add(entry.message, entry.author, new Date().toISOString()));
}

function removeEntry(
  guestbook: Guestbook,
  pathname: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const given = Buffer.from((request.headers.authorization ?? '').replace(/^Bearer /, ''));
  const wanted = guestbook.adminToken;
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
    sendJson(response, 401, { error: 'the admin token is needed to remove an entry' });
    return;
  }
  const found = guestbook.store.remove(Number(pathname.slice('/entries/'.length)));
  sendJson(response, found ? 200 : 404, { removed: found });
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > bodyBytesMax) throw new Error(`an entry may have ${bodyBytesMax} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseEntry(text: string): { message: string; author: string } | undefined {
  try {
    const { message, author = 'somebody' } = JSON.parse(text) as Record<string, unknown>;
    if (typeof message !== 'string' || typeof author !== 'string') return undefined;
    return { message, author };
  } catch {
    return undefined;
  }
}

function readTitle(): string {
  const { title } = JSON.parse(readFileSync(configurationFile, 'utf8')) as Record<string, unknown>;
  return typeof title === 'string' && title !== '' ? title : 'Guestbook';
}

function sendPage(response: ServerResponse, page: string): void {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
  response.end(page);
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(value)}\n`);
}

function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
