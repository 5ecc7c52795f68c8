#!/usr/bin/env node
/**
 * The command `ci-warm`: finds the program and a Node that runs it. In a checkout the program is controller/main.ts, run
 * as it stands; in the built package there is no TypeScript, and it is dist/.
 *
 * Plain JavaScript, because a host's Node as old as 20 may start it. `npx` finds the repository's own Node first, so the
 * second process is the exception.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { findNode, isNewEnough, noNode, runUnder } from './setup/other-node.mjs';

const sources = new URL('main.ts', import.meta.url);
const main = existsSync(sources) ? sources : new URL('../dist/controller/main.js', import.meta.url);

if (isNewEnough) {
  await import(main.href);
} else {
  const node = findNode();
  if (node === undefined) {
    process.stderr.write(`ci-warm: ${noNode}\n`);
    process.exitCode = 1;
  } else {
    process.exitCode = await runUnder(node, fileURLToPath(main), process.argv.slice(2));
  }
}
