/**
 * Step: a Docker Engine that answers, and a Docker command line.
 *
 * One that answers is used as it is. Otherwise, as root: Debian's package when none is installed, and dockerd in the
 * background. `.ground/engine/` holds its log; its data is where Docker keeps it.
 */
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { hasEngineGroup } from './clean-engine.ts';
import { attempt } from './command.ts';
import { endOfLog, findDaemon, startDaemon, stopDaemon, waitUntil } from './daemon.ts';
import { askEngine, engineElsewhere } from './engine-address.ts';
import { findProgram } from './find-program.ts';
import { GroundError } from './ground-error.ts';
import { recordMade } from './made.ts';
import { installPackages, whyNoPackages } from './packages.ts';
import { paths } from './paths.ts';
import { announce } from './report-step.ts';

/** Debian's and Ubuntu's own; what it needs (containerd, runc, iptables) comes with it. */
export const enginePackage = 'docker.io';

const startLimitMs = 60_000;
const stopLimitMs = 60_000;
/** How long a package's own service may take to come up before we start dockerd ourselves. */
const serviceLimitMs = 20_000;

const pidFile = join(paths.engine, 'pid');
const log = join(paths.engine, 'log');
const mark = { program: 'dockerd', argument: pidFile };

/** Says which Engine there is. Throws one sentence when there is none and none can be started. */
export async function ensureEngine(): Promise<string> {
  const answer = await askEngine();
  if (answer.kind === 'forbidden') {
    throw new GroundError(
      'a Docker Engine is there, but this user may not use it: run this as root, or join the group docker.',
    );
  }
  const said = answer.kind === 'answers' ? 'answers' : await bringEngine();
  await ensureCommandLine();
  return `Docker Engine ${await engineVersion()} ${said}`;
}

/** Stops the Engine that `ensureEngine` started; any other goes on. Returns whether there was one. */
export async function stopEngine(): Promise<boolean> {
  return stopDaemon(mark, stopLimitMs);
}

async function bringEngine(): Promise<string> {
  const elsewhere = engineElsewhere();
  if (elsewhere !== undefined) {
    throw new GroundError(
      `DOCKER_HOST is ${elsewhere}, and no Docker Engine answers there: start it, or unset DOCKER_HOST.`,
    );
  }
  if (process.getuid?.() !== 0) {
    throw new GroundError(
      'no Docker Engine answers, and only root can start one: start Docker, or run this as root.',
    );
  }
  const installed = (await findProgram('dockerd')) === undefined;
  if (installed) await installEngine();
  if (existsSync('/run/systemd/system') && (await answersWithin(serviceLimitMs))) {
    return 'installed, started by its service';
  }
  await startEngine();
  return installed ? 'installed and started' : 'started';
}

async function installEngine(): Promise<void> {
  const why = await whyNoPackages();
  if (why !== undefined) {
    throw new GroundError(
      `no Docker Engine is installed, and ${why}: install Docker and try again.`,
    );
  }
  if (!(await hasEngineGroup())) await recordMade({ engineGroup: true });
  await installPackages([enginePackage]);
}

async function startEngine(): Promise<void> {
  const program = await findProgram('dockerd');
  if (program === undefined) {
    throw new GroundError('dockerd is not there even after installing docker.io: install Docker.');
  }
  announce('engine', 'starting dockerd');
  await recordMade({ engine: true });
  await mkdir(paths.engine, { recursive: true });
  // dockerd refuses to start while the file of a process that died names a process id that lives again.
  if ((await findDaemon(mark)) === undefined) await rm(pidFile, { force: true });
  await startDaemon({ program, arguments: ['--pidfile', pidFile], log });
  if (await answersWithin(startLimitMs)) return;
  throw new GroundError(
    `dockerd does not answer ${startLimitMs / 1000} s after its start; ${log} ends with:\n${await endOfLog(log)}`,
  );
}

async function answersWithin(limitMs: number): Promise<boolean> {
  return waitUntil(async () => (await askEngine()).kind === 'answers', limitMs);
}

/** Some distributions keep the command line in a package of its own. */
async function ensureCommandLine(): Promise<void> {
  if ((await findProgram('docker')) !== undefined) return;
  const why = await whyNoPackages();
  if (why !== undefined) {
    throw new GroundError(
      `the command \`docker\` is missing, and ${why}: install it and try again.`,
    );
  }
  await installPackages(['docker-cli']);
}

async function engineVersion(): Promise<string> {
  const { stdout } = await attempt('docker', ['version', '--format', '{{.Server.Version}}']);
  return stdout.trim();
}
