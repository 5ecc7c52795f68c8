/**
 * The front door: a landing page, and a way through to the apps behind it. It keeps nothing.
 *
 * GET /              the landing page
 * GET /health        {"ok":true}
 * GET /version       {"version"}
 * ANY /to/NAME/PATH  passed on to the app that BEHIND (`name=http://host:port …`) calls NAME
 */
import { createServer, request as forward } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';

const port = 8080;

export interface Release {
  /** The image's tag and the app half of a recipe version. */
  readonly version: string;
  readonly greeting: string;
  /** The status that every page is answered with. */
  readonly status: number;
}

/** Runs one release until SIGTERM or SIGINT. */
export function serve(release: Release): void {
  const behind = parseBehind(process.env['BEHIND'] ?? '');
  const server = createServer((request, response) => {
    answer(release, behind, request, response);
  });
  server.listen(port, () => {
    console.error(`frontdoor ${release.version} listens on ${port}`);
  });
  // The first process of a container has no default action for SIGTERM: without this every stop would take the whole grace.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      server.closeAllConnections();
      server.close();
      process.exit(0);
    });
  }
}

function answer(
  release: Release,
  behind: ReadonlyMap<string, URL>,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const path = request.url ?? '/';
  const through = /^\/to\/([a-z0-9-]+)(\/.*)$/.exec(path);
  const target = behind.get(through?.[1] ?? '');
  if (through !== null && target !== undefined) {
    passOn(new URL(through[2] ?? '/', target), request, response);
  } else if (path === '/health') {
    send(response, release.status, 'application/json', `{"ok":${release.status === 200}}\n`);
  } else if (path === '/version') {
    send(response, 200, 'application/json', `{"version":"${release.version}"}\n`);
  } else if (path === '/') {
    const links = [...behind.keys()].map((name) => `<li><a href="/to/${name}/">${name}</a></li>`);
    const page = `<!doctype html><title>Front door</title><h1>${release.greeting}</h1><ul>${links.join('')}</ul>\n`;
    send(response, release.status, 'text/html; charset=utf-8', page);
  } else {
    send(response, 404, 'text/plain', 'There is nothing here.\n');
  }
}

function passOn(target: URL, request: IncomingMessage, response: ServerResponse): void {
  const { method, headers } = request;
  const onward = forward(
    target,
    { ...(method === undefined ? {} : { method }), headers },
    (reply) => {
      response.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(response);
    },
  );
  onward.on('error', (error) => {
    console.error(`${target.host} did not answer: ${error.message}`);
    if (response.headersSent) response.destroy();
    else send(response, 502, 'text/plain', 'The app behind this door does not answer.\n');
  });
  request.pipe(onward);
}

function parseBehind(text: string): ReadonlyMap<string, URL> {
  const pairs = text.split(/\s+/).filter((pair) => pair.includes('='));
  return new Map(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      return [pair.slice(0, at), new URL(pair.slice(at + 1))];
    }),
  );
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type });
  response.end(body);
}
