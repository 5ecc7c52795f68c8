/** A process that takes the lock of the directory in its argument, says so and lives until it is killed. */
import { acquireLock } from '../../../controller/adapters/files/lock.ts';

const [, , stateDir = ''] = process.argv;
await acquireLock({ stateDir, pid: process.pid, startedAt: '2026-11-21T09:00:00.000Z' });
process.stdout.write('held\n');
setInterval(() => undefined, 60_000);
