import { createHmac } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCommand } from '../../../controller/adapters/alerts/command.ts';
import { postJson } from '../../../controller/adapters/alerts/post.ts';
import { createAlertSinks } from '../../../controller/adapters/alerts/sinks.ts';
import type { AlertMessage } from '../../../controller/model/delivery.ts';
import type { AlertSinkSpec } from '../../../controller/model/desired.ts';
import { messageOf } from '../../../controller/report/alert-message.ts';
import { alert, temporaryDirectory } from '../files/samples.ts';
import { receiver } from './receiver.ts';

const going = new AbortController().signal;
const nowMs = Date.parse('2026-11-21T09:31:00Z');
const sinks = createAlertSinks();
const message = messageOf(alert('f1', { title: 'guestbook – é' }), { id: 'a1', round: 2 }, nowMs);

function secretFile(content: string): string {
  const path = join(temporaryDirectory(), 'secret');
  writeFileSync(path, content, { mode: 0o600 });
  return path;
}

async function webhook(url: string, secret: string | null = null): Promise<AlertSinkSpec> {
  const secretPath = secret === null ? null : secretFile(secret);
  return { kind: 'webhook', name: 'ops', urlFile: secretFile(`${url}\n`), secretFile: secretPath };
}

describe('a webhook', () => {
  test('gets the alert as JSON, and can tell one sending from another', async () => {
    const to = await receiver();

    const sent = await sinks.send(await webhook(`${to.url}/hook?key=1`), message, going);

    expect(sent).toEqual({ kind: 'delivered' });
    expect(to.received).toHaveLength(1);
    const [got] = to.received;
    expect(got).toMatchObject({ method: 'POST', path: '/hook?key=1' });
    expect(JSON.parse(got?.body ?? '')).toEqual({
      ...alert('f1', { title: 'guestbook – é' }),
      apiVersion: 'ci-warm.dev/v1',
      id: 'a1',
      deliveryId: 'a1.2',
      reminder: 2,
      sentAt: '2026-11-21T09:31:00Z',
    });
    expect(got?.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'x-ci-warm-delivery': 'a1.2',
      'x-ci-warm-reminder': '2',
      'x-ci-warm-timestamp': String(nowMs / 1000),
    });
    expect(got?.headers).not.toHaveProperty('x-ci-warm-signature-256');
  });

  test('is signed over its body, byte for byte, with the secret without its line end', async () => {
    const to = await receiver();

    await sinks.send(await webhook(to.url, 'CANARY-key\n'), message, going);

    const [got] = to.received;
    const expected = createHmac('sha256', 'CANARY-key')
      .update(got?.body ?? '')
      .digest('hex');
    expect(got?.headers['x-ci-warm-signature-256']).toBe(`sha256=${expected}`);
    expect(JSON.stringify(got)).not.toContain('CANARY-key');
  });

  test('is sent nothing unsigned when the secret is not there', async () => {
    const to = await receiver();
    const sink = { ...(await webhook(to.url)), secretFile: '/nowhere/key' } as AlertSinkSpec;

    const sent = await sinks.send(sink, message, going);

    expect(sent).toEqual({ kind: 'failed', why: '/nowhere/key is not there' });
    expect(to.received).toEqual([]);
  });

  test('that redirects is not followed, and so no other host gets the signature', async () => {
    const other = await receiver();
    const to = await receiver({ status: 307, location: `${other.url}/CANARY` });

    const sent = await sinks.send(await webhook(to.url, 'key'), message, going);

    expect(sent).toMatchObject({
      kind: 'failed',
      why: expect.stringContaining('redirect 307') as unknown,
    });
    expect(to.received).toHaveLength(1);
    expect(other.received).toEqual([]);
  });

  test.each([400, 401, 404, 429, 500, 503])(
    'that answers with %i has not taken it; what it answers is not told',
    async (status) => {
      const to = await receiver({ status });

      expect(await sinks.send(await webhook(to.url), message, going)).toEqual({
        kind: 'failed',
        why: `it answers with status ${String(status)}`,
      });
    },
  );

  test.each([
    { name: 'seconds', status: 429, headers: { 'retry-after': '120' }, ms: 120_000 },
    {
      name: 'seconds of a server that is down',
      status: 503,
      headers: { 'retry-after': '7' },
      ms: 7000,
    },
    {
      name: 'a time by its own clock',
      status: 429,
      headers: {
        date: 'Sat, 01 Jan 2000 00:00:00 GMT',
        'retry-after': 'Sat, 01 Jan 2000 00:01:30 GMT',
      },
      ms: 90_000,
    },
    {
      name: 'a time that is over',
      status: 503,
      headers: {
        date: 'Sat, 01 Jan 2000 00:00:00 GMT',
        'retry-after': 'Fri, 31 Dec 1999 23:00:00 GMT',
      },
      ms: 0,
    },
    { name: 'what is no time', status: 429, headers: { 'retry-after': 'soon' }, ms: undefined },
    {
      name: 'a time in an answer that has none',
      status: 500,
      headers: { 'retry-after': '120' },
      ms: undefined,
    },
  ])('that asks to be left alone by $name is understood: $ms ms', async ({ ms, ...answer }) => {
    const to = await receiver(answer);

    const sent = await sinks.send(await webhook(to.url), message, going);

    expect(sent.kind === 'failed' ? sent.retryAfterMs : 'delivered').toBe(ms);
  });

  test('that hangs is given up', async () => {
    const to = await receiver('hang');

    const sent = await postJson({ url: new URL(to.url), body: '{}', headers: {} }, going, 50);

    expect(sent).toEqual({ kind: 'failed', why: 'no answer within 0.05 s' });
  });

  test('that hangs holds up nobody who stops', async () => {
    const to = await receiver('hang');
    const stop = new AbortController();

    const sending = sinks.send(await webhook(to.url), message, stop.signal);
    stop.abort();

    expect((await sending).kind).toBe('failed');
  });
});

