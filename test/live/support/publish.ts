/** A release that no sample has: the newest commit of a recipe's repository, changed, with a tag of its own. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Publication {
  readonly tag: string;
  /** What stands in a file is replaced; it has to stand there. */
  readonly edits: readonly (readonly [file: string, from: string, to: string])[];
  /** When it was made; default: a year before the first sample. */
  readonly atSeconds?: number;
}

const LONG_AGO = 1_735_732_800;

/** `repository`: the bare one that the app's recipe is read from. */
export function publish(repository: string, { tag, edits, atSeconds }: Publication): void {
  const folder = mkdtempSync(join(tmpdir(), 'ci-warm-publish-'));
  const date = `${String(atSeconds ?? LONG_AGO)} +0000`;
  const git = (...args: readonly string[]): void => {
    execFileSync('git', ['-C', folder, '-c', 'safe.directory=*', ...args], {
      stdio: 'pipe',
      env: {
        PATH: process.env['PATH'] ?? '',
        ...{ GIT_AUTHOR_NAME: 'Maintainer', GIT_AUTHOR_EMAIL: 'maintainer@example.org' },
        ...{ GIT_COMMITTER_NAME: 'Maintainer', GIT_COMMITTER_EMAIL: 'maintainer@example.org' },
        ...{ GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
      },
    });
  };
  try {
    git('clone', '--quiet', repository, '.');
    for (const [file, from, to] of edits) {
      const path = join(folder, file);
      const text = readFileSync(path, 'utf8');
      if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
      writeFileSync(
        path,
        text.replace(from, () => to),
      );
    }
    git(
      'commit',
      '--quiet',
      '--all',
      '--allow-empty',
      '--message',
      `chore: publish ${tag} release`,
    );
    git('tag', '--annotate', '--message', tag, tag);
    git('push', '--quiet', 'origin', 'HEAD', tag);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
