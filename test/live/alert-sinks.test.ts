import { createHmac } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeLiveWorld, type LiveWorld } from './support/world.ts';

const canary = 'CANARY-5ac2e7-do-not-tell';
const key = `${canary}-key`;

interface Got {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

describe('alerts reach where people are', () => {
  let world: LiveWorld;
  let server: Server;
  let answer = 503;
  const got: Got[] = [];
  const said: string[] = [];

  beforeAll(async () => {
    world = makeLiveWorld(['book']);
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString('utf8');
        got.push({ path: request.url ?? '', headers: request.headers, body });
        response.writeHead(answer).end(canary);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const secret = (name: string, text: string): string => {
      const path = join(world.folder, name);
      writeFileSync(path, `${text}\n`, { mode: 0o600 });
      return path;
    };
    const page = join(world.folder, 'page-me');
    writeFileSync(page, `#!/bin/sh\ncat >> ${join(world.folder, 'paged')}\n`);
    chmodSync(page, 0o755);
    const settings = readFileSync(join(world.desired, 'settings.yaml'), 'utf8');
    world.write(
      'settings.yaml',
      `${settings}  alerts:
    sinks:
      - name: ops
        kind: Webhook
        urlFrom: { file: ${secret('url', `http://127.0.0.1:${String(port)}/${canary}`)} }
        secretFrom: { file: ${secret('key', key)} }
      - { name: page, kind: Command, command: [${page}] }
`,
    );
    await world.recipe('guestbook', ['1.1.0+1.1.0']);
    world.warmApp('book', { recipe: 'guestbook', version: 'latest', data: 'Stateful' });
    expect((await once()).code).toBe(0);
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await world.remove();
  });

  async function once() {
    const ran = await world.once();
    said.push(ran.stdout, ran.stderr);
    return ran;
  }

  const seen = (): readonly string[] => {
    const folder = join(world.state, 'alerts/seen');
    return existsSync(folder) ? readdirSync(folder).filter((name) => !name.startsWith('.')) : [];
  };
  const paged = (): readonly unknown[] =>
    readFileSync(join(world.folder, 'paged'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);

  test('a hold is sent to the command while the webhook is down, and fails no pass', async () => {
    await world.recipe('guestbook', ['1.1.0+1.1.0', '1.2.0+1.2.0']);

    const ran = await once();

    expect(ran.code).toBe(0);
    expect(paged()).toMatchObject([{ kind: 'held-manual-migration', app: 'book', reminder: 0 }]);
    expect(got).toHaveLength(1);
    expect(world.alerts()).toHaveLength(1);
    expect(seen()).toEqual([]);
  });

  test('whoever asks is told where it has not arrived, why, and when it is tried again', async () => {
    const listed = await world.ciWarm('alerts');

    expect(listed.stdout + listed.stderr).toMatch(
      /not yet delivered to ops: it answers with status 503, next try at \d{4}-\d{2}-\d{2}T/,
    );
    said.push(listed.stdout, listed.stderr);
  });

  test('the webhook gets it when it is back: signed, once, and the alert is out', async () => {
    answer = 204;
    got.length = 0;
    // Its pause is over: what it says is when, and the next controller reads it.
    const path = join(world.state, 'alerts/.outbox.json');
    writeFileSync(
      `${path}.new`,
      readFileSync(path, 'utf8').replace(/"nextTryAt": "[^"]*"/g, '"nextTryAt": null'),
    );
    renameSync(`${path}.new`, path);

    for (let run = 0; run < 2; run += 1) expect((await once()).code).toBe(0);

    expect(got).toHaveLength(1);
    const [{ path: hook, headers, body } = { path: '', headers: {}, body: '' }] = got;
    expect(hook).toBe(`/${canary}`);
    expect(JSON.parse(body)).toMatchObject({
      kind: 'held-manual-migration',
      app: 'book',
      to: '1.2.0+1.2.0',
    });
    const signature = createHmac('sha256', key).update(body).digest('hex');
    expect(headers['x-ci-warm-signature-256']).toBe(`sha256=${signature}`);
    expect(headers['x-ci-warm-delivery']).toMatch(/^\d{8}T\d{6}Z-book-held-manual-migration\.0$/);
    expect(paged()).toHaveLength(1);
    expect(world.alerts()).toEqual([]);
    expect(seen()).toHaveLength(1);
  });

  test('neither the URL nor the key is in a log, a state file or an answer', () => {
    const state = readdirSync(world.state, { recursive: true, encoding: 'utf8' })
      .filter((path) => !path.includes('/volumes/') && !path.includes('/.snapshots/'))
      .map((path) => join(world.state, path))
      .filter((path) => statSync(path).isFile())
      .map((path) => readFileSync(path, 'latin1'));

    expect(said.join('\n')).not.toContain(canary);
    expect(state.join('\n')).not.toContain(canary);
    expect(said.join('\n')).toContain('does not reach its sink');
  });
});
