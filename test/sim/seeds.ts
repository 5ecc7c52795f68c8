/**
 * `node test/sim/seeds.ts FROM COUNT`: prints what `trySeeds` says of these worlds. A process of its own, because the
 * tests' loader makes each access to another module's name cost more, which a world of small calls feels; and one for
 * all of them, because each process has to warm up first, which takes as long as some hundred worlds.
 */
import { trySeeds } from './try-seeds.ts';

// Many calls are made to fail, and nobody reads where: `npm run sim -- --replay SEED` still tells it.
Error.stackTraceLimit = 0;

const [from = '', count = ''] = process.argv.slice(2);
process.stdout.write(await trySeeds(Number(from), Number(count)));
