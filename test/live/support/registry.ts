/** An image registry of a test's own on loopback: it can be away, and it can ask for a password. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { findProgram } from '../../../controller/setup/find-program.ts';
import { unpackProgram } from '../../../controller/setup/packages.ts';
import { eventually } from './swarm.ts';

/** Who may use a registry that asks: bcrypt, made once with the cheapest cost. */
export const reader = { name: 'reader', password: 'let me in' };
const passwordFile = `${reader.name}:$2b$04$9EZtyxq3OfcxBtQBH.D9eu7hZpraU/7yDyVGWaJZY/6M1bU4XatTm\n`;

export interface OwnRegistry {
  /** Host and port, as they stand in image names; the same every time it is started. */
  readonly address: string;
  /** With `asks`, only `reader` may use it. */
  start(asks?: 'asks'): Promise<void>;
  stop(): Promise<void>;
  /** Puts an image that is here into it, and leaves nothing of that name here. It has to run, and not ask. */
  put(image: string, name: string): void;
}

/** Starts nothing yet; everything of it stands below `folder`. */
export async function ownRegistry(folder: string): Promise<OwnRegistry> {
  const program =
    (await findProgram('docker-registry')) ??
    (await unpackProgram('docker-registry', 'docker-registry'));
  const address = `127.0.0.1:${String(await freePort())}`;
  let child: ChildProcess | undefined;
  mkdirSync(join(folder, 'data'), { recursive: true });
  writeFileSync(join(folder, 'passwords'), passwordFile);
  return {
    address,
    start: async (asks) => {
      const configuration = join(folder, 'config.json');
      const settings = {
        version: '0.1',
        log: { level: 'error', accesslog: { disabled: true } },
        storage: { filesystem: { rootdirectory: join(folder, 'data') } },
        http: { addr: address },
        ...(asks === undefined
          ? {}
          : { auth: { htpasswd: { realm: 'test', path: join(folder, 'passwords') } } }),
      };
      writeFileSync(configuration, JSON.stringify(settings));
      child = spawn(program, ['serve', configuration], { stdio: 'ignore' });
      await eventually(async () => {
        const { status } = await fetch(`http://${address}/v2/`);
        return status === (asks === undefined ? 200 : 401);
      }, 'the registry answers');
    },
    stop: async () => {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
    put: (image, name) => {
      const tagged = `${address}/${name}`;
      docker('tag', image, tagged);
      docker('push', '--quiet', tagged);
      docker('image', 'rm', tagged);
    },
  };
}

function docker(...args: readonly string[]): void {
  execFileSync('docker', args, { stdio: 'pipe' });
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
