/**
 * Files that hold one secret: a URL, a key, a token. Whatever goes wrong with one is told by the file's name and the kind
 * of the mistake, never by what it holds.
 */
import { readFile } from 'node:fs/promises';
import { errorCode } from '../files/fs.ts';

/** Longer files hold something else. */
const BYTES_MAX = 16 * 1024;

export type SecretFile =
  | { readonly kind: 'value'; readonly value: string }
  | { readonly kind: 'failed'; readonly why: string };

/** Without the line end that editors add. Never throws. */
export async function readSecretFile(path: string): Promise<SecretFile> {
  const failed = (why: string): SecretFile => ({ kind: 'failed', why: `${path} ${why}` });
  try {
    const content = await readFile(path);
    if (content.byteLength > BYTES_MAX) return failed('is too long for a secret');
    const value = content.toString('utf8').trim();
    return value === '' ? failed('is empty') : { kind: 'value', value };
  } catch (error) {
    const code = errorCode(error);
    return failed(code === 'ENOENT' ? 'is not there' : `cannot be read (${code ?? 'unknown'})`);
  }
}

/** The same, as a URL that can be posted to. Never throws. */
export async function readUrlFile(
  path: string,
): Promise<{ readonly kind: 'url'; readonly url: URL } | Extract<SecretFile, { kind: 'failed' }>> {
  const file = await readSecretFile(path);
  if (file.kind === 'failed') return file;
  const url = URL.parse(file.value);
  if (url === null) return { kind: 'failed', why: `${path} does not hold a URL` };
  if (url.protocol === 'https:' || url.protocol === 'http:') return { kind: 'url', url };
  return { kind: 'failed', why: `the URL in ${path} is neither https nor http` };
}
