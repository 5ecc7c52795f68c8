/**
 * A message to a topic of an ntfy server: as JSON to the server's root, since headers could not hold every title.
 * `sequence_id` lets a newer server replace a message that is sent again, instead of showing it twice.
 */
import { createHash } from 'node:crypto';
import type { AlertMessage } from '../../model/delivery.ts';
import type { NtfySinkSpec } from '../../model/desired.ts';
import type { Sent } from '../../ports/alert-sinks.ts';
import { postJson } from './post.ts';
import { readSecretFile, readUrlFile } from './secret-file.ts';

/** A longer message becomes an attachment, which not every server takes. */
const MESSAGE_BYTES_MAX = 4000;
const SEQUENCE_ID_LENGTH = 32;

const PRIORITIES = { critical: 5, warning: 4, info: 3 } as const;
const TAGS = {
  critical: 'rotating_light',
  warning: 'warning',
  info: 'information_source',
} as const;

/** One try, at most ten seconds. Never throws. */
export async function publishToNtfy(
  { urlFile, tokenFile }: NtfySinkSpec,
  message: AlertMessage,
  signal: AbortSignal,
): Promise<Sent> {
  const target = await readUrlFile(urlFile);
  if (target.kind === 'failed') return target;
  const topicUrl = target.url;
  const topic = topicUrl.pathname.split('/').filter(Boolean).at(-1);
  if (topic === undefined) return { kind: 'failed', why: `the URL in ${urlFile} names no topic` };
  const url = new URL(topicUrl);
  url.pathname = topicUrl.pathname.replace(/[^/]+\/*$/, '');
  const body = JSON.stringify({ topic, ...notification(message) });
  if (tokenFile === null) return postJson({ url, body, headers: {} }, signal);
  const token = await readSecretFile(tokenFile);
  if (token.kind === 'failed') return token;
  if (!/^[\x21-\x7e]+$/.test(token.value)) {
    return { kind: 'failed', why: `${tokenFile} does not hold a token` };
  }
  return postJson({ url, body, headers: { authorization: `Bearer ${token.value}` } }, signal);
}

function notification({
  title,
  message,
  resolve,
  severity,
  kind,
  reminder,
  deliveryId,
}: AlertMessage): object {
  const isGood = kind === 'recovered';
  return {
    title: reminder === 0 ? title : `${title} (reminder ${String(reminder)})`,
    message: atMostBytes(`${message}\n${isGood ? '' : `To do: ${resolve}`}`.trim()),
    priority: PRIORITIES[severity],
    tags: [isGood ? 'white_check_mark' : TAGS[severity], kind],
    sequence_id: createHash('sha256').update(deliveryId).digest('hex').slice(0, SEQUENCE_ID_LENGTH),
  };
}

/** Cut at a whole character. */
function atMostBytes(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.byteLength <= MESSAGE_BYTES_MAX) return text;
  return `${bytes
    .subarray(0, MESSAGE_BYTES_MAX)
    .toString('utf8')
    .replace(/\ufffd+$/, '')}…`;
}
