/**
 * Step: an image registry on loopback, Debian's docker-registry, in the background.
 *
 * The Engine talks to 127.0.0.0/8 without TLS, so it needs no certificate and no configuration of the Engine. Its port is
 * fixed because the sample recipes name it in their images.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { endOfLog, findDaemon, startDaemon, stopDaemon, waitUntil } from './daemon.ts';
import { findProgram } from './find-program.ts';
import { GroundError } from './ground-error.ts';
import { unpackProgram } from './packages.ts';
import { paths } from './paths.ts';

/** Host and port, as they stand in image names. */
export const registryAddress = '127.0.0.1:5055';

const startLimitMs = 20_000;
const stopLimitMs = 10_000;
const answerMs = 3_000;

const configuration = join(paths.registry, 'config.json');
const log = join(paths.registry, 'log');
const mark = { program: 'docker-registry', argument: configuration };

/** Says whether the registry ran or was started. Throws one sentence when something that is no registry has its port. */
export async function ensureRegistry(): Promise<string> {
  const ours = await findDaemon(mark);
  if (await answers()) {
    // Another checkout's, as a rule. Samples that differ take each other's tags there, and are pushed again by the next
    // start; apps are pinned by digest, and what a digest names stays.
    return ours === undefined
      ? `a registry that another checkout started answers at ${registryAddress}, and is used`
      : `the registry at ${registryAddress} is there`;
  }
  if (await isTaken()) {
    throw new GroundError(
      `something that is no registry listens on ${registryAddress}, which the sample images are named for: ` +
        `end it (\`ss -ltnp\` shows it) and try again.`,
    );
  }
  await startRegistry();
  return `started the registry at ${registryAddress}`;
}

/** Stops our registry; its data stays. Returns whether it ran. */
export async function stopRegistry(): Promise<boolean> {
  return stopDaemon(mark, stopLimitMs);
}

/** What an Engine pushes: Docker's own kind or, from 29 on, where it keeps images with containerd, OCI's. */
const manifests = [
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
];

/** The digest that the registry has for `name:tag`, or undefined when it has none. */
export async function registryDigest(name: string, tag: string): Promise<string | undefined> {
  const response = await fetch(`http://${registryAddress}/v2/${name}/manifests/${tag}`, {
    method: 'HEAD',
    headers: { accept: manifests.join(', ') },
    signal: AbortSignal.timeout(answerMs),
  });
  return response.ok ? (response.headers.get('docker-content-digest') ?? undefined) : undefined;
}

async function startRegistry(): Promise<void> {
  const program =
    (await findProgram('docker-registry')) ??
    (await unpackProgram('docker-registry', 'docker-registry'));
  const data = join(paths.registry, 'data');
  await mkdir(data, { recursive: true });
  const settings = {
    version: '0.1',
    log: { level: 'warn', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: data }, delete: { enabled: true } },
    http: { addr: registryAddress },
  };
  await writeFile(configuration, JSON.stringify(settings, null, 2));
  await startDaemon({ program, arguments: ['serve', configuration], log });
  if (await waitUntil(answers, startLimitMs)) return;
  throw new GroundError(
    `docker-registry does not answer; ${log} ends with:\n${await endOfLog(log)}`,
  );
}

async function answers(): Promise<boolean> {
  try {
    const response = await fetch(`http://${registryAddress}/v2/`, {
      signal: AbortSignal.timeout(answerMs),
    });
    return response.ok && response.headers.has('docker-distribution-api-version');
  } catch {
    return false;
  }
}

/** Whether anything accepts connections there, a registry or not. */
async function isTaken(): Promise<boolean> {
  try {
    await fetch(`http://${registryAddress}/`, { signal: AbortSignal.timeout(answerMs) });
    return true;
  } catch (error) {
    const cause =
      error instanceof Error ? (error.cause as NodeJS.ErrnoException | undefined) : undefined;
    return cause?.code !== 'ECONNREFUSED';
  }
}
