/**
 * An Engine of a test's own, with a Swarm of one node: it may be stopped and started, and nobody else's is touched. It
 * lives in a network namespace of its own, so that its bridges, rules and address pools meet nobody's; whoever wants to
 * reach its tasks has to be in there too (`inside`).
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from './swarm.ts';

export interface OwnEngine {
  /** For `DOCKER_HOST`. */
  readonly host: string;
  /** Put before a command, it runs where the tasks can be reached. */
  readonly inside: readonly string[];
  /** The Docker command line against it; returns what it prints. */
  docker(...args: readonly string[]): string;
  /** As `systemctl stop docker` would: every container ends. */
  stop(): Promise<void>;
  start(): Promise<void>;
  remove(): Promise<void>;
}

/** With a Swarm, a proxy network, and these images of the host's Engine, under the same names. Needs root. */
export async function startOwnEngine(images: readonly string[]): Promise<OwnEngine> {
  // Sockets have to have short paths.
  const folder = mkdtempSync('/tmp/ciw-');
  const name = `ciw-${randomBytes(3).toString('hex')}`;
  const host = `unix://${join(folder, 'sock')}`;
  const inside = ['nsenter', `--net=/var/run/netns/${name}`];
  const docker = (...args: readonly string[]): string =>
    execFileSync('docker', ['-H', host, ...args], { encoding: 'utf8', stdio: 'pipe' });
  let child: ChildProcess | undefined;
  const engine: OwnEngine = {
    host,
    inside,
    docker,
    start: async () => {
      const log = openSync(join(folder, 'log'), 'a');
      const [program = '', ...enter] = inside;
      const daemon = [
        ...['dockerd', '--host', host, '--data-root', join(folder, 'data')],
        ...['--exec-root', join(folder, 'exec'), '--pidfile', join(folder, 'pid')],
      ];
      const apart = ['unshare', '--mount', '--propagation', 'private'];
      child = spawn(program, [...enter, ...apart, ...daemon], { stdio: ['ignore', log, log] });
      await eventually(async () => {
        docker('version');
        return true;
      }, 'the Engine answers');
    },
    stop: async () => {
      if (child?.exitCode !== null) return;
      const ended = once(child, 'exit');
      process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8')), 'SIGTERM');
      await ended;
    },
    remove: async () => {
      try {
        docker('swarm', 'leave', '--force');
      } finally {
        await engine.stop();
        run('ip', 'netns', 'del', name);
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
  mkdirSync(join(folder, 'exec'));
  run('ip', 'netns', 'add', name);
  // Both ends of a cable in one place: Swarm wants an interface with an address, whoever is at its other end.
  for (const line of [
    'link set lo up',
    'link add va type veth peer name vb',
    'addr add 203.0.113.1/24 dev va',
    'link set va up',
    'link set vb up',
  ]) {
    run('ip', '-n', name, ...line.split(' '));
  }
  await engine.start();
  const address = '203.0.113.1';
  docker('swarm', 'init', '--advertise-addr', address, '--listen-addr', `${address}:2377`);
  docker('network', 'create', '--driver', 'overlay', 'proxy');
  const archive = join(folder, 'images.tar');
  run('docker', 'image', 'save', '--output', archive, ...images);
  docker('image', 'load', '--quiet', '--input', archive);
  rmSync(archive);
  return engine;
}

function run(program: string, ...args: readonly string[]): void {
  execFileSync(program, args, { stdio: 'pipe' });
}
