/**
 * Takes what looks like a credential out of text that others wrote: log lines, error messages. It works by shape, since
 * Docker's secrets can not be read back to be looked for; so it masks too much rather than too little.
 *
 * Not here: our own secrets. They never get into a text in the first place.
 */
import { plainText, shorten } from './text.ts';

const MASK = '***';
/** Longer lines are cut before they are looked at: the patterns below are for lines, and the work stays bounded. */
const INPUT_LINE_MAX = 4000;

const SHAPES: readonly (readonly [RegExp, string])[] = [
  // https://user:password@host
  [/(\b[a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/@]{1,400}@/gi, `$1${MASK}@`],
  // Authorization: Bearer …
  [/(\b(?:authorization|cookie|set-cookie)["']?\s{0,8}[:=]\s{0,8}).+/gi, `$1${MASK}`],
  [/(\b(?:bearer|basic)\s{1,8})[\w.~+/=-]{8,}/gi, `$1${MASK}`],
  // DB_PASSWORD=…, "client_secret": "…", the admin password is …
  [
    /((?:passw(?:or)?d|passphrase|pwd|secret|token|credentials?|api[_-]?key|private[_-]?key|access[_-]?key)[\w-]{0,40}["']?(?:\s{0,8}(?:=>?|:)\s{0,8}|\s{1,8}is:?\s{1,8}))(?:"[^"]*"?|'[^']*'?|[^\s,;&]+)/gi,
    `$1${MASK}`,
  ],
  // A JSON web token
  [/\beyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*)?/g, MASK],
];

const KEY_BEGINS = /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----/;
const KEY_ENDS = /-----END [A-Z ]{0,40}PRIVATE KEY-----/;

/** One line without what looks like a credential, and without control characters. */
export function scrub(line: string): string {
  let text = shorten(plainText(line), INPUT_LINE_MAX);
  for (const [shape, masked] of SHAPES) text = text.replaceAll(shape, masked);
  return text;
}

/** The last `linesMax` lines, each scrubbed and at most `lengthMax` long; private keys that span lines are masked too. */
export function scrubLines(
  lines: readonly string[],
  { linesMax, lengthMax }: { readonly linesMax: number; readonly lengthMax: number },
): readonly string[] {
  // A tail may begin inside a key: then its end is seen and its beginning is not.
  const firstEnd = lines.findIndex((line) => KEY_ENDS.test(line));
  let inKey = firstEnd >= 0 && !lines.slice(0, firstEnd + 1).some((line) => KEY_BEGINS.test(line));
  const scrubbed = lines.map((line) => {
    inKey ||= KEY_BEGINS.test(line);
    const shown = inKey ? MASK : shorten(scrub(line), lengthMax);
    if (KEY_ENDS.test(line)) inKey = false;
    return shown;
  });
  return scrubbed.slice(-linesMax);
}
