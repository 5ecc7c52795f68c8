/**
 * Step: the sample images, one for each release under `examples/images/<name>/releases/`, in the loopback registry.
 *
 * Built from what is on this machine, and only when what they are made from has changed.
 */
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { baseImage, checkoutLabel, ensureBaseImage, imageLabel } from './base-image.ts';
import { attempt, run } from './command.ts';
import { hashFiles, hashTexts, listFiles } from './content-hash.ts';
import { readMade, recordImage, recordMade } from './made.ts';
import { paths } from './paths.ts';
import { registryAddress, registryDigest } from './registry.ts';
import { announce } from './report-step.ts';

interface SampleImage {
  readonly name: string;
  readonly version: string;
  readonly folder: string;
  readonly inputs: string;
}

/** `name:version` → what it was made from, and the digest that the registry then had. */
type ImageRecord = Readonly<Record<string, { readonly inputs: string; readonly digest: string }>>;

/** Says how many images there are and how many of them were built. */
export async function ensureImages(): Promise<string> {
  const base = await ensureBaseImage();
  const images = await listImages(base);
  const record = await readRecord();
  const stale: SampleImage[] = [];
  for (const image of images) {
    const known = record[`${image.name}:${image.version}`];
    const current =
      known?.inputs === image.inputs &&
      (await registryDigest(image.name, image.version)) === known.digest;
    if (!current) stale.push(image);
  }
  if (stale.length === 0) return `${images.length} sample images are in the registry`;
  announce('images', `building ${stale.length} sample images`);
  const built: Record<string, { inputs: string; digest: string }> = { ...record };
  for (const image of stale) {
    const digest = await buildImage(image, base);
    built[`${image.name}:${image.version}`] = { inputs: image.inputs, digest };
    await writeFile(paths.imageRecord, `${JSON.stringify(built, null, 2)}\n`);
  }
  return `built and pushed ${stale.length} of ${images.length} sample images`;
}

/**
 * Removes the images that were built here from the Engine (R2): not those that another checkout built, which carry the
 * same names. Those that containers use stay: returns whether there are any.
 */
export async function removeImages(): Promise<boolean> {
  const { images } = await readMade();
  // The newest first: the one that the others stand on was built before them.
  for (const inputs of images.toReversed()) {
    for (const id of await idsOf(inputs)) await attempt('docker', ['image', 'rm', '--force', id]);
  }
  const remaining: string[] = [];
  for (const inputs of images) {
    if ((await idsOf(inputs)).length > 0) remaining.push(inputs);
  }
  await recordMade({ images: remaining });
  return remaining.length > 0;
}

/** Images in the Engine that this checkout made from this. */
async function idsOf(inputs: string): Promise<readonly string[]> {
  const labels = [`${imageLabel}=${inputs}`, checkoutLabel];
  const filter = labels.flatMap((label) => ['--filter', `label=${label}`]);
  const ids = await run('docker', ['image', 'ls', '--all', '--no-trunc', '--quiet', ...filter]);
  return [...new Set(ids.split('\n').filter((id) => id !== ''))];
}

async function listImages(base: string): Promise<readonly SampleImage[]> {
  const images: SampleImage[] = [];
  for (const entry of await readdir(paths.imageSources, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const folder = join(paths.imageSources, entry.name);
    const files = await listFiles(folder);
    const releases = files.filter((file) => file.startsWith(join(folder, 'releases/')));
    const common = files.filter((file) => !releases.includes(file));
    for (const release of releases) {
      const own = await hashFiles(folder, [...common, release]);
      images.push({
        name: entry.name,
        version: basename(release, '.ts'),
        folder,
        inputs: hashTexts([base, own]),
      });
    }
  }
  return images;
}

/** Builds and pushes one, and returns the digest that it has in the registry. */
async function buildImage(image: SampleImage, base: string): Promise<string> {
  const tag = `${registryAddress}/${image.name}:${image.version}`;
  await recordImage(image.inputs);
  const options = [
    ...['--quiet', '--tag', tag, '--label', `${imageLabel}=${image.inputs}`],
    ...['--label', checkoutLabel],
    ...['--build-arg', `BASE=${baseImage}:${base}`, '--build-arg', `VERSION=${image.version}`],
  ];
  // The classic builder is in every Engine; the newer one is a plugin that Debian's package does not have.
  await run('docker', ['build', ...options, image.folder], { env: { DOCKER_BUILDKIT: '0' } });
  await run('docker', ['push', '--quiet', tag]);
  return (await registryDigest(image.name, image.version)) ?? '';
}

async function readRecord(): Promise<ImageRecord> {
  try {
    return JSON.parse(await readFile(paths.imageRecord, 'utf8')) as ImageRecord;
  } catch {
    // Missing or torn: everything is built again, which costs seconds.
    return {};
  }
}
