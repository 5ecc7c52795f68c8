/**
 * Texts of which Docker takes only some: times, sizes, ports, mounts. Each answers whether any of Docker's command lines
 * takes the text; in doubt yes, for what is refused here is not deployed at all.
 */
export interface Format {
  /** As the end of "Docker takes … there". */
  readonly wanted: string;
  takes(text: string): boolean;
}

const NUMBER = String.raw`(?:\d+\.?\d*|\.\d+)`;
const DURATION = new RegExp(`^[+-]?(?:0|(?:${NUMBER}(?:ns|us|µs|μs|ms|s|m|h))+)$`);
const SIZE = /^\+?[\d.]*\d\.?(?:e[+-]?\d+)?\s*[kmgtp]?i?b?$/i;
const CPUS = new RegExp(`^(?:[+-]?(?:\\d+/\\d+|${NUMBER}(?:e[+-]?\\d+)?))?$`, 'i');
/** Docker counts in billionths. */
const TOO_PRECISE = /^[^e/]*\.\d{9}\d*[1-9]$/i;
/** Blanks end a word, and what begins with `#` is a comment; quotes have to be closed, and a backslash needs something behind it. */
const WORDS = /^(?:[^"'\\#]|(?<!\S)#[^\n]*|(?<=\S)#|\\[^]|"(?:[^"\\]|\\[^])*"|'[^']*')*$/;

/** As Go writes them. */
export const DURATION_FORMAT: Format = {
  wanted: 'a time with its unit, such as 30s or 1m30s,',
  takes: (text) => DURATION.test(text),
};
export const SIZE_FORMAT: Format = {
  wanted: 'a size, such as 512M or 2G,',
  takes: (text) => SIZE.test(text),
};
export const CPUS_FORMAT: Format = {
  wanted: 'a number of processors in quotes, such as "0.5",',
  takes: (text) => CPUS.test(text) && !TOO_PRECISE.test(text),
};
export const WORDS_FORMAT: Format = {
  wanted: 'words with all their quotes closed, or a list of words,',
  takes: (text) => WORDS.test(text),
};
export const PORT_FORMAT: Format = {
  wanted: 'a port, such as 80, "8080:80" or "53:53/udp",',
  takes: isPort,
};
export const MOUNT_FORMAT: Format = {
  wanted: 'source:target, with neither of them empty,',
  takes: isMount,
};
export const COUNT_FORMAT: Format = {
  wanted: 'a number that is not negative',
  takes: (text) => !/^-(?!0+$)/.test(text),
};
export const ORDER_FORMAT: Format = oneOf('start-first', 'stop-first');
/** The last is newer than some command lines. */
export const MOUNT_TYPE_FORMAT: Format = oneOf('volume', 'bind', 'tmpfs', 'npipe', 'cluster');
export const MODE_FORMAT: Format = oneOf(
  'replicated',
  'global',
  'replicated-job',
  'global-job',
  '',
);

function oneOf(...texts: readonly string[]): Format {
  const named = texts.filter((text) => text !== '' && !text.endsWith('-job'));
  return { wanted: named.join(' or '), takes: (text) => texts.includes(text) };
}

function isPort(text: string): boolean {
  const [ports = '', protocol = ''] = text.split('/');
  if (!/^(?:|tcp|udp|sctp)$/i.test(protocol)) return false;
  const parts = ports.split(':');
  const inside = rangeOf(parts.at(-1) ?? '');
  if (inside === undefined || !isAddress(parts.slice(0, -2).join(':'))) return false;
  const published = parts.at(-2) ?? '';
  if (published === '') return true;
  const outside = rangeOf(published);
  return outside !== undefined && (inside === 0 || inside === outside);
}

/** How many ports the range has beyond its first; undefined: it is none. */
function rangeOf(text: string): number | undefined {
  const found = /^(?<first>\d{1,5})(?:-(?<last>\d{1,5}))?$/.exec(text);
  const first = Number(found?.groups?.['first'] ?? Number.NaN);
  const last = Number(found?.groups?.['last'] ?? first);
  return first <= last && last <= 65_535 ? last - first : undefined;
}

function isAddress(text: string): boolean {
  return (
    text === '' ||
    /^(?:\d{1,3}(?:\.\d{1,3}){3}|[\da-f:.]*:[\da-f:.]*|\[[\da-f:.]*:[\da-f:.]*\])$/i.test(text)
  );
}

function isMount(text: string): boolean {
  if (text.length <= 2) return text !== '';
  // A single letter is a drive of Windows, whose colon parts nothing.
  const sections = text
    .replaceAll(/(?<before>^|:)(?<drive>[a-z]):/gi, '$<before>$<drive>')
    .split(':');
  return sections.length <= 3 && !sections.includes('');
}
