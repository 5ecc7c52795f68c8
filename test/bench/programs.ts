/** The program under measurement, as it is run from a checkout and as it is published. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface ProgramForm {
  readonly name: 'sources' | 'built';
  /** What Node is given; the arguments of ci-warm follow. */
  readonly command: readonly string[];
}

/** As in a checkout: TypeScript, run as it stands. */
export const sources: ProgramForm = {
  name: 'sources',
  command: [join(root, 'controller/ci-warm.mjs')],
};

/**
 * Compiles into a folder of its own, so that nobody's `dist/` is touched, and lays beside it what a published package
 * has. Takes some seconds.
 */
export function build(folder: string): ProgramForm {
  mkdirSync(folder, { recursive: true });
  for (const name of ['package.json', 'schema', 'node_modules']) {
    symlinkSync(join(root, name), join(folder, name));
  }
  execFileSync(
    process.execPath,
    [
      ...[join(root, 'node_modules/typescript/bin/tsc'), '-p', join(root, 'tsconfig.build.json')],
      ...['--outDir', join(folder, 'dist')],
    ],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );
  return { name: 'built', command: [join(folder, 'dist/controller/main.js')] };
}
