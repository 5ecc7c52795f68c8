/**
 * Goes on under a Node that is new enough (24), from whatever Node the host has (20 or newer). Plain JavaScript and no
 * package, because it is used by what runs before anything is installed, and by the command `ci-warm`.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';

const oldest = 24;

/** Whether the Node that runs this is new enough itself. */
export const isNewEnough = Number.parseInt(process.versions.node, 10) >= oldest;

/** What to say when `findNode` finds none. */
export const noNode =
  `the Node that comes with ci-warm does not run here, and the host's is ${process.version}: ` +
  `install Node ${oldest} or newer and try again.`;

/** The Node that the packages bring, where it runs (not on NixOS or musl); else the host's, when new enough. */
export function findNode() {
  const own = findOwn();
  if (own !== undefined && spawnSync(own, ['--version'], { stdio: 'ignore' }).status === 0) {
    return own;
  }
  return isNewEnough ? process.execPath : undefined;
}

/** Asked of Node rather than of node_modules/.bin: as a dependency of something else, ours are further up. */
function findOwn() {
  const manifest = `node-${process.platform}-${process.arch}/package.json`;
  try {
    return path.join(path.dirname(createRequire(import.meta.url).resolve(manifest)), 'bin', 'node');
  } catch {
    return undefined;
  }
}

/**
 * Runs `script` under `node` as if it were this process: the same streams and signals. Resolves with its exit code;
 * when a signal ended it, the same signal ends this process.
 */
export function runUnder(node, script, args) {
  const child = spawn(node, [script, ...args], { stdio: 'inherit' });
  // On a terminal Ctrl-C reaches the child by itself; passing it on would make it two.
  process.on('SIGINT', () => {
    if (!process.stdin.isTTY) child.kill('SIGINT');
  });
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      if (signal === null) {
        resolve(code);
        return;
      }
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    });
  });
}
