/** A command's end of the control socket: one question, one answer. */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import type { ControlAnswer, ControlRequest } from '../../model/control.ts';
import { CiWarmError, reasonOf } from '../../model/failure.ts';
import { SOCKET_NAME, withShortPath } from './place.ts';
import { CONTROL_PATH } from './serve.ts';

export interface CallOptions {
  /** Absolute. */
  readonly stateDir: string;
  /** The answer, or what is wrong with it. */
  readonly parse: (value: unknown) => ControlAnswer | readonly string[];
  readonly timeoutMs: number;
}

const ANSWER_BYTES_MAX = 1024 * 1024;

/**
 * Asks the controller that holds this state directory, and waits for its answer. Undefined: there is none that listens.
 * Errors: `timed-out`, `no-answer` (it went away, or does not let us).
 */
export async function callControl(
  question: ControlRequest,
  { stateDir, parse, timeoutMs }: CallOptions,
): Promise<ControlAnswer | undefined> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const { status, text } = await withShortPath(stateDir, SOCKET_NAME, (path) =>
      exchange(path, JSON.stringify(question), signal),
    );
    const value = parseJson(text);
    if (status !== 200) throw refused(status, value);
    const answer = parse(value);
    if (Array.isArray(answer)) {
      throw new CiWarmError('no-answer', `its answer makes no sense: ${answer.join('; ')}`);
    }
    return answer as ControlAnswer;
  } catch (thrown) {
    if (thrown instanceof CiWarmError) throw thrown;
    if (signal.aborted) {
      const message = `the controller has not answered within ${String(Math.round(timeoutMs / 1000))} s; what was asked for goes on`;
      throw new CiWarmError('timed-out', message, thrown);
    }
    throwUnlessAbsent(thrown, join(stateDir, SOCKET_NAME));
    return undefined;
  }
}

interface Exchanged {
  readonly status: number;
  readonly text: string;
}

function exchange(socketPath: string, body: string, signal: AbortSignal): Promise<Exchanged> {
  return new Promise((resolve, reject) => {
    const asking = httpRequest(
      {
        socketPath,
        method: 'POST',
        path: CONTROL_PATH,
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        },
        agent: false,
        signal,
      },
      (response) => {
        readAll(response).then((text) => {
          resolve({ status: response.statusCode ?? 0, text });
        }, reject);
      },
    );
    asking.once('error', reject);
    asking.end(body);
  });
}

async function readAll(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > ANSWER_BYTES_MAX) throw new CiWarmError('no-answer', 'its answer does not end');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function refused(status: number, value: unknown): CiWarmError {
  const said =
    typeof value === 'object' && value !== null && 'message' in value ? String(value.message) : '';
  const hint =
    status === 404 ? '; it is of another version of ci-warm than this command: restart it' : '';
  return new CiWarmError('no-answer', `the controller answered ${String(status)}: ${said}${hint}`);
}

/** Nobody listens: no socket, or one that a killed process left. */
function throwUnlessAbsent(thrown: unknown, path: string): void {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  if (code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'ENOTDIR') return;
  const hint =
    code === 'EACCES' || code === 'EPERM'
      ? 'only its owner and root may talk to the controller'
      : 'the controller stopped before it answered; what was asked for goes on when it is back';
  throw new CiWarmError('no-answer', `talking over ${path}: ${reasonOf(thrown)}; ${hint}`, thrown);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
