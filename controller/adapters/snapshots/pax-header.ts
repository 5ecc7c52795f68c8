/**
 * One header block of a tar stream in pax format, and the extended records before it. Reads what GNU tar writes.
 *
 * Text is latin1 throughout: one character a byte, so that no name or value is lost that is not UTF-8.
 */
import { CiWarmError } from '../../model/failure.ts';

export const BLOCK_BYTES = 512;

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

const NO_ATTRIBUTES: TreeEntry['attributes'] = [];

const TYPES: Readonly<Record<string, EntryType>> = {
  '0': 'file',
  '1': 'link',
  '2': 'symlink',
  '3': 'character',
  '4': 'block',
  '5': 'directory',
  '6': 'fifo',
};

/** The type flag of the header block at `at`. Throws for what is no header in this format. */
export function typeFlagOf(bytes: Buffer, at: number): string {
  // `ustar`, a zero byte and the version `00`.
  if (bytes.toString('latin1', at + 257, at + 265) !== 'ustar\x0000') {
    throw damagedStream('a header is expected and is not there');
  }
  return String.fromCharCode(bytes[at + 156] ?? 0);
}

/** How many bytes follow the header block at `at`, without padding, where no record says otherwise. */
export function storedBytesOf(bytes: Buffer, at: number): number {
  return octal(bytes, at + 124, 12);
}

/** The records of an extended header, from `from` up to `to`: `LENGTH KEY=VALUE\n`, the length counting all of it. */
export function parseRecords(bytes: Buffer, from: number, to: number): PaxRecords {
  const records = new Map<string, string>();
  for (let at = from; at < to;) {
    const blank = bytes.indexOf(0x20, at);
    const length = blank < 0 ? Number.NaN : Number(bytes.toString('latin1', at, blank));
    const equals = bytes.indexOf(0x3d, blank);
    const end = at + length;
    if (!(end <= to) || equals < 0 || equals >= end || bytes[end - 1] !== 0x0a) {
      throw damagedStream('an extended header is malformed');
    }
    const key = bytes.toString('latin1', blank + 1, equals);
    records.set(key, bytes.toString('latin1', equals + 1, end - 1));
    at = end;
  }
  return records;
}

/** What the header block at `at` and the records before it say together. */
export function memberOf(bytes: Buffer, at: number, flag: string, records: PaxRecords): Member {
  const type = TYPES[flag];
  if (type === undefined) throw damagedStream(`an entry has the unknown type ${flag}`);
  const storedBytes = numberOf(records, 'size') ?? storedBytesOf(bytes, at);
  const sparse = records.get('GNU.sparse.major') === '1';
  if (type !== 'file' && storedBytes !== 0) {
    throw damagedStream('an entry that is no file has content');
  }
  const name = records.get('GNU.sparse.name') ?? records.get('path') ?? nameOf(bytes, at);
  return {
    entry: {
      path: plainPath(name),
      type,
      mode: octal(bytes, at + 100, 8),
      uid: numberOf(records, 'uid') ?? octal(bytes, at + 108, 8),
      gid: numberOf(records, 'gid') ?? octal(bytes, at + 116, 8),
      sizeBytes: (sparse ? numberOf(records, 'GNU.sparse.realsize') : undefined) ?? storedBytes,
      mtime: records.get('mtime') ?? String(octal(bytes, at + 136, 12)),
      target: targetOf(type, bytes, at, records),
      device:
        type === 'character' || type === 'block'
          ? `${octal(bytes, at + 329, 8)}:${octal(bytes, at + 337, 8)}`
          : '',
      attributes: attributesOf(records),
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
function attributesOf(records: PaxRecords): TreeEntry['attributes'] {
  // Of most files there is only a time; of one whose time is in whole seconds not even that, so what there is counts.
  if (records.size === 0 || (records.size === 1 && records.has('mtime'))) return NO_ATTRIBUTES;
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

function targetOf(type: EntryType, bytes: Buffer, at: number, records: PaxRecords): string {
  if (type !== 'link' && type !== 'symlink') return '';
  const text = records.get('linkpath') ?? textOf(bytes, at + 157, 100);
  return type === 'link' ? plainPath(text) : text;
}

function nameOf(bytes: Buffer, at: number): string {
  const name = textOf(bytes, at, 100);
  return bytes[at + 345] === 0 ? name : `${textOf(bytes, at + 345, 155)}/${name}`;
}

/** A text field: up to a zero byte, or all of it. */
function textOf(bytes: Buffer, at: number, length: number): string {
  const end = bytes.indexOf(0, at);
  return bytes.toString('latin1', at, end < 0 || end > at + length ? at + length : end);
}

/** A numeric field: octal digits up to a blank or a zero byte. */
function octal(bytes: Buffer, from: number, length: number): number {
  let value = 0;
  for (let at = from; at < from + length; at += 1) {
    const digit = (bytes[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 7) {
      if (bytes[at] === 0 || bytes[at] === 0x20) break;
      throw damagedStream('a number in a header is none');
    }
    value = value * 8 + digit;
  }
  return value;
}

function plainPath(path: string): string {
  const from = path.startsWith('./') ? 2 : 0;
  const to = path.endsWith('/') ? path.length - 1 : path.length;
  return to <= from ? '.' : path.slice(from, to);
}
