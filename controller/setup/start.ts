/** `npm start`: the ground, then the controller on the sample tree, in the foreground until Ctrl-C. The apps stay. */
import { join } from 'node:path';
import { ensureGround } from './ground.ts';
import { GroundError } from './ground-error.ts';
import { withLock } from './lock.ts';
import { paths } from './paths.ts';
import { claimStateDirectory } from './state-directory.ts';

/** Becomes the controller: does not return. */
export async function start(): Promise<never> {
  if (process.getuid?.() !== 0) {
    throw new GroundError(
      'the sample tree has an app with data, and only root can save and restore its volume: run `sudo npm start`.',
    );
  }
  await withLock(paths.lock, claimStateDirectory);
  await ensureGround({ forTests: false });
  process.stderr.write(
    'start      the controller, on the tree in desired/ (Ctrl-C stops it, the apps stay)\n',
  );
  return become('controller/main.ts', ['controller', '--desired', './desired'], {});
}

/** Goes on as another program of this repository, in this very process: signals and exit code are its own. */
export function become(
  program: string,
  arguments_: readonly string[],
  environment: Readonly<Record<string, string>>,
): never {
  process.chdir(paths.root);
  const node = process.execPath;
  if (process.execve === undefined) throw new GroundError('this Node is too old: install Node 24.');
  return process.execve(node, [node, join(paths.root, program), ...arguments_], {
    ...process.env,
    ...environment,
  });
}
