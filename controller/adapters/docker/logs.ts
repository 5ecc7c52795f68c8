/**
 * The last lines of a service's tasks, dead ones included: evidence for an alert, bounded in lines, bytes and time.
 *
 * The Engine asks each task's node for its lines and sends them as they come, task by task, so every line carries its
 * time and is sorted here. A node that does not answer would keep the stream open: what came until the limit is what
 * there is, and no failure.
 */
import type { IncomingMessage } from 'node:http';
import { dialStream } from './dial.ts';
import { isNotFound } from './errors.ts';
import { readFrames } from './frames.ts';
import type { Connection } from './connect.ts';

const collectMs = 5_000;
const bytesMax = 1_048_576;
const lineLengthMax = 2_000;

/** Oldest first, at most `linesMax`. None when the service is gone. Errors: `no-answer`. */
export async function tailLogs(
  connection: Connection,
  serviceId: string,
  linesMax: number,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const query = { stdout: true, stderr: true, timestamps: true, tail: linesMax };
  try {
    const bytes = await connection.ask(
      `read the log of service ${serviceId}`,
      signal,
      async (docker, abortSignal) => {
        const request = {
          path: `/services/${serviceId}/logs?`,
          method: 'GET',
          query,
          registryAuth: undefined,
        } as const;
        return collect(await dialStream(docker, request, abortSignal));
      },
    );
    return lastLines(bytes, linesMax);
  } catch (failure) {
    if (isNotFound(failure)) return [];
    throw failure;
  }
}

/** What comes within the limits of time and size. */
async function collect(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const done = (): void => {
    resolve(undefined);
  };
  const timer = setTimeout(done, collectMs);
  stream.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    sizeBytes += chunk.length;
    if (sizeBytes >= bytesMax) done();
  });
  stream.on('end', done);
  stream.on('error', reject);
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    stream.removeListener('error', reject);
    stream.on('error', () => undefined);
    stream.destroy();
  }
  return Buffer.concat(chunks);
}

/** The text of an answer of the log call, framed or (from a service with a terminal) not. Pure; exported for its test. */
export function lastLines(answer: Buffer, linesMax: number): readonly string[] {
  // One line is one frame; the last one of a container that died may lack its line break.
  const stamped = readFrames(answer)
    .map((frame) => frame.replace(/\n$/, ''))
    .join('\n')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const gap = line.indexOf(' ');
      return gap < 0
        ? { time: line, text: '' }
        : { time: line.slice(0, gap), text: line.slice(gap + 1) };
    });
  // A stable sort: lines of one instant stay in the order in which they were written.
  stamped.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
  return stamped.slice(-linesMax).map(({ text }) => shorten(text.replace(/\r$/, '')));
}

function shorten(line: string): string {
  return line.length > lineLengthMax ? `${line.slice(0, lineLengthMax)}…` : line;
}
