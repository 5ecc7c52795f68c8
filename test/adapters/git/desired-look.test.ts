import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  appliedOf,
  desired,
  follows,
  gitStarts,
  hourMs,
  make,
  ops,
  signal,
  source,
  staleOf,
  useOps,
} from './desired-ops.ts';
import { git } from './make-repository.ts';

useOps();

describe('lookAnew', () => {
  test('asks a remote at once, also while a watch does so by its timer, and after failures', async () => {
    make([desired({ 'a.yaml': 'one' })]);
    const served = await serve();
    const stop = new AbortController();
    const one = source({
      address: served.url,
      sleep: async () => {
        make([follows({ 'a.yaml': 'two' })], 1);
        git(ops.repository, ['update-server-info']);
        expect((await one.read(signal)).files[0]?.text).toBe('one');
        one.lookAnew?.();
        expect((await one.read(signal)).files[0]?.text).toBe('two');
        served.close();
        one.lookAnew?.();
        expect((await staleOf(one.read(signal))).code).toBe('fetch-failed');
        stop.abort();
      },
    });
    await one.read(signal);

    await one.watch(() => undefined, stop.signal);
    expect.assertions(3);
  });
});

describe('watch', () => {
  test('wakes for a new commit in a repository on this machine, and not without one', async () => {
    make([desired({ 'a.yaml': 'one' })]);
    const stop = new AbortController();
    const steps = [
      () => undefined,
      () => make([follows({ 'a.yaml': 'two' })], 1),
      () => stop.abort(),
    ];
    const woken: number[] = [];
    const one = source({
      sleep: async () => {
        steps.shift()?.();
      },
    });
    await one.read(signal);

    await one.watch(() => woken.push(steps.length), stop.signal);

    expect(woken).toEqual([1]);
  });

  test('a repository whose clock is ahead wakes nobody again and again', async () => {
    make([desired({ 'a.yaml': 'one' })]);
    const stop = new AbortController();
    let pauses = 0;
    let woken = 0;
    const one = source({
      sleep: async () => {
        pauses += 1;
        if (pauses === 5) stop.abort();
      },
    });
    // Its files are of later than the source's time.
    ops.nowMs -= 2 * hourMs;
    await one.read(signal);

    await one.watch(() => {
      woken += 1;
    }, stop.signal);

    expect(woken).toBe(0);
  });

  test('asks a remote by its own timer, while passes ask nobody', async () => {
    make([desired({ 'a.yaml': 'one' })]);
    const served = await serve();
    const stop = new AbortController();
    const pauses: number[] = [];
    const woken: string[] = [];
    let starts = 0;
    const one = source({
      address: served.url,
      sleep: async (ms) => {
        pauses.push(ms);
        ops.nowMs += ms;
        if (pauses.length === 1) {
          starts = gitStarts();
          await one.read(signal);
          expect(gitStarts()).toBe(starts);
          make([follows({ 'a.yaml': 'two' })], 1);
          git(ops.repository, ['update-server-info']);
        } else if (pauses.length === 3) {
          served.close();
        } else if (pauses.length === 5) stop.abort();
      },
    });
    const first = await one.read(signal);

    await one.watch(() => woken.push('woken'), stop.signal);

    expect(pauses).toEqual([60_000, 60_000, 60_000, 60_000, 120_000]);
    expect(woken).toEqual(['woken', 'woken']);
    expect((await staleOf(one.read(signal, appliedOf(first)))).code).toBe('fetch-failed');
  });
});

/** The repository over HTTP, as files. */
async function serve(): Promise<{ readonly url: string; close(): void }> {
  git(ops.repository, ['update-server-info']);
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname;
    try {
      response.end(readFileSync(join(ops.folder, path)));
    } catch {
      response.writeHead(404).end();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}/ops.git`,
    close: () => {
      server.close();
    },
  };
}
