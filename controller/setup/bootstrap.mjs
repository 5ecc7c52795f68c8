/**
 * The first thing that `npm start`, `npm test` and `npm run clean` run, on whatever Node the host has (20 or newer).
 *
 * Installs the npm packages when they are missing or when package-lock.json has changed, then goes on in
 * `controller/setup/main.ts` under Node 24: the repository's own, or the host's. Plain JavaScript and no package, because
 * nothing is installed yet; everything that may wait until then is in TypeScript.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findNode, noNode, runUnder } from './other-node.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const main = join(root, 'controller', 'setup', 'main.ts');
const modules = join(root, 'node_modules');
const stamp = join(modules, '.ci-warm-lock-hash');
const ground = join(root, '.ground');

/** Says one sentence and ends. */
function refuse(sentence) {
  process.stderr.write(`ci-warm: ${sentence}\n`);
  process.exit(1);
}

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

/** What the stamp says: for which package-lock.json, and whether node_modules was `made` by us or `found`. */
function readStamp() {
  const [hash, origin] = existsSync(stamp) ? readFileSync(stamp, 'utf8').split(' ') : [];
  return { hash, origin };
}

function packagesAreCurrent() {
  return readStamp().hash === lockHash();
}

function installPackages() {
  if (packagesAreCurrent()) return;
  mkdirSync(ground, { recursive: true });
  const lock = openSync(join(ground, 'npm.lock'), 'a');
  // Two terminals may start at once: the second waits here, and then finds the packages installed. The lock belongs to
  // the open file that we share with flock, so it lasts until we close it or end.
  spawnSync('flock', ['-x', '3'], { stdio: ['ignore', 'ignore', 'ignore', lock] });
  if (!packagesAreCurrent()) runNpm();
  closeSync(lock);
}

function runNpm() {
  const startedAtMs = Date.now();
  process.stderr.write('npm        installing the packages of package-lock.json …\n');
  const origin = readStamp().origin ?? (existsSync(modules) ? 'found' : 'made');
  mkdirSync(modules, { recursive: true });
  writeFileSync(stamp, `unfinished ${origin}`);
  // Not `npm ci`: it refuses a lock file that leaves out an optional package of another platform. This one takes the
  // versions of the lock file too, changes neither file, and leaves alone what is already right.
  const what = ['install', '--no-save', '--include=dev', '--include=optional'];
  const { status, error } = spawnSync('npm', [...what, '--no-progress', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (error !== undefined) {
    refuse(`npm could not be started (${error.message}): install npm and try again.`);
  }
  if (status !== 0) refuse('npm install failed: see its message above, then try again.');
  writeFileSync(stamp, `${lockHash()} ${origin}`);
  const seconds = ((Date.now() - startedAtMs) / 1000).toFixed(1);
  process.stderr.write(`npm        installed the packages (${seconds} s)\n`);
}

/**
 * npm 9 takes the command `node` of this platform's package away together with that of the package for the other
 * platform, which it does not install: without it `npx vitest` and `npm run` go on under the host's own Node.
 */
function linkNode(node) {
  const link = join(modules, '.bin', 'node');
  if (!node.startsWith(modules) || existsSync(link)) return;
  mkdirSync(dirname(link), { recursive: true });
  try {
    symlinkSync(relative(dirname(link), node), link);
  } catch (error) {
    // Another start has just made it; or this user may not, and needs it for nothing that follows here.
    if (!['EEXIST', 'EACCES', 'EROFS'].includes(error.code)) throw error;
  }
}

async function goOn(arguments_) {
  const node = findNode() ?? refuse(noNode);
  linkNode(node);
  const code = await runUnder(node, main, arguments_);
  if (code === 0 && arguments_[0] === 'clean') removePackages();
  process.exitCode = code;
}

/** Only a node_modules that was made here: one that was found belongs to somebody else. */
function removePackages() {
  if (readStamp().origin !== 'made') return;
  rmSync(modules, { recursive: true, force: true });
  process.stderr.write('npm        removed node_modules\n');
}

if (process.platform !== 'linux')
  refuse(`Docker Swarm on this machine needs Linux, and this is ${process.platform}.`);
if (process.argv[2] === 'clean' && !existsSync(ground) && !existsSync(stamp)) {
  process.stderr.write('clean      there is nothing to remove\n');
} else {
  installPackages();
  await goOn(process.argv.slice(2));
}
