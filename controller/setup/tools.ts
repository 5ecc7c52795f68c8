/** Step: the programs that the controller and its tests run besides the Engine. */
import { findProgram } from './find-program.ts';
import { GroundError } from './ground-error.ts';
import { installPackages, unpackProgram, whyNoPackages } from './packages.ts';

interface Tool {
  readonly program: string;
  readonly packageName: string;
}

/** What the controller runs. The Docker command line is the Engine's own step's business. */
export const controllerTools: readonly Tool[] = [
  { program: 'git', packageName: 'git' },
  { program: 'tar', packageName: 'tar' },
  { program: 'zstd', packageName: 'zstd' },
  { program: 'flock', packageName: 'util-linux' },
];

/**
 * What the tests run besides: kills at chosen system calls, network namespaces for an Engine of their own, file systems
 * with reflinks, signers of commits, a server with a certificate, a program for images that needs no library.
 */
export const testTools: readonly Tool[] = [
  { program: 'gpg', packageName: 'gnupg' },
  { program: 'ssh-keygen', packageName: 'openssh-client' },
  { program: 'openssl', packageName: 'openssl' },
  { program: 'strace', packageName: 'strace' },
  { program: 'ip', packageName: 'iproute2' },
  { program: 'mkfs.xfs', packageName: 'xfsprogs' },
  { program: 'mkfs.btrfs', packageName: 'btrfs-progs' },
  { program: 'chattr', packageName: 'e2fsprogs' },
  { program: 'busybox', packageName: 'busybox-static' },
];

/** Shells besides bash whose completion the tests ask. Without one its tests are left out, and say so. */
const shells: readonly Tool[] = [
  { program: 'zsh', packageName: 'zsh' },
  { program: 'fish', packageName: 'fish' },
];

/** Installs the shells that are missing where it may; where it may not, says what is left out. */
export async function ensureShells(): Promise<string> {
  try {
    return await ensureTools(shells);
  } catch (error) {
    if (!(error instanceof GroundError)) throw error;
    return `completion is not tested in every shell: ${error.message}`;
  }
}

/**
 * Takes an ssh server out of its package, for the tests that fetch from one: installed, it would be started. Where none
 * can be had they are left out, and it is said.
 */
export async function ensureSshServer(): Promise<string> {
  if ((await findProgram('sshd')) !== undefined) return 'sshd is there';
  try {
    // The one library of it that other packages of a small system do not bring.
    if ((await whyNoPackages()) === undefined) await installPackages(['libwrap0']);
    return `sshd is unpacked, and not installed: ${await unpackProgram('openssh-server', 'sshd')}`;
  } catch (error) {
    if (!(error instanceof GroundError)) throw error;
    return `git over ssh is not tested with a server: ${error.message}`;
  }
}

/** Installs those that are missing, and says what it did. */
export async function ensureTools(tools: readonly Tool[]): Promise<string> {
  const missing: Tool[] = [];
  for (const tool of tools) {
    if ((await findProgram(tool.program)) === undefined) missing.push(tool);
  }
  const programs = tools.map((tool) => tool.program).join(', ');
  if (missing.length === 0) return `${programs} are there`;
  const packages = missing.map((tool) => tool.packageName);
  const why = await whyNoPackages();
  if (why !== undefined) {
    throw new GroundError(
      `${missing.map((tool) => tool.program).join(', ')} missing, and ${why}: install ${packages.join(', ')} and try again.`,
    );
  }
  await installPackages(packages);
  return `installed ${packages.join(', ')}`;
}