describe('what went wrong is told without what is secret', () => {
  test.each([
    {
      name: 'nobody listens',
      content: 'http://127.0.0.1:1/CANARY',
      why: 'no answer (ECONNREFUSED)',
    },
    {
      name: 'no such host',
      content: 'http://canary.invalid/CANARY',
      why: /^no answer \(E[A-Z_]+\)$/,
    },
    { name: 'no URL', content: 'CANARY', why: /does not hold a URL$/ },
    { name: 'another scheme', content: 'file:///CANARY', why: /is neither https nor http$/ },
    { name: 'an empty file', content: ' \n', why: /is empty$/ },
    {
      name: 'a file of something else',
      content: 'CANARY'.repeat(10_000),
      why: /is too long for a secret$/,
    },
  ])('$name', async ({ content, why }) => {
    const sent = await sinks.send(await webhook(content), message, going);

    expect(sent).toEqual({
      kind: 'failed',
      why: typeof why === 'string' ? why : (expect.stringMatching(why) as unknown),
    });
    expect(JSON.stringify(sent).toLowerCase()).not.toContain('canary');
  });
});

describe('ntfy', () => {
  async function published(
    over: Partial<AlertMessage> = {},
    token: string | null = null,
  ): Promise<{ headers: Record<string, unknown>; path: string; body: Record<string, unknown> }> {
    const to = await receiver({ status: 200 });
    const sink: AlertSinkSpec = {
      kind: 'ntfy',
      name: 'phone',
      urlFile: secretFile(`${to.url}/my-topic\n`),
      tokenFile: token === null ? null : secretFile(token),
    };
    expect(await sinks.send(sink, { ...message, ...over }, going)).toEqual({ kind: 'delivered' });
    const [got] = to.received;
    if (got === undefined) throw new Error('nothing was sent');
    return { ...got, body: JSON.parse(got.body) as Record<string, unknown> };
  }

  test('is published to its topic, by JSON to the server’s root', async () => {
    const { body, path, headers } = await published();

    expect(path).toBe('/');
    expect(body).toMatchObject({
      topic: 'my-topic',
      title: 'guestbook – é (reminder 2)',
      message: 'a major\nTo do: approved: "2.0.0+3.0.0"',
      priority: 4,
      tags: ['warning', 'held-major'],
      sequence_id: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown,
    });
    expect(headers).not.toHaveProperty('authorization');
  });

  test.each([
    { over: { severity: 'critical' }, priority: 5, tag: 'rotating_light' },
    { over: { severity: 'info' }, priority: 3, tag: 'information_source' },
    { over: { severity: 'info', kind: 'recovered' }, priority: 3, tag: 'white_check_mark' },
  ] as const)('$over has its priority and its tag', async ({ over, priority, tag }) => {
    const { body } = await published(over);

    expect(body).toMatchObject({ priority, tags: [tag, expect.anything()] });
  });

  test('the same sent again replaces itself; a reminder does not', async () => {
    const first = await published({ deliveryId: 'a1.0' });
    const again = await published({ deliveryId: 'a1.0' });
    const reminder = await published({ deliveryId: 'a1.1' });

    expect(again.body['sequence_id']).toBe(first.body['sequence_id']);
    expect(reminder.body['sequence_id']).not.toBe(first.body['sequence_id']);
  });

  test('a token is sent as such', async () => {
    expect((await published({}, 'tk_CANARY\n')).headers['authorization']).toBe('Bearer tk_CANARY');
  });

  test('a long message is cut at a whole character, below what becomes an attachment', async () => {
    const { body } = await published({ message: 'é'.repeat(4000) });

    const text = String(body['message']);
    expect(Buffer.byteLength(text)).toBeLessThan(4096);
    expect(text).toMatch(/^é+…$/);
  });

  test('a URL without a topic, a token with a line break inside: said, and not sent', async () => {
    const to = await receiver();
    const at = (path: string, token: string | null): AlertSinkSpec => ({
      kind: 'ntfy',
      name: 'phone',
      urlFile: secretFile(`${to.url}${path}`),
      tokenFile: token === null ? null : secretFile(token),
    });

    const sent = [
      await sinks.send(at('/', null), message, going),
      await sinks.send(at('/topic', 'CANARY\nx: y'), message, going),
    ];

    expect(sent).toEqual([
      { kind: 'failed', why: expect.stringMatching(/names no topic$/) as unknown },
      { kind: 'failed', why: expect.stringMatching(/does not hold a token$/) as unknown },
    ]);
    expect(to.received).toEqual([]);
    expect(JSON.stringify(sent)).not.toContain('CANARY');
  });
});

