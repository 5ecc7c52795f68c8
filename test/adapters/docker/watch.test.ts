import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { watchEvents } from '../../../controller/adapters/docker/watch.ts';
import { startScriptedEngine } from './scripted-engine.ts';
import type { ScriptedEngine } from './scripted-engine.ts';

/** Short, so that a test waits for what happens and not for a clock. */
const pace = { quietMs: 1, backOffFirstMs: 1, backOffMaxMs: 4 };

interface Watched {
  readonly scripted: ScriptedEngine;
  /** The stream of events that was opened last. */
  readonly stream: () => ServerResponse;
  /** Resolves when it was woken so often in all. */
  readonly woken: (times: number) => Promise<void>;
  readonly stop: () => Promise<void>;
}

const running: Watched[] = [];

async function watch(quietMs = pace.quietMs): Promise<Watched> {
  let stream: ServerResponse | undefined;
  let times = 0;
  const waiting: { times: number; resolve: () => void }[] = [];
  const scripted = await startScriptedEngine({
    'GET /events': (response) => {
      stream = response;
      response.writeHead(200);
      response.flushHeaders();
    },
  });
  const stopping = new AbortController();
  const onChange = (): void => {
    times += 1;
    for (const each of waiting) if (times >= each.times) each.resolve();
  };
  const ended = watchEvents(scripted.connection, onChange, stopping.signal, { ...pace, quietMs });
  const watched: Watched = {
    scripted,
    stream: () => {
      if (stream === undefined) throw new Error('nobody listens for events');
      return stream;
    },
    woken: (wanted) =>
      new Promise((resolve) => {
        if (times >= wanted) resolve();
        else waiting.push({ times: wanted, resolve });
      }),
    stop: async () => {
      stopping.abort();
      await ended;
      await scripted.close();
    },
  };
  running.push(watched);
  return watched;
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((watched) => watched.stop()));
});

describe('watchEvents', () => {
  test('wakes when the stream is open: what happened before is not told', async () => {
    const { woken } = await watch();

    await expect(woken(1)).resolves.toBeUndefined();
  });

  test('wakes for an event', async () => {
    const { woken, stream } = await watch();
    await woken(1);

    stream().write('{"Type":"service"}\n');

    await expect(woken(2)).resolves.toBeUndefined();
  });

  test('asks for no events of health checks, which every container makes all the time', async () => {
    const { woken, scripted } = await watch();
    await woken(1);

    const query = decodeURIComponent(scripted.asked[0]?.url ?? '');

    expect(query).toContain('"event":["create"');
    expect(query).not.toContain('exec');
  });

  test('opens the stream again when it ends, and wakes', async () => {
    const { woken, stream, scripted } = await watch();
    await woken(1);

    stream().end();
    await woken(2);

    expect(scripted.asked).toHaveLength(2);
  });

  test('goes on when the Engine is away, and wakes when it is back', async () => {
    const { woken, stream, scripted } = await watch();
    await woken(1);
    const back = {
      'GET /events': (response: ServerResponse) => {
        response.writeHead(200).flushHeaders();
      },
    };
    scripted.answer({
      'GET /events': (response) => {
        scripted.answer(back);
        response.destroy();
      },
    });

    stream().destroy();

    await expect(woken(2)).resolves.toBeUndefined();
  });

  test('a burst wakes once at its beginning and once after it', async () => {
    const { woken, stream, stop } = await watch(50);
    let wakes = 1;
    void woken(2).then(() => (wakes = 2));
    void woken(3).then(() => (wakes = 3));
    await woken(1);

    for (let event = 0; event < 20; event += 1) stream().write('{"Type":"container"}\n');
    await woken(2);
    await stop();
    running.length = 0;

    expect(wakes).toBe(2);
  });

  test('ends with its signal', async () => {
    const { woken, stop } = await watch();
    await woken(1);
    running.length = 0;

    await expect(stop()).resolves.toBeUndefined();
  });
});
