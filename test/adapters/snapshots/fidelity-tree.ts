/**
 * A tree with everything that a volume may hold and that some tool or other loses. Needs root, and a file system with
 * extended attributes and ACLs.
 */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  lchownSync,
  linkSync,
  lutimesSync,
  mkdirSync,
  openSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

export const SPARSE_BYTES = 2 ** 30;
/** The one thing that an archive leaves out. */
export const SOCKET = 'run/database.sock';

const SCRIPT = join(import.meta.dirname, 'attributes.pl');
const LONG = 'n'.repeat(250);

/** Makes the tree in an empty directory, which is part of it. */
export async function makeFidelityTree(top: string): Promise<void> {
  const path = (name: string): string => join(top, name);
  makeFiles(path, top);
  makeLinks(path);
  makeSpecials(path);
  makeAttributes(path, top);
  mkdirSync(path('run'));
  await leaveSocket(path(SOCKET));
  makeTimes(path, top);
}

function makeFiles(path: (name: string) => string, top: string): void {
  writeFileSync(path('plain'), 'hello\n');
  writeFileSync(path('empty'), '');
  writeFileSync(path('zeros'), Buffer.alloc(20_000));
  writeFileSync(path('block'), Buffer.alloc(512, 'b'));
  writeFileSync(path('owned'), 'data');
  chownSync(path('owned'), 999, 998);
  writeFileSync(path('large-owner'), 'data');
  chownSync(path('large-owner'), 3_000_000_000, 3_000_000_001);
  for (const [name, mode] of [
    ['setuid', 0o4755],
    ['setgid', 0o2755],
    ['nobody', 0o000],
    ['odd', 0o246],
  ] as const) {
    writeFileSync(path(name), name);
    chmodSync(path(name), mode);
  }
  mkdirSync(path('sticky'));
  chmodSync(path('sticky'), 0o1777);
  mkdirSync(path('closed'));
  writeFileSync(path('closed/inside'), 'x');
  chmodSync(path('closed'), 0o000);
  mkdirSync(path(`${LONG}/${LONG}/${LONG}`), { recursive: true });
  writeFileSync(path(`${LONG}/${LONG}/${LONG}/${LONG}`), 'deep');
  for (const name of [
    '-leading dash',
    ' leading space',
    'new\nline',
    'tab\t"quote" \\ $(x)',
    'é',
  ]) {
    writeFileSync(path(name), name);
  }
  writeFileSync(Buffer.concat([Buffer.from(`${top}/`), Buffer.from([0xff, 0xfe, 0x2e])]), 'bytes');
  writeFileSync(path('sparse'), '');
  truncateSync(path('sparse'), SPARSE_BYTES);
  const sparse = openSync(path('sparse'), 'r+');
  writeSync(sparse, 'in the middle', 500_000_001);
  writeSync(sparse, 'near the end', SPARSE_BYTES - 9000);
  closeSync(sparse);
}

function makeLinks(path: (name: string) => string): void {
  mkdirSync(path('links'));
  linkSync(path('plain'), path('links/hard'));
  linkSync(path('plain'), path('another-name'));
  symlinkSync('../plain', path('links/up'));
  symlinkSync('/etc/hostname', path('links/absolute'));
  symlinkSync('../../../outside', path('links/outside'));
  symlinkSync('nowhere', path('links/dangling'));
  symlinkSync('t'.repeat(300), path('links/long'));
  symlinkSync('hard', path('links/hard-linked-link'));
  linkSync(path('links/hard-linked-link'), path('second-link'));
  lchownSync(path('links/up'), 999, 998);
}

function makeSpecials(path: (name: string) => string): void {
  execFileSync('mkfifo', [path('fifo')]);
  execFileSync('mknod', [path('character'), 'c', '1', '3']);
  execFileSync('mknod', [path('block-device'), 'b', '7', '300']);
}

function makeAttributes(path: (name: string) => string, top: string): void {
  const set = (name: string, attribute: string, hex: string): void => {
    execFileSync('perl', [SCRIPT, 'set', path(name), attribute, hex]);
  };
  writeFileSync(path('attributes'), 'x');
  set('attributes', 'user.text', Buffer.from('some text').toString('hex'));
  set('attributes', 'user.a-binary', '00ff0a3d00');
  set('attributes', 'trusted.overlay', '79');
  set('attributes', 'security.other', '01');
  writeFileSync(path('capable'), 'x');
  set('capable', 'security.capability', '0100000200200000000000000000000000000000');
  writeFileSync(path('acl'), 'x');
  // Version 2; then tag, permissions and id of each: the owner, user 33, the group, the mask, others.
  const none = 'ffffffff';
  const acl = (user: string): string =>
    `0200000001000600${none}02000400${user}04000400${none}10000400${none}20000400${none}`;
  set('acl', 'system.posix_acl_access', acl('21000000'));
  mkdirSync(path('default-acl'));
  set('default-acl', 'system.posix_acl_default', acl('e7030000'));
  writeFileSync(path('default-acl/inherits'), 'x');
  set('.', 'user.top', '31');
  chownSync(top, 70, 71);
  chmodSync(top, 0o2750);
}

/** Last, because every change of a directory's entries changes its time. */
function makeTimes(path: (name: string) => string, top: string): void {
  lutimesSync(
    path('empty'),
    new Date('1969-06-01T00:00:00.500Z'),
    new Date('1969-06-01T00:00:00.500Z'),
  );
  lutimesSync(path('owned'), new Date('2100-01-01T00:00:00Z'), new Date('2100-01-01T00:00:00Z'));
  execFileSync('touch', ['-d', '2026-11-21 12:00:00.123456789', path('block'), path('sticky')]);
  execFileSync('touch', ['-h', '-d', '2001-02-03 04:05:06.000000007', path('links/absolute')]);
  execFileSync('touch', ['-d', '2020-02-02 02:02:02.2', top]);
}

/** A server that is killed leaves its socket behind; one that is closed does not, so it is renamed in between. */
async function leaveSocket(path: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const server = createServer().listen(`${path}.new`, () => {
    execFileSync('mv', [`${path}.new`, path]);
    server.close(() => {
      resolve(undefined);
    });
  });
  await promise;
}
