/** Small git repositories for tests: made by `git fast-import`, so that a whole history is one process. */
import { execFileSync } from 'node:child_process';

export interface CommitSpec {
  /** Path → text or bytes. A commit holds just these. */
  readonly files: Readonly<Record<string, string | Buffer>>;
  /** Paths that are symbolic links, and where they lead. */
  readonly links?: Readonly<Record<string, string>>;
  readonly tags?: readonly string[];
  readonly lightTags?: readonly string[];
  readonly branch?: string;
  /** It follows what the branch is at in the repository; else the first commit of a call begins a history anew. */
  readonly onTop?: boolean;
}

const author = 'Maintainer <maintainer@example.org>';
/** 1 January 2026, 12:00 UTC; every commit is an hour after the one before, and its tags half an hour later. */
const firstSeconds = 1_767_268_800;

/** Makes the bare repository, or adds to it. Returns the commits' ids. */
export function makeRepository(
  path: string,
  commits: readonly CommitSpec[],
  startIndex = 0,
): readonly string[] {
  git('/', ['init', '--quiet', '--bare', '--initial-branch=main', path]);
  const marks = `${path}.marks`;
  const chunks = commits.flatMap((commit, index) => commitInput(commit, index, startIndex + index));
  execFileSync(
    'git',
    ['--git-dir', path, 'fast-import', '--quiet', '--force', `--export-marks=${marks}`],
    { input: Buffer.concat(chunks.map((chunk) => Buffer.from(chunk))), env: gitEnv },
  );
  return execFileSync('cat', [marks])
    .toString()
    .trim()
    .split('\n')
    .map((line): [number, string] => [
      Number(line.slice(1).split(' ')[0]),
      line.split(' ')[1] ?? '',
    ])
    .sort(([a], [b]) => a - b)
    .map(([, id]) => id);
}

const gitEnv = {
  PATH: process.env['PATH'] ?? '',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_DATE: '2026-01-01T00:00:00Z',
  GIT_COMMITTER_DATE: '2026-01-01T00:00:00Z',
  GIT_AUTHOR_NAME: 'Maintainer',
  GIT_AUTHOR_EMAIL: 'maintainer@example.org',
  GIT_COMMITTER_NAME: 'Maintainer',
  GIT_COMMITTER_EMAIL: 'maintainer@example.org',
};

/** Git in a repository, without anybody's configuration. */
export function git(path: string, args: readonly string[]): string {
  return execFileSync('git', args, { cwd: path, env: gitEnv, stdio: ['ignore', 'pipe', 'ignore'] })
    .toString()
    .trim();
}

function commitInput(commit: CommitSpec, index: number, age: number): readonly (string | Buffer)[] {
  const mark = index + 1;
  const seconds = firstSeconds + age * 3600;
  const branch = commit.branch ?? 'main';
  return [
    `commit refs/heads/${branch}\nmark :${mark}\ncommitter ${author} ${seconds} +0000\n`,
    ...data(`commit ${age}`),
    ...(commit.onTop === true ? [`from refs/heads/${branch}^0\n`] : []),
    'deleteall\n',
    ...Object.entries(commit.files).flatMap(([path, content]) => [
      `M 100644 inline ${path}\n`,
      ...data(content),
    ]),
    ...Object.entries(commit.links ?? {}).flatMap(([path, target]) => [
      `M 120000 inline ${path}\n`,
      ...data(target),
    ]),
    ...(commit.lightTags ?? []).map((tag) => `reset refs/tags/${tag}\nfrom :${mark}\n\n`),
    ...(commit.tags ?? []).flatMap((tag) => [
      `tag ${tag}\nfrom :${mark}\ntagger ${author} ${seconds + 1800} +0000\n`,
      ...data(`chore: publish ${tag} release`),
    ]),
  ];
}

function data(content: string | Buffer): readonly (string | Buffer)[] {
  return [`data ${Buffer.byteLength(content)}\n`, content, '\n'];
}
