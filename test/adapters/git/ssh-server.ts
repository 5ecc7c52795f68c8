/**
 * An ssh server on loopback with keys and configuration of its own, in a folder of the test's: nothing of this machine's
 * ssh is read, changed or offered. As root it sees another /etc/passwd and /run, because it insists on a user and a folder
 * that only its package makes.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { findProgram } from '../../../controller/setup/find-program.ts';
import { unpackProgram } from '../../../controller/setup/packages.ts';

export interface SshServer {
  readonly port: number;
  readonly process: ChildProcess;
  /** Ends it; a server that stands still, too. */
  end(): void;
}

/** Where the program is; undefined where there is none, and none can be had. */
export async function sshdProgram(): Promise<string | undefined> {
  return (
    (await findProgram('sshd')) ??
    (await unpackProgram('openssh-server', 'sshd').catch(() => undefined))
  );
}

/** The public half of a new key pair at `path`. */
export function makeKey(path: string): string {
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', path]);
  return readFileSync(`${path}.pub`, 'utf8').trim();
}

/** A server whose host key is `hostKey`, for whoever `authorized` (lines of authorized_keys) lets in. */
export async function startSshd(
  program: string,
  folder: string,
  { hostKey, authorized }: { readonly hostKey: string; readonly authorized: string },
): Promise<SshServer> {
  mkdirSync(folder, { mode: 0o700 });
  const port = await freePort();
  const config = join(folder, 'sshd_config');
  writeFileSync(join(folder, 'authorized'), `${authorized}\n`);
  writeFileSync(
    config,
    [
      `Port ${String(port)}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${hostKey}`,
      `AuthorizedKeysFile ${join(folder, 'authorized')}`,
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'PermitRootLogin prohibit-password',
      'UsePAM no',
      'StrictModes no',
      'PidFile none',
      '',
    ].join('\n'),
  );
  const sshd = [program, '-D', '-e', '-f', config];
  const [file = '', ...args] = userInfo().uid === 0 ? inOwnMounts(folder, sshd) : sshd;
  const process = spawn(file, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const said: string[] = [];
  for await (const line of createInterface(process.stderr)) {
    said.push(line);
    if (line.startsWith('Server listening')) {
      process.stderr.resume();
      return { port, process, end: () => process.kill('SIGKILL') };
    }
  }
  throw new Error(`sshd does not start: ${said.join(' / ')}`);
}

/** The mounts are seen by this server and its children alone, and end with them. */
function inOwnMounts(folder: string, command: readonly string[]): readonly string[] {
  const passwd = readFileSync('/etc/passwd', 'utf8');
  const own = 'sshd:x:64321:65534::/run/sshd:/usr/sbin/nologin\n';
  writeFileSync(join(folder, 'passwd'), /^sshd:/m.test(passwd) ? passwd : `${passwd}${own}`);
  // An account that is locked, as root is on many machines, is let in by no key.
  writeFileSync(join(folder, 'shadow'), 'root:*:19000:0:99999:7:::\n', { mode: 0o600 });
  const script = join(folder, 'start');
  writeFileSync(
    script,
    [
      '#!/bin/sh -e',
      `mount --bind '${folder}/passwd' /etc/passwd`,
      `mount --bind '${folder}/shadow' /etc/shadow`,
      'mount -t tmpfs -o mode=755 tmpfs /run',
      'mkdir /run/sshd',
      'exec "$@"',
      '',
    ].join('\n'),
  );
  chmodSync(script, 0o700);
  return ['unshare', '--mount', script, ...command];
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
