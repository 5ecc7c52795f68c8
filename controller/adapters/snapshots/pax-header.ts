/**
 * One header block of a tar stream in pax format, and the extended records before it. Reads what GNU tar writes.
 *
 * Text is latin1 throughout: one character a byte, so that no name or value is lost that is not UTF-8.
 */
import { CiWarmError } from '../../model/failure.ts';

export const BLOCK_BYTES = 512;

/** `p` stands for a regular file, as in `find -printf %y` it is `f`. */
export type EntryType = 'file' | 'link' | 'symlink' | 'character' | 'block' | 'directory' | 'fifo';

/** What a tree's entry is, apart from its content. */
export interface TreeEntry {
  /** Relative to the top, which is `.`; without `./` and without a slash at the end. */
  readonly path: string;
  readonly type: EntryType;
  /** Permission bits with setuid, setgid and sticky. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Of a file: with its holes. */
  readonly sizeBytes: number;
  /** Seconds since the epoch, with a fraction where there is one: `-18489599.5`. */
  readonly mtime: string;
  /** Of a symlink: its text; of a hard link: the path that came first. */
  readonly target: string;
  readonly device: string;
  /** Extended attributes and ACLs by pax keyword. */
  readonly attributes: readonly (readonly [string, string])[];
}

export interface Member {
  readonly entry: TreeEntry;
  /** Bytes that follow in the stream, without padding. */
  readonly storedBytes: number;
  /** The bytes begin with a map of where the file has data. */
  readonly sparse: boolean;
}

export type PaxRecords = ReadonlyMap<string, string>;

const TYPES: Readonly<Record<string, EntryType>> = {
  '0': 'file',
  '1': 'link',
  '2': 'symlink',
  '3': 'character',
  '4': 'block',
  '5': 'directory',
  '6': 'fifo',
};

/** The type flag of a header block. Throws for what is no header in this format. */
export function typeFlagOf(block: Buffer): string {
  // `ustar`, a zero byte and the version `00`.
  if (block.toString('latin1', 257, 265) !== 'ustar\x0000') {
    throw damagedStream('a header is expected and is not there');
  }
  return block.toString('latin1', 156, 157);
}

/** A numeric field: octal digits up to a blank or a zero byte. */
export function octal(block: Buffer, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at += 1) {
    const digit = (block[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 7) {
      if (block[at] === 0 || block[at] === 0x20) break;
      throw damagedStream('a number in a header is none');
    }
    value = value * 8 + digit;
  }
  return value;
}

/** The records of an extended header: `LENGTH KEY=VALUE\n`, the length counting all of it. */
export function parseRecords(body: Buffer): PaxRecords {
  const records = new Map<string, string>();
  for (let at = 0; at < body.length;) {
    const blank = body.indexOf(0x20, at);
    const length = blank < 0 ? Number.NaN : Number(body.toString('latin1', at, blank));
    const equals = body.indexOf(0x3d, blank);
    const end = at + length;
    if (!(end <= body.length) || equals < 0 || equals >= end || body[end - 1] !== 0x0a) {
      throw damagedStream('an extended header is malformed');
    }
    records.set(
      body.toString('latin1', blank + 1, equals),
      body.toString('latin1', equals + 1, end - 1),
    );
    at = end;
  }
  return records;
}

/** What a header and the records before it say together. */
export function memberOf(flag: string, block: Buffer, records: PaxRecords): Member {
  const type = TYPES[flag];
  if (type === undefined) throw damagedStream(`an entry has the unknown type ${flag}`);
  const storedBytes = numberOf(records, 'size') ?? octal(block, 124, 136);
  const sparse = records.get('GNU.sparse.major') === '1';
  const isFile = type === 'file';
  if (!isFile && storedBytes !== 0) throw damagedStream('an entry that is no file has content');
  return {
    entry: {
      path: plainPath(records.get('GNU.sparse.name') ?? records.get('path') ?? nameOf(block)),
      type,
      mode: octal(block, 100, 108),
      uid: numberOf(records, 'uid') ?? octal(block, 108, 116),
      gid: numberOf(records, 'gid') ?? octal(block, 116, 124),
      sizeBytes: (sparse ? numberOf(records, 'GNU.sparse.realsize') : undefined) ?? storedBytes,
      mtime: records.get('mtime') ?? String(octal(block, 136, 148)),
      target: targetOf(type, records.get('linkpath') ?? textOf(block, 157, 257)),
      device:
        type === 'character' || type === 'block'
          ? `${octal(block, 329, 337)}:${octal(block, 337, 345)}`
          : '',
      attributes: records.size === 0 ? [] : attributesOf(records),
    },
    storedBytes,
    sparse,
  };
}

/** What a caller throws when the bytes are not what GNU tar writes. */
export function damagedStream(why: string): CiWarmError {
  return new CiWarmError('snapshot-invalid', `the tar stream is damaged: ${why}`);
}

/**
 * Attributes in the order of their names. With `--xattrs-include=*` an ACL is there twice: as text, with names of users
 * where this host knows them, and as the attribute that the kernel keeps. The text is left out where the attribute is
 * there, and where it says no more than the mode.
 */
function attributesOf(records: PaxRecords): (readonly [string, string])[] {
  const attributes: (readonly [string, string])[] = [];
  for (const [key, value] of records) {
    if (key.startsWith('SCHILY.xattr.')) attributes.push([key, value]);
    if (!key.startsWith('SCHILY.acl.')) continue;
    const raw = key.replace('SCHILY.acl.', 'SCHILY.xattr.system.posix_acl_');
    const trivial = key === 'SCHILY.acl.access' && value.split('\n').filter(Boolean).length <= 3;
    if (!records.has(raw) && !trivial) attributes.push([key, value]);
  }
  return attributes.sort(([a], [b]) => (a < b ? -1 : 1));
}

function numberOf(records: PaxRecords, key: string): number | undefined {
  const text = records.get(key);
  if (text === undefined) return undefined;
  if (!/^\d{1,16}$/.test(text)) throw damagedStream(`the record ${key} is no number`);
  return Number(text);
}

function targetOf(type: EntryType, text: string): string {
  if (type === 'link') return plainPath(text);
  return type === 'symlink' ? text : '';
}

function nameOf(block: Buffer): string {
  const prefix = textOf(block, 345, 500);
  const name = textOf(block, 0, 100);
  return prefix === '' ? name : `${prefix}/${name}`;
}

function textOf(block: Buffer, from: number, to: number): string {
  const end = block.indexOf(0, from);
  return block.toString('latin1', from, end < 0 || end > to ? to : end);
}

function plainPath(path: string): string {
  const from = path.startsWith('./') ? 2 : 0;
  const to = path.endsWith('/') ? path.length - 1 : path.length;
  return to <= from ? '.' : path.slice(from, to);
}
