/**
 * The alert as JSON by POST.
 *
 * The signature is HMAC-SHA256 over the body, byte for byte, in the header that many receivers know how to check. The body
 * itself holds `deliveryId` and `sentAt`, so that a receiver that has checked the signature can pass over what it has seen
 * and refuse what is old; the headers repeat them for those that only look there.
 */
import { createHmac } from 'node:crypto';
import type { AlertMessage } from '../../model/delivery.ts';
import type { WebhookSinkSpec } from '../../model/desired.ts';
import type { Sent } from '../../ports/alert-sinks.ts';
import { postJson } from './post.ts';
import { readSecretFile, readUrlFile } from './secret-file.ts';

/** One try, at most ten seconds. Never throws. A sink that is to be signed is never sent anything unsigned. */
export async function postWebhook(
  { urlFile, secretFile }: WebhookSinkSpec,
  message: AlertMessage,
  signal: AbortSignal,
): Promise<Sent> {
  const target = await readUrlFile(urlFile);
  if (target.kind === 'failed') return target;
  const body = JSON.stringify(message);
  const headers = {
    'x-ci-warm-delivery': message.deliveryId,
    'x-ci-warm-timestamp': String(Math.floor(Date.parse(message.sentAt) / 1000)),
    'x-ci-warm-reminder': String(message.reminder),
  };
  if (secretFile === null) return postJson({ url: target.url, body, headers }, signal);
  const secret = await readSecretFile(secretFile);
  if (secret.kind === 'failed') return secret;
  const signature = createHmac('sha256', secret.value).update(body).digest('hex');
  const signed = { ...headers, 'x-ci-warm-signature-256': `sha256=${signature}` };
  return postJson({ url: target.url, body, headers: signed }, signal);
}
