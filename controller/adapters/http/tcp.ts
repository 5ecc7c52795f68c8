/** One connection, for whether it is accepted. */
import { connect } from 'node:net';
import { reasonOf } from '../../model/failure.ts';
import { green, red, unknown } from './answer.ts';
import type { Answer } from './answer.ts';
import { probeLimitMs } from './http.ts';
import type { Endpoint } from './http.ts';

/** Green when the task accepts the connection; nothing is sent. */
export async function askTcp(at: Endpoint, signal: AbortSignal): Promise<Answer> {
  const { promise, resolve } = Promise.withResolvers<Answer>();
  const socket = connect({ host: at.address, port: at.port, signal });
  const timer = setTimeout(() => {
    socket.destroy(new Error(`no answer within ${String(probeLimitMs / 1000)} s`));
  }, probeLimitMs);
  socket.on('connect', () => {
    resolve(green);
    socket.destroy();
  });
  socket.on('error', (error) => {
    resolve(signal.aborted ? unknown('the probe was stopped') : red(reasonOf(error)));
  });
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}
