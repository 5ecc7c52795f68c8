/**
 * One pull, to its end. The Engine answers 200 at once and tells errors inside the stream of progress, and a pull whose
 * stream is not read stops; so the stream is read, bounded by the time without any progress.
 */
import type { IncomingMessage } from 'node:http';
import { CiWarmError } from '../../model/failure.ts';
import type { FailureCode } from '../../model/failure.ts';
import type { Connection } from './connect.ts';
import { DeadlineError } from './deadline.ts';
import { dialStream } from './dial.ts';
import { judge } from './errors.ts';
import type { RegistryAuth } from './registry-auth.ts';

const idleMs = 120_000;
const wholeMs = 3_600_000;
const lineLengthMax = 65_536;

/** What comes in the stream of a pull is about the image or its registry: the Engine is there. */
const pullCodes: Partial<Record<FailureCode, FailureCode>> = {
  'no-answer': 'registry-unavailable',
  'tool-failed': 'image-missing',
};

/** Pulls `name@digest`. May be repeated. Errors: `image-missing`, `registry-unavailable`, `registry-denied`, `no-answer`,
 * `disk-full`. */
export async function pull(
  connection: Connection,
  image: { readonly name: string; readonly digest: string },
  registryAuth: RegistryAuth | undefined,
  signal: AbortSignal,
): Promise<void> {
  const what = `pull ${image.name}@${image.digest}`;
  await connection.ask(
    what,
    signal,
    async (docker, abortSignal) => {
      const query = { fromImage: image.name, tag: image.digest };
      const request = { path: '/images/create?', method: 'POST', query, registryAuth } as const;
      await readProgress(await dialStream(docker, request, abortSignal), what);
    },
    wholeMs,
  );
}

async function readProgress(stream: IncomingMessage, what: string): Promise<void> {
  const timer = setTimeout(() => {
    stream.destroy(new DeadlineError(idleMs));
  }, idleMs);
  let rest = '';
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      timer.refresh();
      const lines = (rest + chunk.toString('utf8')).split('\n');
      rest = (lines.pop() ?? '').slice(0, lineLengthMax);
      lines.forEach((line) => {
        failOnError(line, what);
      });
    }
    failOnError(rest, what);
  } finally {
    clearTimeout(timer);
  }
}

function failOnError(line: string, what: string): void {
  if (!line.includes('"error')) return;
  const text = errorOf(line);
  if (text === undefined) return;
  const { code, advice } = judge(0, text);
  throw new CiWarmError(pullCodes[code] ?? code, `Docker: ${what}: ${text}. ${advice}`);
}

function errorOf(line: string): string | undefined {
  try {
    const { error } = JSON.parse(line) as { readonly error?: unknown };
    return typeof error === 'string' ? error : undefined;
  } catch {
    return undefined;
  }
}
