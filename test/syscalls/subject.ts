/**
 * The process that is attacked: does one action, told on its command line, and says on standard output how it ended.
 *
 * It says `ready` first and waits for a line on standard input, so that strace can be attached when everything is
 * loaded: from then on every call that is counted is one of the action's. Its file system calls are made by one thread
 * (UV_THREADPOOL_SIZE=1), which has been started by then.
 */
import { once } from 'node:events';
import { stat } from 'node:fs/promises';

import { CiWarmError } from '../../controller/model/failure.ts';
import { perform, type Order } from './acts.ts';

/** How an action ended, as the subject's last line of standard output. */
export type Ending =
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  /** Something else than the one error that adapters throw. */
  | { readonly kind: 'thrown'; readonly message: string };

function endingOf(thrown: unknown): Ending {
  if (thrown instanceof CiWarmError) {
    return { kind: 'refused', code: thrown.code, message: thrown.message };
  }
  const message = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return { kind: 'thrown', message };
}

const order = JSON.parse(process.argv[2] ?? '') as Order;
await stat('/');
process.stdout.write('ready\n');
await once(process.stdin, 'data');
const ending = await perform(order).then((): Ending => ({ kind: 'done' }), endingOf);
process.stdout.write(`${JSON.stringify(ending)}\n`, () => {
  process.exit(0);
});
