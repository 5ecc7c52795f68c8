/**
 * A listing of everything about a tree, made without tar and without the code under test: Node's own lstat, readlink
 * and read, with names as bytes, and the kernel's calls for extended attributes.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, lstatSync, openSync, readdirSync, readlinkSync, readSync } from 'node:fs';
import { join } from 'node:path';

const SCRIPT = join(import.meta.dirname, 'attributes.pl');
const SLASH = Buffer.from('/');

/** A line an entry, by path; equal listings are equal trees. Times of last access and change are no part of it. */
export function listTree(top: string): string[] {
  const names: Buffer[] = [];
  walk(Buffer.from(top), Buffer.alloc(0), names);
  const attributes = listAttributes(top, names);
  const firstNames = new Map<string, string>();
  return names
    .map((name) => ({ name, text: name.toString('latin1') }))
    .sort((a, b) => (a.text < b.text ? -1 : 1))
    .map(({ name, text }) => {
      const path = at(Buffer.from(top), name);
      const stat = lstatSync(path, { bigint: true });
      const shared = stat.isDirectory() || stat.nlink === 1n;
      const inode = String(stat.ino);
      const first = firstNames.get(inode) ?? text;
      firstNames.set(inode, first);
      return [
        JSON.stringify(text === '' ? '.' : text),
        `mode=${stat.mode.toString(8)}`,
        `owner=${String(stat.uid)}:${String(stat.gid)}`,
        `mtime=${String(stat.mtimeNs)}`,
        stat.isCharacterDevice() || stat.isBlockDevice() ? `device=${String(stat.rdev)}` : '',
        stat.isSymbolicLink() ? `to=${JSON.stringify(readlinkSync(path, 'latin1'))}` : '',
        stat.isFile() ? `size=${String(stat.size)} sha256=${digestOf(path)}` : '',
        shared ? '' : `same-as=${JSON.stringify(first)}`,
        attributes.get(text) ?? '',
      ]
        .filter((field) => field !== '')
        .join(' ');
    });
}

function walk(directory: Buffer, prefix: Buffer, names: Buffer[]): void {
  names.push(prefix);
  for (const entry of readdirSync(directory, { encoding: 'buffer', withFileTypes: true })) {
    const name = prefix.length === 0 ? entry.name : at(prefix, entry.name);
    if (entry.isDirectory()) walk(at(directory, entry.name), name, names);
    else names.push(name);
  }
}

function listAttributes(top: string, names: readonly Buffer[]): Map<string, string> {
  const zero = Buffer.from([0]);
  const input = Buffer.concat(
    names.flatMap((name) => [name.length === 0 ? Buffer.from('.') : name, zero]),
  );
  const output = execFileSync('perl', [SCRIPT, 'list'], {
    cwd: top,
    input,
    encoding: 'latin1',
    maxBuffer: 64 * 1024 * 1024,
  });
  const fields = output.split('\0');
  const found = new Map<string, string>();
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const name = fields[index] ?? '';
    found.set(name === '.' ? '' : name, fields[index + 1] ?? '');
  }
  return found;
}

function digestOf(path: Buffer): string {
  const file = openSync(path, 'r');
  try {
    const hash = createHash('sha256');
    const buffer = Buffer.allocUnsafe(1024 * 1024);
    for (;;) {
      const length = readSync(file, buffer, 0, buffer.length, null);
      if (length === 0) return hash.digest('hex');
      hash.update(buffer.subarray(0, length));
    }
  } finally {
    closeSync(file);
  }
}

function at(directory: Buffer, name: Buffer): Buffer {
  return name.length === 0 ? directory : Buffer.concat([directory, SLASH, name]);
}
