/**
 * The image that all sample images stand on, made from what is on this machine: Node's own binary, the libraries that it
 * links, and busybox. Nothing is pulled.
 */
import {
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  realpath,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { attempt, run } from './command.ts';
import { hashTexts } from './content-hash.ts';
import { findProgram } from './find-program.ts';
import { recordImage } from './made.ts';
import { unpackProgram } from './packages.ts';
import { paths } from './paths.ts';

export const baseImage = 'ci-warm-samples/base';
/** Carried by every image that the ground makes; its value is the hash of what the image was made from. */
export const imageLabel = 'dev.ci-warm.sample-image';
/** Carried by each as well, `name=value`: which checkout built it. */
export const checkoutLabel = `dev.ci-warm.sample-checkout=${hashTexts([paths.root])}`;

const nodeInImage = '/bin/node';
/** The same files give the same layer, whoever packs them and when. */
const reproducible = ['--owner=0', '--group=0', '--sort=name', '--mtime=@0'];

/** Builds it unless it is there, and returns the hash of its inputs. */
export async function ensureBaseImage(): Promise<string> {
  const files = await filesOfBase();
  const inputs = await hashInputs(files);
  const found = await attempt('docker', [
    ...['image', 'inspect', '--format', `{{index .Config.Labels "${imageLabel}"}}`],
    `${baseImage}:${inputs}`,
  ]);
  if (found.ok && found.stdout.trim() === inputs) return inputs;
  await recordImage(inputs);
  const tree = await mkdtemp(join(paths.ground, 'base-'));
  try {
    await fillTree(tree, files);
    const archive = `${tree}.tar`;
    try {
      await run('tar', ['--create', '--file', archive, ...reproducible, '-C', tree, '.']);
      await run('docker', [
        ...[
          'import',
          '--change',
          'ENV PATH=/bin',
          '--change',
          `LABEL ${imageLabel}=${inputs} ${checkoutLabel}`,
        ],
        ...[archive, `${baseImage}:${inputs}`],
      ]);
    } finally {
      await rm(archive, { force: true });
    }
  } finally {
    await rm(tree, { recursive: true, force: true });
  }
  return inputs;
}

/** Node is known by its version: reading its 100 MB would take longer than the whole of a second start may. */
async function hashInputs(files: ReadonlyMap<string, string>): Promise<string> {
  const texts = [`node ${process.version} ${process.arch}`];
  for (const [inImage, onHost] of [...files].sort()) {
    texts.push(inImage, inImage === nodeInImage ? '' : await readFile(onHost, 'base64'));
  }
  return hashTexts(texts);
}

/** Path in the image → path on the host. */
async function filesOfBase(): Promise<ReadonlyMap<string, string>> {
  const node = await realpath(process.execPath);
  const files = new Map([
    [nodeInImage, node],
    ['/bin/busybox', await findBusybox()],
  ]);
  // `libm.so.6 => /lib/…/libm.so.6 (0x…)`, and the loader itself: `/lib64/ld-linux-x86-64.so.2 (0x…)`
  for (const [, library] of (await run('ldd', [node])).matchAll(/(\/\S+) \(0x/g)) {
    if (library !== undefined) files.set(library, library);
  }
  return files;
}

/** A busybox that needs no library: the host's, or one out of Debian's package. */
async function findBusybox(): Promise<string> {
  const installed = await findProgram('busybox');
  // ldd fails, and says so, on a program without libraries.
  if (installed !== undefined && !(await attempt('ldd', [installed])).ok) return installed;
  return unpackProgram('busybox-static', 'busybox');
}

async function fillTree(tree: string, files: ReadonlyMap<string, string>): Promise<void> {
  for (const [inImage, onHost] of files) {
    await mkdir(dirname(join(tree, inImage)), { recursive: true });
    await copyFile(onHost, join(tree, inImage));
  }
  const applets = (await run(join(tree, 'bin', 'busybox'), ['--list'])).split('\n');
  for (const applet of applets) {
    if (applet !== '' && applet !== 'busybox') await symlink('busybox', join(tree, 'bin', applet));
  }
  for (const folder of ['etc', 'tmp', 'data', 'run']) await mkdir(join(tree, folder));
  await writeFile(join(tree, 'etc', 'passwd'), 'root:x:0:0:root:/:/bin/sh\n');
  await writeFile(join(tree, 'etc', 'group'), 'root:x:0:\n');
}
