/**
 * Runs the program: as a person does, in a process of its own with nothing of this one's terminal or colours; or in
 * this process, which is the same but for the process, and quick.
 */
import { fileURLToPath } from 'node:url';

import { execa } from 'execa';

import { runCli } from '../../controller/cli/run.ts';
import { plain } from '../../controller/report/table.ts';

const main = fileURLToPath(new URL('../../controller/main.ts', import.meta.url));

export interface Answer {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Surroundings {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Never throws for an exit code. */
export async function ciWarm(args: readonly string[], around: Surroundings = {}): Promise<Answer> {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [main, ...args], {
    reject: false,
    stdin: 'ignore',
    extendEnv: false,
    env: { PATH: process.env['PATH'] ?? '', ...around.env },
    ...(around.cwd === undefined ? {} : { cwd: around.cwd }),
    stripFinalNewline: false,
    timeout: 30_000,
  });
  return { exitCode, stdout, stderr };
}

/**
 * The answer without a place that was typed: the same for every place. That the commands which it names carry the place
 * is told by test/cli/hints.test.ts.
 */
export function withoutPlace(
  answer: Answer,
  option: '--state' | '--desired',
  place: string,
): Answer {
  const cut = (text: string): string => text.replaceAll(` ${option} ${place}`, '');
  return { ...answer, stdout: cut(answer.stdout), stderr: cut(answer.stderr) };
}

/** Half an hour after everything that test/build/state-directory.ts tells of. */
const now = Date.parse('2026-11-21T10:00:00Z');

/** The same without a process, at a time that stands still. */
export async function ciWarmHere(args: readonly string[]): Promise<Answer> {
  const said = { stdout: '', stderr: '' };
  const terminal = {
    out: (text: string) => {
      said.stdout += text;
    },
    say: (text: string) => {
      said.stderr += `${text}\n`;
    },
    paint: plain,
    columns: 80,
  };
  const exitCode = await runCli({
    args,
    terminal,
    now: () => now,
    isRoot: true,
    isDebugging: false,
  });
  return { exitCode, ...said };
}
