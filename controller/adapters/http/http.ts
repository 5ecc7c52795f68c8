/** One GET, for its status alone. */
import { request } from 'node:http';
import type { HttpProbe } from '../../model/desired.ts';
import { reasonOf } from '../../model/failure.ts';
import { green, red, unknown } from './answer.ts';
import type { Answer } from './answer.ts';

/** A probe that takes longer is red. */
export const probeLimitMs = 5_000;

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/**
 * Green when the status is one of the probe's. The app is asked under its own name, as the proxy would; redirects are
 * not followed, and the body is not read.
 */
export async function askHttp(
  at: Endpoint,
  probe: HttpProbe,
  domain: string,
  signal: AbortSignal,
): Promise<Answer> {
  const { promise, resolve } = Promise.withResolvers<Answer>();
  const call = request(
    {
      host: at.address,
      port: at.port,
      path: probe.path,
      method: 'GET',
      headers: { host: domain, 'user-agent': 'ci-warm', accept: '*/*' },
      // A connection of its own: a kept one says that the app lived a moment ago.
      agent: false,
      signal,
    },
    (response) => {
      const status = response.statusCode ?? 0;
      resolve(isWanted(status, probe) ? green : red(`status ${String(status)}`));
      response.destroy();
    },
  );
  const timer = setTimeout(() => {
    call.destroy(new Error(`no answer within ${String(probeLimitMs / 1000)} s`));
  }, probeLimitMs);
  call.on('error', (error) => {
    resolve(signal.aborted ? unknown('the probe was stopped') : red(reasonOf(error)));
  });
  call.end();
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}

function isWanted(status: number, probe: HttpProbe): boolean {
  return probe.status.some((wanted) =>
    typeof wanted === 'number' ? status === wanted : status >= wanted.from && status <= wanted.to,
  );
}