describe('a command', () => {
  function script(text: string): { readonly path: string; readonly out: string } {
    const directory = temporaryDirectory();
    const path = join(directory, 'page-me');
    const out = join(directory, 'out');
    writeFileSync(path, `#!/bin/sh\n${text.replaceAll('OUT', out)}\n`);
    chmodSync(path, 0o755);
    return { path, out };
  }
  const command = (...argv: string[]): AlertSinkSpec => ({
    kind: 'command',
    name: 'page',
    command: argv,
  });

  test('gets the alert as JSON on standard input, and its own arguments and no others', async () => {
    const { path, out } = script('cat > OUT; echo "$#|$1" >> OUT');

    const sent = await sinks.send(command(path, '$(touch pwned); a b'), message, going);

    expect(sent).toEqual({ kind: 'delivered' });
    const [json, args] = readFileSync(out, 'utf8').trimEnd().split('\n');
    expect(JSON.parse(json ?? '')).toEqual(message);
    expect(args).toBe('1|$(touch pwned); a b');
    expect(existsSync('pwned')).toBe(false);
  });

  test('that fails is said by its exit code; what it prints is not', async () => {
    const { path } = script('echo CANARY; echo CANARY >&2; exit 3');

    const sent = await sinks.send(command(path), message, going);

    expect(sent).toMatchObject({
      kind: 'failed',
      why: expect.stringContaining('exit code 3') as unknown,
    });
    expect(JSON.stringify(sent)).not.toContain('CANARY');
  });

  test('that does not read its input has taken the alert', async () => {
    const { path } = script('exit 0');
    const long = { ...message, message: 'x'.repeat(1_000_000) };

    expect(await sinks.send(command(path), long, going)).toEqual({ kind: 'delivered' });
  });

  test('that does not end is ended', async () => {
    const { path } = script('echo CANARY >&2; exec sleep 600');
    const sink = { kind: 'command', name: 'page', command: [path] } as const;

    const sent = await runCommand(sink, message, going, 200);

    expect(sent).toEqual({ kind: 'failed', why: 'the command did not end within 0.2 s' });
  });

  test('that is not there is said, and nothing throws', async () => {
    expect(await sinks.send(command('/nowhere/page-me'), message, going)).toEqual({
      kind: 'failed',
      why: 'the command could not be started, or was ended by a signal',
    });
  });
});
