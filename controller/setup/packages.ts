/**
 * Debian's packages: installing them where the system lacks them, and taking single programs out of them where it
 * need not be changed for it.
 *
 * Invariant (R2): what apt is about to add is asked first and written down before it adds it.
 */
import { appendFile, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { attempt } from './command.ts';
import type { CommandResult } from './command.ts';
import { findProgram, findProgramUnder } from './find-program.ts';
import { GroundError } from './ground-error.ts';
import { readMade, recordMade } from './made.ts';
import { paths } from './paths.ts';
import { announce } from './report-step.ts';

const aptEnvironment = { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' };
const complaintCharactersMax = 1_500;

/** A sentence that says why packages cannot be installed here, or undefined when they can. */
export async function whyNoPackages(): Promise<string | undefined> {
  if ((await findProgram('apt-get')) === undefined) return 'this is not Debian or Ubuntu';
  if (process.getuid?.() !== 0) return 'this is not root';
  return undefined;
}

/** Installs packages and whatever they depend on (nothing that they merely recommend). Repeating it changes nothing. */
export async function installPackages(names: readonly string[]): Promise<void> {
  announce('packages', `installing ${names.join(', ')}`);
  const simulated = await withFreshLists(() =>
    apt(['install', '--simulate', '--no-install-recommends', ...names]),
  );
  const before = await readMade();
  const added = namesOfAdded(simulated.stdout);
  await recordMade({ packages: [...new Set([...before.packages, ...added])].sort() });
  must(await apt(['install', '--yes', '--no-install-recommends', ...names]), names);
}

/** Removes packages that `installPackages` added, with their configuration. */
export async function purgePackages(names: readonly string[]): Promise<void> {
  // Debian marks some as important (e2fsprogs is), and takes none of them away unasked; these were not there before.
  must(await apt(['purge', '--yes', '--allow-remove-essential', ...names]), names);
}

/**
 * The program `name` out of a package, without installing it: for programs that need no set-up of their own, and whose
 * package would start a service. Returns its path under `.ground/unpacked/`.
 */
export async function unpackProgram(packageName: string, name: string): Promise<string> {
  const folder = join(paths.unpacked, packageName);
  const earlier = await findProgramUnder(folder, name);
  if (earlier !== undefined) return earlier;
  if ((await findProgram('apt-get')) === undefined) {
    throw new GroundError(
      `install \`${packageName}\` (this is not Debian or Ubuntu) and try again.`,
    );
  }
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  must(await withFreshLists(() => apt(['download', packageName], folder)), [packageName]);
  for (const archive of await readdir(folder)) {
    if (!archive.endsWith('.deb')) continue;
    must(await attempt('dpkg-deb', ['--extract', join(folder, archive), folder]), [packageName]);
    await rm(join(folder, archive));
  }
  const program = await findProgramUnder(folder, name);
  if (program !== undefined) return program;
  throw new GroundError(
    `the package ${packageName} of this system brings no program \`${name}\`: install one and try again.`,
  );
}

/** Runs an apt command; when it fails, fetches the package lists (a fresh machine has none) and runs it again. */
async function withFreshLists(command: () => Promise<CommandResult>): Promise<CommandResult> {
  const first = await command();
  if (first.ok) return first;
  if (process.getuid?.() === 0) must(await apt(['update']), []);
  return must(await command(), []);
}

async function apt(arguments_: readonly string[], cwd?: string): Promise<CommandResult> {
  const result = await attempt('apt-get', ['-q', ...arguments_], {
    env: aptEnvironment,
    ...(cwd === undefined ? {} : { cwd }),
  });
  await mkdir(paths.ground, { recursive: true });
  await appendFile(
    paths.packageLog,
    `$ apt-get ${arguments_.join(' ')}\n${result.stdout}\n${result.stderr}\n`,
  );
  return result;
}

/** `Inst name (version …)` is a package that is not there yet; `Inst name [old] (new …)` would be changed. */
function namesOfAdded(simulation: string): readonly string[] {
  const lines = simulation.matchAll(/^Inst (\S+) \(/gm);
  return [...lines].flatMap(([, name]) => (name === undefined ? [] : [name]));
}

function must(result: CommandResult, names: readonly string[]): CommandResult {
  if (result.ok) return result;
  const complaint = (result.stderr || result.stdout).trim().slice(-complaintCharactersMax);
  const what = names.length === 0 ? 'package lists' : names.join(', ');
  throw new GroundError(
    `apt-get could not provide ${what} (its whole output is in ${paths.packageLog}):\n${complaint}`,
  );
}
