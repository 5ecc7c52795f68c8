import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createProbes } from '../../../controller/adapters/http/probes.ts';
import type { HttpProbe, ProbeSpec, ProxyProbe } from '../../../controller/model/desired.ts';
import type { ContainerView, SwarmView, TaskView } from '../../../controller/model/swarm.ts';
import type { ExecResult, TaskAddress, TaskReach } from '../../../controller/ports/task-reach.ts';
import { container, service, swarmView, task } from '../../build/swarm.ts';

const live = new AbortController().signal;
const app = service('blog', 'app');
const db = service('blog', 'db');

let server: Server;
let port = 0;
let status = 200;
let body: readonly string[] = [];
let isWhole = true;
/** Of 4 KiB each. */
let cookies = 0;
const hosts: (string | undefined)[] = [];

beforeEach(async () => {
  status = 200;
  body = ['a body'];
  isWhole = true;
  cookies = 0;
  hosts.length = 0;
  server = createServer((request, response) => {
    hosts.push(request.headers.host);
    const headers = { location: 'http://127.0.0.1:1/', 'content-type': 'text/html; charset=utf-8' };
    const baked = Array.from({ length: cookies }, (_, at) => `c${String(at)}=${'x'.repeat(4090)}`);
    response.setHeader('set-cookie', baked);
    response.writeHead(status, headers);
    for (const part of body) response.write(part);
    if (isWhole) response.end();
    else response.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as AddressInfo);
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** Every task is at loopback, and every command ends well, unless told otherwise. */
function reach(over: { address?: TaskAddress | Error; exec?: ExecResult | Error } = {}): TaskReach {
  const address = over.address ?? { kind: 'address', address: '127.0.0.1' };
  const exec = over.exec ?? { kind: 'exited', exitCode: 0, output: '' };
  return {
    addresses: (ids) =>
      address instanceof Error
        ? Promise.reject(address)
        : Promise.resolve(new Map(ids.map((id) => [id, address]))),
    exec: () => (exec instanceof Error ? Promise.reject(exec) : Promise.resolve(exec)),
  };
}

function viewOf(
  tasks: readonly TaskView[] = [task(app)],
  containers: readonly ContainerView[] = [],
): SwarmView {
  return swarmView({ services: [app, db], tasks, containers });
}

async function ask(probe: ProbeSpec, view: SwarmView, way = reach()): Promise<unknown> {
  const target = { stack: 'blog', domain: 'blog.example.org', view };
  const [result] = await createProbes(way).run([probe], target, live);
  return result;
}

function http(over: Partial<HttpProbe> = {}): HttpProbe {
  return {
    kind: 'http',
    service: 'app',
    port,
    path: '/ready',
    status: [{ from: 200, to: 399 }],
    body: undefined,
    headers: {},
    ...over,
  };
}

describe('an http probe', () => {
  test('is green for a wanted status, and asks under the name of the app', async () => {
    await expect(ask(http(), viewOf())).resolves.toEqual({
      kind: 'green',
      probe: `GET /ready at app:${String(port)}`,
    });
    expect(hosts).toEqual(['blog.example.org']);
  });

  test.each([
    { name: 'a status in no range', given: 503, wanted: [{ from: 200, to: 399 }], kind: 'red' },
    {
      name: 'a redirect, which is not followed',
      given: 302,
      wanted: [{ from: 200, to: 399 }],
      kind: 'green',
    },
    { name: 'exactly the status', given: 401, wanted: [401], kind: 'green' },
    { name: 'none of the statuses', given: 200, wanted: [401, 403], kind: 'red' },
  ])('$name is $kind', async ({ given, wanted, kind }) => {
    status = given;

    await expect(ask(http({ status: wanted }), viewOf())).resolves.toMatchObject({ kind });
  });

  test('is red where nothing listens, and says so', async () => {
    server.close();
    await new Promise((resolve) => server.on('close', resolve));

    await expect(ask(http(), viewOf())).resolves.toMatchObject({
      kind: 'red',
      detail: expect.stringContaining('ECONNREFUSED') as string,
    });
  });

  test.each([
    { name: 'a body that contains the text', over: { body: 'bod' }, kind: 'green' },
    {
      name: 'a body without it',
      over: { body: 'ready' },
      kind: 'red',
      detail: 'the body does not contain "ready"',
    },
    {
      name: 'a header with the text',
      over: { headers: { 'content-type': 'html' } },
      kind: 'green',
    },
    { name: 'a header with any text', over: { headers: { 'content-type': '' } }, kind: 'green' },
    {
      name: 'a header with another text',
      over: { headers: { 'content-type': 'json' } },
      kind: 'red',
      detail: 'header content-type does not contain "json"',
    },
    {
      name: 'no such header',
      over: { headers: { 'x-app': '' } },
      kind: 'red',
      detail: 'no header x-app',
    },
    {
      name: 'all but the status',
      over: { status: [204], body: 'body', headers: { 'content-type': 'html' } },
      kind: 'red',
      detail: 'status 200',
    },
  ] as const)('$name is $kind', async ({ over, kind, ...more }) => {
    await expect(ask(http(over), viewOf())).resolves.toMatchObject({
      kind,
      ...('detail' in more ? { detail: more.detail } : {}),
    });
  });

  test('a text is found where two pieces of the body meet', async () => {
    body = ['<p>all is re', 'ady</p>'];

    await expect(ask(http({ body: 'ready' }), viewOf())).resolves.toMatchObject({ kind: 'green' });
  });

  test('reads headers of up to 64 KiB', async () => {
    cookies = 15;

    await expect(ask(http({ headers: { 'set-cookie': 'c14=' } }), viewOf())).resolves.toMatchObject(
      {
        kind: 'green',
      },
    );
  });

  test('is red for larger ones, and says that they are what is wrong', async () => {
    cookies = 17;

    await expect(ask(http(), viewOf())).resolves.toMatchObject({
      kind: 'red',
      detail: expect.stringContaining(
        'the headers of its answer are larger than the 64 KiB that a probe reads',
      ) as string,
    });
  });

  test('a body is searched no further than its first 256 KiB', async () => {
    body = ['x'.repeat(300_000), ' ready'];

    await expect(ask(http({ body: 'ready' }), viewOf())).resolves.toMatchObject({ kind: 'red' });
  });

  test('a body that breaks off before the text is red', async () => {
    isWhole = false;

    await expect(ask(http({ body: 'ready' }), viewOf())).resolves.toMatchObject({ kind: 'red' });
  });

  test('a path with letters of any script is asked for as browsers do', async () => {
    const paths: (string | undefined)[] = [];
    server.on('request', ({ url }) => paths.push(url));

    await expect(ask(http({ path: '/grün/日本?q=a%20b' }), viewOf())).resolves.toMatchObject({
      kind: 'green',
    });
    expect(paths).toEqual(['/gr%C3%BCn/%E6%97%A5%E6%9C%AC?q=a%20b']);
  });

  test('an answer that changes to another protocol is red, and no answer', async () => {
    server.removeAllListeners('request');
    server.on('request', (request) => {
      request.socket.end('HTTP/1.1 101 Go\r\nConnection: upgrade\r\nUpgrade: other\r\n\r\n');
    });

    await expect(ask(http(), viewOf())).resolves.toMatchObject({
      kind: 'red',
      detail: expect.stringContaining('101') as string,
    });
  });

  test('L1: is unknown without a port to ask at', async () => {
    await expect(ask(http({ port: undefined }), viewOf())).resolves.toMatchObject({
      kind: 'unknown',
    });
  });
});

describe('a probe through the proxy', () => {
  function proxy(over: Partial<ProxyProbe> = {}): ProxyProbe {
    const question = { path: '/', status: [200], body: undefined, headers: {} };
    return { kind: 'proxy', scheme: 'http', port, ...question, ...over };
  }

  test("asks this node's own port for the app by its domain", async () => {
    await expect(ask(proxy({ body: 'body' }), viewOf())).resolves.toEqual({
      kind: 'green',
      probe: `GET / through the proxy at http port ${String(port)}`,
    });
    expect(hosts).toEqual(['blog.example.org']);
  });

  test('is red when the proxy has no router for the app', async () => {
    status = 404;

    await expect(ask(proxy(), viewOf())).resolves.toMatchObject({
      kind: 'red',
      detail: 'status 404',
    });
  });

  test.each([
    { name: 'no proxy listens', over: { port: 1 } },
    { name: 'what listens there speaks no TLS', over: { scheme: 'https' } },
  ] as const)('L1: is unknown when $name: that is not the fault of the app', async ({ over }) => {
    await expect(ask(proxy(over), viewOf())).resolves.toMatchObject({
      kind: 'unknown',
      detail: expect.stringContaining('the proxy cannot be asked') as string,
    });
  });
});

describe('a tcp probe', () => {
  test('is green when the connection is taken', async () => {
    await expect(ask({ kind: 'tcp', service: 'app', port }, viewOf())).resolves.toMatchObject({
      kind: 'green',
    });
  });

  test('is red when it is refused', async () => {
    await expect(ask({ kind: 'tcp', service: 'app', port: 1 }, viewOf())).resolves.toMatchObject({
      kind: 'red',
    });
  });
});

describe('an exec probe', () => {
  const probe: ProbeSpec = { kind: 'exec', service: 'app', command: ['/check', '--all'] };

  test.each([
    { name: 'exit code 0', exec: { kind: 'exited', exitCode: 0, output: 'fine' }, kind: 'green' },
    {
      name: 'another exit code, with the last line',
      exec: { kind: 'exited', exitCode: 2, output: 'looking\nno table\n' },
      kind: 'red',
      detail: 'exit code 2: no table',
    },
    { name: 'a command that hangs', exec: { kind: 'still-running' }, kind: 'red' },
    { name: 'a container that is gone', exec: { kind: 'no-way', why: 'gone' }, kind: 'unknown' },
    { name: 'an Engine without an answer', exec: new Error('no answer'), kind: 'unknown' },
  ] as const)('$kind for $name', async ({ exec, kind, ...more }) => {
    await expect(ask(probe, viewOf(), reach({ exec }))).resolves.toMatchObject({
      kind,
      ...('detail' in more ? { detail: more.detail } : {}),
    });
  });
});

describe('every probe of a task', () => {
  const second = task(app, { id: 't2', containerId: 'c2', nodeId: 'node2' });

  test.each([
    { name: 'no task of it runs', view: viewOf([]), kind: 'red' },
    { name: 'its task starts', view: viewOf([task(app, { state: 'starting' })]), kind: 'red' },
    {
      name: 'its task is being stopped',
      view: viewOf([task(app, { desiredState: 'shutdown' })]),
      kind: 'red',
    },
    { name: 'there is no such service', view: swarmView(), kind: 'red' },
    { name: 'one of its tasks is elsewhere', view: viewOf([task(app), second]), kind: 'unknown' },
    {
      name: 'its task has no container yet',
      view: viewOf([task(app, { containerId: undefined })]),
      kind: 'unknown',
    },
  ])('L1: $kind when $name', async ({ view, kind }) => {
    await expect(ask({ kind: 'tcp', service: 'app', port }, view)).resolves.toMatchObject({ kind });
  });

  test('red wins over unknown: one task that fails is enough', async () => {
    status = 500;

    await expect(ask(http(), viewOf([task(app), second]))).resolves.toMatchObject({ kind: 'red' });
  });

  test('red wins over unknown, whichever task comes first', async () => {
    status = 500;
    const unreachable = task(app, { id: 't0', containerId: 'c0' });
    const way = reach();
    const addresses: TaskReach['addresses'] = async (ids, signal) =>
      new Map([...(await way.addresses(ids, signal)), ['c0', { kind: 'no-way', why: 'gone' }]]);

    const result = await ask(http(), viewOf([unreachable, task(app)]), { ...way, addresses });

    expect(result).toMatchObject({ kind: 'red' });
  });

  test.each([
    { name: 'an address', address: { kind: 'no-way', why: 'internal networks only' } as const },
    { name: 'an Engine that answers', address: new Error('no leader') },
  ])('L1: unknown without $name', async ({ address }) => {
    await expect(ask(http(), viewOf(), reach({ address }))).resolves.toMatchObject({
      kind: 'unknown',
    });
  });
});

describe("Docker's own health", () => {
  const healthOf = (of: typeof app, health: ContainerView['health']): ContainerView =>
    container(task(of), { health });
  const both = [task(app), task(db)];

  test.each([
    { name: 'one service is healthy', one: 'app', app: 'healthy', db: 'none', kind: 'green' },
    { name: 'one service is starting', one: 'app', app: 'starting', db: 'none', kind: 'red' },
    { name: 'one service is unhealthy', one: 'app', app: 'unhealthy', db: 'none', kind: 'red' },
    { name: 'the one named has no check', one: 'db', app: 'healthy', db: 'none', kind: 'red' },
    { name: 'the one named is not there', one: 'web', app: 'healthy', db: 'none', kind: 'red' },
    {
      name: 'all that have one are healthy',
      one: undefined,
      app: 'healthy',
      db: 'none',
      kind: 'green',
    },
    { name: 'another one is not', one: undefined, app: 'healthy', db: 'unhealthy', kind: 'red' },
    { name: 'none has one', one: undefined, app: 'none', db: 'none', kind: 'green' },
  ] as const)('$kind when $name', async ({ one, kind, ...health }) => {
    const view = viewOf(both, [healthOf(app, health.app), healthOf(db, health.db)]);

    await expect(ask({ kind: 'docker', service: one }, view)).resolves.toMatchObject({ kind });
  });

  test('where no container has a check there was nobody to ask, and that is told', async () => {
    const of = (health: ContainerView['health']): SwarmView =>
      viewOf(both, [healthOf(app, 'none'), healthOf(db, health)]);
    const probe = { kind: 'docker', service: undefined } as const;

    await expect(ask(probe, of('none'))).resolves.toMatchObject({ nobody: true });
    await expect(ask(probe, of('healthy'))).resolves.not.toHaveProperty('nobody');
  });

  test('L1: unknown when the container of a task is not listed', async () => {
    await expect(
      ask({ kind: 'docker', service: undefined }, viewOf(both, [])),
    ).resolves.toMatchObject({ kind: 'unknown' });
  });
});
