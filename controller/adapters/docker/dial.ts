/** Raw streams of the Engine, for calls that dockerode offers only in a form that is unbounded or cannot be ended. */
import type { IncomingMessage } from 'node:http';
import type Dockerode from 'dockerode';

export interface StreamRequest {
  /** With `?` at its end where there is a query. */
  readonly path: string;
  readonly method: 'GET' | 'POST';
  readonly query: Readonly<Record<string, unknown>>;
  readonly registryAuth: Readonly<Record<string, string>> | undefined;
}

/** The answer's head and its body as it comes. Rejects as dockerode does for every status but 200. */
export async function dialStream(
  docker: Dockerode,
  request: StreamRequest,
  abortSignal: AbortSignal,
): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  docker.modem.dial(
    {
      path: request.path,
      method: request.method,
      // The library takes what it needs out of this object.
      options: { ...request.query },
      ...(request.registryAuth === undefined ? {} : { authconfig: { ...request.registryAuth } }),
      isStream: true,
      statusCodes: { 200: true },
      abortSignal,
    },
    (error, answer) => {
      if (error === null) resolve(answer as IncomingMessage);
      else reject(error);
    },
  );
  return await promise;
}

/** Reads a stream to its end, or to `bytesMax`; what is over is not read. */
export async function readBounded(stream: IncomingMessage, bytesMax: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    sizeBytes += chunk.length;
    if (sizeBytes >= bytesMax) break;
  }
  return Buffer.concat(chunks).subarray(0, bytesMax);
}
