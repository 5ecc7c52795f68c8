/** A project of its own in a directory of its own, for tests of what runs checks and tests. */
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { execa } from 'execa';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** File name → text. */
export type Files = Readonly<Record<string, string>>;

export interface Ending {
  readonly lastLine: string | undefined;
  readonly exitCode: number | undefined;
  readonly stdout: string;
}

/**
 * Runs a script under this Node in a project of exactly these files, and removes the project. The script is named from
 * the root of the repository; the project sees its packages.
 */
export async function runIn(files: Files, script: string, ...args: string[]): Promise<Ending> {
  const project = await mkdtemp(path.join(tmpdir(), 'ci-warm-sample-'));
  try {
    await symlink(path.join(root, 'node_modules'), path.join(project, 'node_modules'));
    for (const [name, text] of Object.entries(files)) {
      await writeFile(path.join(project, name), text);
    }
    const { stdout, exitCode } = await execa(process.execPath, [path.join(root, script), ...args], {
      cwd: project,
      reject: false,
      stdin: 'ignore',
      timeout: 60_000,
      // Neither the tests around it nor a build server may change what is judged here.
      env: { CI: '', VITEST: '', NO_COLOR: '1', FORCE_COLOR: undefined },
    });
    return { lastLine: stdout.split('\n').at(-1), exitCode, stdout };
  } finally {
    await rm(project, { recursive: true });
  }
}
