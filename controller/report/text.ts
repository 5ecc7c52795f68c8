/**
 * The few ways in which text for people is made: times, lists, bounds. Text from outside (logs, release notes, errors)
 * is untrusted: it passes `plainText` before it is shown, so that it can neither steer a terminal nor forge a line.
 */

const UNITS = [
  { ms: 86_400_000, name: 'd' },
  { ms: 3_600_000, name: 'h' },
  { ms: 60_000, name: 'min' },
  { ms: 1000, name: 's' },
] as const;

// Terminal sequences (CSI, OSC, and other two-character escapes), so that none leaves half of itself behind.
const ESCAPES =
  // eslint-disable-next-line no-control-regex -- control characters are what this is about
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[ -/]*[0-~])|\u009b[0-?]*[ -/]*[@-~]/g;
// What remains of control, and the marks that reorder or hide text. Tabs and line ends are left to the caller.
const CONTROLS =
  // eslint-disable-next-line no-control-regex -- as above
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** The moment as RFC 3339 in UTC, whole seconds. */
export function rfc3339(atMs: number): string {
  return new Date(atMs).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** A length of time in its two largest units: `4 min 10 s`, `3 d 2 h`, `0 s`. */
export function duration(ms: number): string {
  const first = UNITS.findIndex((unit) => ms >= unit.ms);
  if (first < 0) return '0 s';
  let rest = ms;
  const parts: string[] = [];
  for (const unit of UNITS.slice(first, first + 2)) {
    const count = Math.floor(rest / unit.ms);
    rest -= count * unit.ms;
    if (count > 0) parts.push(`${String(count)} ${unit.name}`);
  }
  return parts.join(' ');
}

/** Bytes in the largest unit that leaves a whole part: `5 GiB`, `1.5 GiB`, `12 B`. */
export function bytes(number: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let rest = number;
  let unit = 0;
  while (rest >= 1024 && unit < units.length - 1) {
    rest /= 1024;
    unit += 1;
  }
  return `${String(Math.round(rest * 10) / 10)} ${units[unit] ?? 'B'}`;
}

/** A commit or a digest as people quote it. */
export function shortRevision(revision: string): string {
  return revision.replace(/^((?:sha256:)?[0-9a-f]{12})[0-9a-f]{28,}$/, '$1');
}

/** `1 app`, `2 apps`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${String(number)} ${number === 1 ? one : many}`;
}

/** Text from outside without terminal sequences and control characters; tabs and line feeds stay. */
export function plainText(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll(ESCAPES, '').replaceAll(CONTROLS, '');
}

/** Plain text on one line, and at most `lengthMax` long. */
export function oneLine(text: string, lengthMax = 1000): string {
  return shorten(plainText(text).replaceAll(/\s+/g, ' ').trim(), lengthMax);
}

/** At most `lengthMax` UTF-16 units; what is cut is marked by an ellipsis, and no character is cut in two. */
export function shorten(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text;
  return `${text.slice(0, lengthMax - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** A fragment as a sentence of its own: one line, and with a full stop where no other mark ends it, or what it quotes. */
export function sentence(text: string): string {
  const line = oneLine(text);
  return /[.!?…:]["'”’)]*$/.test(line) || line === '' ? line : `${line}.`;
}

/** By code unit: the same everywhere, whatever the locale. */
export function byText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** ` (release/1.4.0+1.4.0:3)` for the end of a phrase; nothing where no file is known. */
export function inFile(file: string | null, line: number | null): string {
  if (file === null) return '';
  return ` (${file}${line === null ? '' : `:${String(line)}`})`;
}
