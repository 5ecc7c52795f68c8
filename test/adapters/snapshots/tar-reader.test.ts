import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { TreeEntry } from '../../../controller/adapters/snapshots/pax-header.ts';
import { TarReader } from '../../../controller/adapters/snapshots/tar-reader.ts';
import { PACK_FLAGS } from '../../../controller/adapters/snapshots/tools.ts';
import { CiWarmError } from '../../../controller/model/failure.ts';

/** What GNU tar writes of a small tree, and what is in it. */
let stream: Buffer;
let story: readonly string[];

beforeAll(() => {
  const top = mkdtempSync('/var/tmp/ci-warm-tar-');
  try {
    mkdirSync(join(top, 'd'.repeat(120)));
    writeFileSync(join(top, 'd'.repeat(120), 'é'), 'x'.repeat(700));
    writeFileSync(join(top, 'plain'), 'plain');
    writeFileSync(join(top, 'empty'), '');
    linkSync(join(top, 'plain'), join(top, 'second'));
    symlinkSync('t'.repeat(150), join(top, 'symlink'));
    const holes = join(top, 'holes');
    execFileSync('truncate', ['-s', '1M', holes]);
    execFileSync('dd', ['of=' + holes, 'bs=1', 'seek=500000', 'conv=notrunc', 'status=none'], {
      input: 'middle',
    });
    stream = execFileSync('tar', ['-c', ...PACK_FLAGS, '--sort=name', '-C', top, '.']);
    story = tell(stream, stream.length);
  } finally {
    rmSync(top, { recursive: true });
  }
});
afterAll(() => {
  stream = Buffer.alloc(0);
});

/** Reads a stream in pieces of that many bytes, and writes down what is told: runs of zeros as holes. */
function tell(bytes: Buffer, pieceBytes: number): string[] {
  const lines: string[] = [];
  let data = '';
  const flush = (): void => {
    if (data !== '') lines.push(`data ${data}`);
    data = '';
  };
  const reader = new TarReader({
    begin: ({ path, type, sizeBytes, target }) => {
      lines.push(`${type} ${path} ${String(sizeBytes)} ${target}`);
    },
    data: (piece) => {
      data += piece.toString('latin1');
    },
    hole: (lengthBytes) => {
      flush();
      lines.push(`hole ${String(lengthBytes)}`);
    },
    end: () => {
      flush();
      lines.push('end');
    },
  });
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    reader.write(bytes.subarray(at, at + pieceBytes));
  }
  reader.close();
  return lines;
}

describe('TarReader', () => {
  test('tells every entry with its long names, links and content', () => {
    const long = 'd'.repeat(120);
    expect(story.slice(0, 2)).toEqual(['directory . 0 ', 'end']);
    expect(story).toContain(`directory ${long} 0 `);
    expect(story).toContain(`file ${long}/\xc3\xa9 700 `);
    expect(story).toContain(`data ${'x'.repeat(700)}`);
    expect(story).toContain('file empty 0 ');
    expect(story).toContain('link second 0 plain');
    expect(story).toContain(`symlink symlink 0 ${'t'.repeat(150)}`);
  });

  test('tells where a sparse file has its holes', () => {
    const from = story.indexOf('file holes 1048576 ');
    const [hole, data = '', rest] = story.slice(from + 1);

    expect(hole).toMatch(/^hole 49\d+$/);
    expect(data).toContain('middle');
    expect(rest).toMatch(/^hole 5\d+$/);
  });

  test.each([1, 7, 511, 512, 513, 4096])('tells the same in pieces of %i bytes', (pieceBytes) => {
    expect(tell(stream, pieceBytes)).toEqual(story);
  });

  test('a stream that is cut anywhere is damage', () => {
    for (let at = 0; at < stream.length - 9216; at += 512) {
      expect(() => tell(stream.subarray(0, at), 4096)).toThrow(CiWarmError);
    }
  });

  test.each([
    { name: 'a header that is none', at: 257, byte: 0x58, says: 'a header is expected' },
    { name: 'an unknown type', at: 156, byte: 0x53, says: 'unknown type S' },
    { name: 'a size that is no number', at: 124, byte: 0x39, says: 'a number in a header' },
    { name: 'a malformed record', at: 512, byte: 0x78, says: 'an extended header is malformed' },
  ])('$name is damage', ({ at, byte, says }) => {
    const damaged = Buffer.from(stream);
    damaged[at] = byte;

    expect(() => tell(damaged, 4096)).toThrow(says);
  });

  test.each([
    { name: 'in whole seconds, which needs no record', time: '@1577836800' },
    { name: 'with a fraction, which has one', time: '@1577836800.5' },
  ])('an attribute is told of a file whose time is $name', ({ time }) => {
    const top = mkdtempSync('/var/tmp/ci-warm-tar-');
    const script = join(import.meta.dirname, 'attributes.pl');
    writeFileSync(join(top, 'noted'), '');
    execFileSync('perl', [script, 'set', join(top, 'noted'), 'user.note', '31']);
    const times = [`--mtime=${time}`, '--pax-option=delete=atime,delete=ctime'];
    const packed = execFileSync('tar', ['-c', ...PACK_FLAGS, ...times, '-C', top, 'noted']);
    rmSync(top, { recursive: true });
    const told: TreeEntry['attributes'][] = [];
    const reader = new TarReader({
      begin: ({ attributes }) => told.push(attributes),
      data: () => undefined,
      hole: () => undefined,
      end: () => undefined,
    });
    reader.write(packed);

    expect(told).toEqual([[['SCHILY.xattr.user.note', '1']]]);
  });

  test('something after the end is damage', () => {
    const damaged = Buffer.from(stream);
    damaged[damaged.length - 1] = 1;

    expect(() => tell(damaged, 4096)).toThrow('something follows its end');
  });
});
