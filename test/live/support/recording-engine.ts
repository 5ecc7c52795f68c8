/**
 * An Engine that runs nothing: it takes what `docker stack deploy` asks a Swarm to make, and remembers it. So what a
 * recipe becomes can be compared for every command line, on a machine without any Swarm.
 *
 * It answers as an empty Swarm does in which every external network, secret and config is there.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

type Json = Readonly<Record<string, unknown>>;

export interface Recorded {
  readonly networks: readonly Json[];
  readonly secrets: readonly Json[];
  readonly configs: readonly Json[];
  readonly services: readonly Json[];
}

export interface RecordingEngine {
  /** For `DOCKER_HOST`. */
  readonly address: string;
  /** What was made since the last time that it was asked, each list by name. */
  take(): Recorded;
  close(): Promise<void>;
}

type Kind = keyof Recorded;

const KINDS: readonly Kind[] = ['networks', 'secrets', 'configs', 'services'];
const API_VERSION = '1.41';

/** Listens on a socket at `path`. */
export async function startRecordingEngine(path: string): Promise<RecordingEngine> {
  let made = emptyRecord();
  const server = createServer((request, response) => {
    void answer(request, response, made).catch((error: unknown) => {
      send(response, 500, { message: String(error) });
    });
  });
  await listen(server, path);
  return {
    address: `unix://${path}`,
    take: () => {
      const taken = made;
      made = emptyRecord();
      return {
        networks: byName(taken.networks),
        secrets: byName(taken.secrets),
        configs: byName(taken.configs),
        services: byName(taken.services),
      };
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  made: Readonly<Record<Kind, Json[]>>,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://engine');
  const [kindText = '', name] = url.pathname
    .replace(/^\/v[\d.]+/, '')
    .split('/')
    .slice(1)
    .map(decodeURIComponent);
  const kind = KINDS.find((one) => one === kindText);
  if (kindText === '_ping') send(response, 200, 'OK');
  else if (kindText === 'info') send(response, 200, swarmInfo);
  else if (kind === undefined) send(response, 404, { message: `nothing at ${url.pathname}` });
  else if (request.method === 'POST' && name === 'create') {
    const wanted = JSON.parse(await textOf(request)) as Json;
    made[kind].push(wanted);
    send(response, 201, { ID: idOf(wanted['Name']), Id: idOf(wanted['Name']) });
  } else if (name === undefined) {
    send(response, 200, kind === 'secrets' || kind === 'configs' ? namedIn(url) : []);
  } else if (kind === 'networks') {
    send(response, 200, { Name: name, Id: idOf(name), Scope: 'swarm', Driver: 'overlay' });
  } else send(response, 404, { message: `no such ${kind}: ${name}` });
}

/** What the command line asks for by name is there. */
function namedIn(url: URL): readonly Json[] {
  const filters = JSON.parse(url.searchParams.get('filters') ?? '{}') as Readonly<
    Record<string, Readonly<Record<string, boolean>>>
  >;
  return Object.keys(filters['name'] ?? {}).map((name) => ({
    ID: idOf(name),
    Spec: { Name: name },
  }));
}

const swarmInfo = { Swarm: { LocalNodeState: 'active', ControlAvailable: true }, OSType: 'linux' };

function idOf(name: unknown): string {
  return `id-of-${String(name)}`;
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, {
    'Api-Version': API_VERSION,
    'Content-Type': 'application/json',
    Ostype: 'linux',
  });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

function byName(list: readonly Json[]): readonly Json[] {
  const nameOf = (one: Json): string => String(one['Name']);
  return [...list].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

function emptyRecord(): Record<Kind, Json[]> {
  return { networks: [], secrets: [], configs: [], services: [] };
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(path, resolve);
  });
}
