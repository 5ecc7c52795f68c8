import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { callControl } from '../../../controller/adapters/socket/call.ts';
import { serveControl, type ControlServer } from '../../../controller/adapters/socket/serve.ts';
import type { ControlAnswer, ControlRequest } from '../../../controller/model/control.ts';
import {
  parseControlAnswer,
  parseControlRequest,
} from '../../../controller/spec/control-messages.ts';
import { recordedLog } from '../files/samples.ts';

const question: ControlRequest = { verb: 'reconcile', name: 'book', retry: true };
const answer: ControlAnswer = { outcome: 'held', message: 'book is held: a major' };

let stateDir: string;
let server: ControlServer | undefined;

beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'ci-warm-socket-'));
});

afterEach(async () => {
  await server?.close();
  server = undefined;
  rmSync(stateDir, { recursive: true });
});

type Handle = (request: ControlRequest, signal: AbortSignal) => Promise<ControlAnswer>;

async function serve(handle: Handle, directory = stateDir): Promise<void> {
  const log = recordedLog();
  server = await serveControl({
    stateDir: directory,
    control: { handle },
    parse: parseControlRequest,
    log,
  });
}

function call(directory = stateDir, timeoutMs = 10_000) {
  return callControl(question, { stateDir: directory, parse: parseControlAnswer, timeoutMs });
}

/** A body as it is, past our own end of the protocol. */
function post(body: string, path = '/v1/control'): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asking = httpRequest(
      { socketPath: join(stateDir, 'control.sock'), method: 'POST', path, agent: false },
      (response) => {
        response.resume();
        resolve(response.statusCode);
      },
    );
    asking.once('error', reject);
    asking.end(body);
  });
}

describe('the control socket', () => {
  test('brings a question to the controller, and its answer back', async () => {
    const asked: ControlRequest[] = [];
    await serve(async (request) => {
      asked.push(request);
      return answer;
    });

    expect(await call()).toEqual(answer);
    expect(asked).toEqual([question]);
  });

  test('is for its owner alone', async () => {
    await serve(async () => answer);

    expect(statSync(join(stateDir, 'control.sock')).mode & 0o777).toBe(0o600);
  });

  test('works where the path of the state directory is longer than the kernel takes', async () => {
    const deep = join(stateDir, 'a'.repeat(60), 'b'.repeat(60));
    await mkdir(deep, { recursive: true });
    await serve(async () => answer, deep);

    expect(await call(deep)).toEqual(answer);
  });

  test('nobody listens where there is no socket, or one that a killed controller left', async () => {
    expect(await call()).toBeUndefined();
    await leaveStaleSocket(join(stateDir, 'control.sock'));
    expect(await call()).toBeUndefined();
  });

  test('one that a killed controller left is replaced', async () => {
    await leaveStaleSocket(join(stateDir, 'control.sock'));
    await serve(async () => answer);

    expect(await call()).toEqual(answer);
  });

  test('what is no socket is nobody, too', async () => {
    writeFileSync(join(stateDir, 'control.sock'), '');

    expect(await call()).toBeUndefined();
  });

  test('an answer that does not come in time is a time-out, and the controller is told that nobody waits', async () => {
    const gone = Promise.withResolvers<string>();
    await serve(async (_, signal) => {
      signal.addEventListener('abort', () => {
        gone.resolve('told');
      });
      return new Promise(() => undefined);
    });

    await expect(call(stateDir, 50)).rejects.toMatchObject({ code: 'timed-out' });
    expect(await gone.promise).toBe('told');
  });

  test('a controller that stops hangs up, which is no answer', async () => {
    const asked = Promise.withResolvers<undefined>();
    await serve(async () => {
      asked.resolve(undefined);
      return new Promise(() => undefined);
    });
    const waiting = expect(call()).rejects.toMatchObject({ code: 'no-answer' });
    await asked.promise;
    await server?.close();

    await waiting;
    expect(await call()).toBeUndefined();
  });

  test('a controller that throws says why', async () => {
    await serve(async () => {
      throw new Error('the disk is full');
    });

    await expect(call()).rejects.toMatchObject({
      code: 'no-answer',
      message: expect.stringContaining('the disk is full') as string,
    });
  });

  test.each([
    { name: 'no JSON', body: 'reconcile', status: 400 },
    { name: 'a verb that is none', body: '{"verb":"install","name":"book"}', status: 400 },
    { name: 'a path for a name', body: '{"verb":"drill","name":"../book"}', status: 400 },
    { name: 'a member too many', body: '{"verb":"drill","name":"book","at":1}', status: 400 },
    { name: 'more than anybody would ask', body: 'x'.repeat(20_000), status: 413 },
    { name: 'another version', body: '{}', path: '/v2/control', status: 404 },
  ])('$name is refused and never reaches the controller', async ({ body, path, status }) => {
    let asked = 0;
    await serve(async () => {
      asked += 1;
      return answer;
    });

    expect(await post(body, path)).toBe(status);
    expect(asked).toBe(0);
  });
});

/** A socket file that nobody listens at: what stays of a process that was killed. */
async function leaveStaleSocket(path: string): Promise<void> {
  const listener = createServer();
  await new Promise<void>((resolve) => {
    listener.listen(`${path}.listening`, () => {
      resolve();
    });
  });
  const { renameSync } = await import('node:fs');
  // Closing removes the name that was bound, so it gets another one first.
  renameSync(`${path}.listening`, path);
  await new Promise<void>((resolve) => {
    listener.close(() => {
      resolve();
    });
  });
}
