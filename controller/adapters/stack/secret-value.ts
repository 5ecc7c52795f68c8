/**
 * The values of secrets: made here, or read from the file that a person gave. They go from here to the Engine's API and
 * nowhere else: into no argument, variable, message or file.
 */
import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';

import { CiWarmError, reasonOf } from '../../model/failure.ts';
import type { SecretReading } from '../../model/recipe.ts';

const LINE_FEED = 0x0a;

/** A new value by the recipe's rule. Every character of the alphabet is as likely as any other. */
export function generateSecret({
  length,
  charset,
}: Pick<SecretReading, 'length' | 'charset'>): Buffer {
  const characters = Array.from({ length }, () => charset[randomInt(charset.length)]);
  return Buffer.from(characters.join(''), 'utf8');
}

/**
 * What a person gave. A file of one line is taken without its line break, which editors add and passwords do not have.
 * Errors: `tool-failed` when it cannot be read or is empty; a later try may find it.
 */
export async function readGivenSecret(name: string, file: string): Promise<Buffer> {
  const doing = `reading secret ${name} from ${file}`;
  let content: Buffer;
  try {
    content = await readFile(file);
  } catch (error) {
    throw new CiWarmError(
      'tool-failed',
      `${doing}: ${reasonOf(error)}; put the value there, or give another file`,
    );
  }
  const value =
    content.indexOf(LINE_FEED) === content.length - 1 ? content.subarray(0, -1) : content;
  if (value.length > 0) return value;
  throw new CiWarmError('tool-failed', `${doing}: the file is empty; put the value there`);
}
