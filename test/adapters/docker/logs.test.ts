import { describe, expect, test } from 'vitest';
import { createEngine } from '../../../controller/adapters/docker/engine.ts';
import { lastLines } from '../../../controller/adapters/docker/logs.ts';
import { failing, useScriptedEngines } from './scripted-engine.ts';

/** A frame as the Engine makes it: stream, three zero bytes, length, text. */
function frame(text: string, stream = 1): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt8(stream, 0);
  head.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([head, Buffer.from(text)]);
}

describe('lastLines', () => {
  test('lines of both streams and several tasks come in the order of their times, without them', () => {
    const answer = Buffer.concat([
      frame('2026-11-21T09:00:03.000000001Z second task starts\n'),
      frame('2026-11-21T09:00:01.000000000Z first task starts\n'),
      frame('2026-11-21T09:00:02.500000000Z it dies\n', 2),
    ]);

    expect(lastLines(answer, 10)).toEqual(['first task starts', 'it dies', 'second task starts']);
  });

  test('the last ones are kept', () => {
    const answer = Buffer.concat(
      ['1', '2', '3'].map((second) => frame(`2026-11-21T09:00:0${second}Z line ${second}\n`)),
    );

    expect(lastLines(answer, 2)).toEqual(['line 2', 'line 3']);
  });

  test('a service with a terminal writes without frames', () => {
    const answer = Buffer.from('2026-11-21T09:00:01Z one\r\n2026-11-21T09:00:02Z two\r\n');

    expect(lastLines(answer, 10)).toEqual(['one', 'two']);
  });

  test('a torn last frame is shown as far as it goes', () => {
    const whole = frame('2026-11-21T09:00:02Z a line that is cut off\n');
    const answer = Buffer.concat([frame('2026-11-21T09:00:01Z one\n'), whole.subarray(0, 36)]);

    expect(lastLines(answer, 10)).toEqual(['one', 'a line ']);
  });

  test('a very long line is shortened', () => {
    const [line] = lastLines(frame(`2026-11-21T09:00:01Z ${'x'.repeat(10_000)}\n`), 10);

    expect(line).toHaveLength(2001);
  });

  test('nothing written is no line', () => {
    expect(lastLines(Buffer.alloc(0), 10)).toEqual([]);
  });
});

describe('tailLogs', () => {
  const live = new AbortController().signal;
  const start = useScriptedEngines();

  test('a service that is gone has no lines', async () => {
    const { connection } = await start({ 'GET /services/s1/logs': failing(404, 'no such') });

    await expect(createEngine(connection).tailLogs('s1', 10, live)).resolves.toEqual([]);
  });

  test('an Engine that gives no answer is not a service without lines', async () => {
    const { connection } = await start({ 'GET /services/s1/logs': failing(500, 'no leader') });

    await expect(createEngine(connection).tailLogs('s1', 10, live)).rejects.toMatchObject({
      code: 'no-answer',
    });
  });

  test('more than a mebibyte is not taken', async () => {
    const line = frame(`2026-11-21T09:00:01Z ${'x'.repeat(1000)}\n`);
    const { connection } = await start({
      'GET /services/s1/logs': (response) => {
        // Endless: only whoever reads can end it.
        const write = (): void => {
          while (!response.destroyed && response.write(line));
        };
        response.on('drain', write);
        write();
      },
    });

    const lines = await createEngine(connection).tailLogs('s1', 3, live);

    expect(lines).toHaveLength(3);
  });
});
