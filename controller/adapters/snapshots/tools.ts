/**
 * GNU tar and zstd: with which options they are run, and what their failures mean.
 *
 * The options keep everything of a tree but sockets; which each one keeps is told by the fidelity test.
 */
import { CiWarmError } from '../../model/failure.ts';
import { run, start, type Finished, type Running } from '../process/run.ts';
import type { PackedPlaces } from './volume-driver.ts';

/** What keeps a tree whole; the bench compares with a plain pipe of these. */
export const PACK_FLAGS: readonly string[] = [
  '--format=posix',
  '--numeric-owner',
  '--xattrs',
  '--xattrs-include=*',
  '--acls',
  '--sparse',
];

/** The same for the way back. */
export const UNPACK_FLAGS: readonly string[] = [
  '--preserve-permissions',
  '--same-owner',
  '--delay-directory-restore',
  '--numeric-owner',
  '--xattrs',
  '--xattrs-include=*',
  '--acls',
];

/**
 * Those of PACK_FLAGS that reading a tree back for its digest takes: an ACL is among the extended attributes, as the
 * kernel keeps it. To have tar look for its text as well costs a quarter of the reading.
 */
const READ_FLAGS = PACK_FLAGS.filter((flag) => flag !== '--acls');

/** Times of last access and change cannot be put back, and would be the larger part of each small file's header. */
const NO_OTHER_TIMES = '--pax-option=delete=atime,delete=ctime';

/** As much as a pipe holds: measured to cost a third less of the kernel's time than tar's own 10 KiB, and more costs more. */
const BLOCKING = '--blocking-factor=128';

/** Not how long it may take but when it must have hung: an app of a terabyte is still done. */
const HUNG_AFTER_MS = 12 * 60 * 60_000;

/** Each socket costs a line of stderr. */
const OUTPUT_BYTES_MAX = 4 * 1024 * 1024;

/**
 * Zstandard's fastest ordinary level, on every core: it takes less of them than one thread with helpers for its files.
 * The frame carries a checksum of what went in.
 */
const COMPRESS = 'zstd -q -1 -T0 --check';

/** From here on each core gets this much at a time: a tenth faster, but the first of it comes late, which a little data feels. */
const LARGE_BYTES = 256 * 1024 * 1024;
const LARGE_JOBS = '-B16MiB';
const DECOMPRESS = 'zstd -q -d';

/** Names in messages and listings without control characters or ambiguity. */
const QUOTING = '--quoting-style=escape';

/**
 * Packs the tree below `directory`, the directory itself first, into a compressed archive. The pipe between the two
 * programs is tar's own, and tar fails when zstd does. Errors: `disk-full`, `tool-failed`, `aborted`.
 */
export async function pack(
  doing: string,
  { directory, archive, aboutBytes }: Omit<PackedPlaces, 'what'>,
  signal: AbortSignal,
): Promise<{ readonly sockets: readonly string[] }> {
  const compress = aboutBytes < LARGE_BYTES ? COMPRESS : `${COMPRESS} ${LARGE_JOBS}`;
  const { stderr } = await runTool(
    doing,
    'tar',
    [
      '--create',
      `--use-compress-program=${compress}`,
      ...PACK_FLAGS,
      NO_OTHER_TIMES,
      BLOCKING,
      QUOTING,
      `--file=${archive}`,
      '-C',
      directory,
      '.',
    ],
    signal,
  );
  const lines = stderr.matchAll(/^tar: (?:\.\/)?(.*): socket ignored$/gm);
  return { sockets: [...lines].map((match) => match[1] ?? '') };
}

/**
 * Decompresses an archive and unpacks it into a directory. Writes each name, escaped, to the file `namesFile` before it
 * makes it: were that a pipe, each name would wake its reader, and that costs a third of the unpacking of small files.
 * Errors: `disk-full`, `tool-failed`, `aborted`.
 */
export async function unpack(
  doing: string,
  {
    archive,
    directory,
    namesFile,
  }: Readonly<Record<'archive' | 'directory' | 'namesFile', string>>,
  signal: AbortSignal,
): Promise<void> {
  const args = [
    '--extract',
    '--verbose',
    `--index-file=${namesFile}`,
    `--use-compress-program=${DECOMPRESS}`,
    ...UNPACK_FLAGS,
    BLOCKING,
    QUOTING,
    '--warning=no-timestamp',
    `--file=${archive}`,
    '-C',
    directory,
  ];
  await runTool(doing, 'tar', args, signal);
}

