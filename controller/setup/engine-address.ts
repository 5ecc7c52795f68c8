/** Where the Docker Engine is expected, and whether it answers there. */
import { request } from 'node:http';
import type { RequestOptions } from 'node:http';

const usualSocket = '/var/run/docker.sock';
const answerMs = 3_000;

export type EngineAnswer =
  | { readonly kind: 'answers' }
  | { readonly kind: 'silent' }
  /** The socket is there, but this user may not use it. */
  | { readonly kind: 'forbidden' };

/** `DOCKER_HOST`, or undefined for the usual socket. */
export function engineElsewhere(): string | undefined {
  const host = process.env['DOCKER_HOST'];
  return host === undefined || host === '' || host === `unix://${usualSocket}` ? undefined : host;
}

/** Asks the Engine for a sign of life. Never throws. */
export async function askEngine(): Promise<EngineAnswer> {
  const host = engineElsewhere() ?? `unix://${usualSocket}`;
  const { promise, resolve } = Promise.withResolvers<EngineAnswer>();
  const call = request({ ...addressOf(host), path: '/_ping', timeout: answerMs }, (response) => {
    response.resume();
    resolve({ kind: response.statusCode === 200 ? 'answers' : 'silent' });
  });
  call.on('timeout', () => call.destroy(new Error('no answer')));
  call.on('error', (error: NodeJS.ErrnoException) => {
    resolve({ kind: error.code === 'EACCES' ? 'forbidden' : 'silent' });
  });
  call.end();
  return promise;
}

function addressOf(host: string): RequestOptions {
  if (host.startsWith('unix://')) return { socketPath: host.slice('unix://'.length) };
  const { hostname, port } = new URL(host.replace(/^tcp:/, 'http:'));
  return { hostname, port: port === '' ? 2375 : Number(port) };
}
