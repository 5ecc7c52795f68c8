/** Scripts in front of the programs that the product runs, for as long as a test takes. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export class ReplacedPrograms {
  /** Where the scripts are; first in PATH once there is one. */
  readonly directory = mkdtempSync('/var/tmp/ci-warm-programs-');
  readonly #path = process.env['PATH'];

  /** Puts a script in front of a program; `"$real"` is the program itself. */
  replace(program: string, script: string): void {
    const real = execFileSync('which', [program], { encoding: 'utf8' }).trim();
    writeFileSync(join(this.directory, program), `#!/bin/sh\nreal=${real}\n${script}\n`);
    chmodSync(join(this.directory, program), 0o755);
    process.env['PATH'] = `${this.directory}:${this.#path ?? ''}`;
  }

  /** The programs themselves again; what replaced them may be put back no more. */
  restore(): void {
    process.env['PATH'] = this.#path;
  }

  remove(): void {
    this.restore();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
