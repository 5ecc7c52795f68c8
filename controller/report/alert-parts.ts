/**
 * What all alerts have in common: the shape with nothing in it, and the bounds. An alert goes to people by webhook, mail
 * and page, so nothing in it is longer than a person reads, and nothing looks like a credential.
 */
import type { Alert, AlertKind } from '../model/alert.ts';
import { scrub, scrubLines } from './scrub.ts';
import { plainText, rfc3339, shorten } from './text.ts';

/** Bytes of UTF-8 of one version's release notes. */
const NOTES_BYTES_MAX = 4096;
/** Versions whose notes are attached; the newest are kept. */
const NOTES_MAX = 10;
const LOG_LINES_MAX = 40;
const LOG_LINE_LENGTH_MAX = 500;
const MESSAGE_LENGTH_MAX = 4000;
const TITLE_LENGTH_MAX = 200;

type Notes = Alert['releaseNotes'];

/** The parts that every alert gives; what is left out is empty. */
export interface AlertDraft {
  readonly kind: AlertKind;
  readonly app: string;
  readonly severity: Alert['severity'];
  readonly title: string;
  readonly message: string;
  readonly atMs: number;
  readonly fingerprint: string;
  readonly resolve: string;
  readonly from?: string | null;
  readonly to?: string | null;
  readonly reasons?: Alert['reasons'];
  readonly releaseNotes?: Notes;
  readonly lastLogs?: readonly string[];
}

export function alertOf(draft: AlertDraft): Alert {
  return {
    kind: draft.kind,
    app: draft.app,
    severity: draft.severity,
    title: shorten(scrub(draft.title).replaceAll(/\s+/g, ' '), TITLE_LENGTH_MAX),
    message: shorten(draft.message.split('\n').map(scrub).join('\n'), MESSAGE_LENGTH_MAX),
    at: rfc3339(draft.atMs),
    fingerprint: draft.fingerprint,
    from: draft.from ?? null,
    to: draft.to ?? null,
    reasons: draft.reasons ?? [],
    releaseNotes: boundedNotes(draft.releaseNotes ?? []),
    diff: null,
    lastLogs: scrubLines(draft.lastLogs ?? [], {
      linesMax: LOG_LINES_MAX,
      lengthMax: LOG_LINE_LENGTH_MAX,
    }),
    runbook: `docs/status-and-alerts.md#${draft.kind}`,
    resolve: draft.resolve,
  };
}

function boundedNotes(notes: Notes): Notes {
  return notes
    .slice(-NOTES_MAX)
    .map(({ version, text }) => ({ version, text: atMostBytes(plainText(text), NOTES_BYTES_MAX) }));
}

/** Cut at a whole character; the mark of the cut is within the bound. */
function atMostBytes(text: string, bytesMax: number): string {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= bytesMax) return text;
  const mark = '\n[cut]';
  const kept = new TextDecoder().decode(bytes.subarray(0, bytesMax - mark.length));
  return `${kept.replace(/\ufffd$/, '')}${mark}`;
}
