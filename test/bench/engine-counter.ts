/** A door to the Docker Engine that counts what goes through it: HTTP requests, at a socket of its own. */
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';

const ENGINE = '/var/run/docker.sock';

export interface EngineCounter {
  /** For `DOCKER_HOST`. */
  readonly address: string;
  /** Requests so far: `GET /services`, without version, query and the stream of events. */
  calls(): readonly string[];
  close(): void;
}

export async function openEngineCounter(socket: string): Promise<EngineCounter> {
  const calls: string[] = [];
  const server = createServer((asked, answer) => {
    const call = `${asked.method ?? ''} ${pathOf(asked)}`;
    if (call !== 'GET /events') calls.push(call);
    passOn(asked, answer);
  });
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject);
    server.listen(socket, resolve);
  });
  return {
    address: `unix://${socket}`,
    calls: () => calls,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function pathOf({ url = '' }: IncomingMessage): string {
  return (url.split('?')[0] ?? '').replace(/^\/v[0-9.]+/, '');
}

function passOn(asked: IncomingMessage, answer: ServerResponse): void {
  const { method, url: path, headers } = asked;
  const call = request({ socketPath: ENGINE, method, path, headers }, (answered) => {
    answer.writeHead(answered.statusCode ?? 502, answered.headers);
    // Events come one by one: whoever listens must see the answer's head before the first.
    answer.flushHeaders();
    answered.pipe(answer);
  });
  call.on('error', () => answer.destroy());
  answer.on('close', () => call.destroy());
  asked.pipe(call);
}