/** Reads names, each ended by a zero byte, and writes those entries of `directory` to standard output as it goes. */
export function startReadNamed(
  doing: string,
  directory: string,
  signal: AbortSignal,
  flags: readonly string[] = READ_FLAGS,
): Running {
  const names = ['--no-recursion', '--null', '--files-from=-'];
  const args = [
    '--create',
    ...flags,
    NO_OTHER_TIMES,
    BLOCKING,
    QUOTING,
    '--file=-',
    '-C',
    directory,
  ];
  return startTool(doing, 'tar', [...args, ...names], signal);
}

/** Writes the names of what is in `directory`, itself among it, as far as find's `tests` hold; each ends in a zero byte. */
export function startFind(
  doing: string,
  directory: string,
  tests: readonly string[],
  signal: AbortSignal,
): Running {
  return startTool(doing, 'find', ['.', ...tests, '-print0'], signal, directory);
}

/** Waits until everything that was written on the file system of `path` is on its disk. */
export async function syncFileSystem(path: string, signal: AbortSignal): Promise<void> {
  await runTool(`syncing the file system of ${path}`, 'sync', ['-f', path], signal);
}

/** Bytes that the trees take on disk, and how many names they have. */
export async function measureTrees(
  paths: readonly string[],
  signal: AbortSignal,
): Promise<{ readonly bytes: number; readonly entries: number }> {
  const doing = 'measuring volumes';
  const total = async (...flags: string[]): Promise<number> => {
    const { stdout } = await runTool(doing, 'du', ['-s', '-c', ...flags, '--', ...paths], signal);
    return Number(/^(\d+)\ttotal$/m.exec(stdout)?.[1] ?? 0);
  };
  if (paths.length === 0) return { bytes: 0, entries: 0 };
  return { bytes: await total('--block-size=1'), entries: await total('--inodes') };
}

/** Names and versions of the tools, for the manifest. Throws `tool-failed` when one is missing or is another's. */
export async function toolVersions(signal: AbortSignal): Promise<Readonly<Record<string, string>>> {
  const [tar, zstd] = await Promise.all(
    ['tar', 'zstd'].map((program) =>
      runTool(`asking ${program} for its version`, program, ['--version'], signal),
    ),
  );
  const gnu = /^tar \(GNU tar\) (\S+)/.exec(tar?.stdout ?? '')?.[1];
  if (gnu === undefined) {
    const why = 'the `tar` in PATH is not GNU tar, which alone keeps everything of a volume';
    throw new CiWarmError('tool-failed', `asking tar for its version: ${why}; install it`);
  }
  return { tar: gnu, zstd: /v?(\d+\.\d+\.\d+)/.exec(zstd?.stdout ?? '')?.[1] ?? 'unknown' };
}

/** The failure of a tool, as `disk-full` where that was it. */
function toolFailure(thrown: unknown): unknown {
  const full = /No space left on device|Disk quota exceeded/;
  return thrown instanceof CiWarmError && thrown.code === 'tool-failed' && full.test(thrown.message)
    ? new CiWarmError('disk-full', `${thrown.message}; free some space`, thrown)
    : thrown;
}

/** Starts one in a pipeline, as `start` does. Errors: also `disk-full`. */
export function startTool(
  doing: string,
  program: string,
  args: readonly string[],
  signal: AbortSignal,
  cwd?: string,
): Running {
  const running = start(
    {
      doing,
      program,
      args,
      timeoutMs: HUNG_AFTER_MS,
      ...(cwd === undefined ? {} : { cwd }),
    },
    signal,
  );
  const finished = running.finished.catch((error: unknown) => {
    throw toolFailure(error);
  });
  return { ...running, finished };
}

/** Runs one to its end, as `run` does. Errors: also `disk-full`. */
export async function runTool(
  doing: string,
  program: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<Finished> {
  try {
    return await run(
      { doing, program, args, timeoutMs: HUNG_AFTER_MS, outputBytesMax: OUTPUT_BYTES_MAX },
      signal,
    );
  } catch (error) {
    throw toolFailure(error);
  }
}
