/** What an image or a repository is made from, as one short hash: equal inputs need no second build. */
import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';

const hashCharacters = 16;

/** A hash over texts, in order; their borders count. */
export function hashTexts(texts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(`${Buffer.byteLength(text)}:${text}\n`);
  return hash.digest('hex').slice(0, hashCharacters);
}

/** A hash over names and contents of files, whatever the order they are given in; names relative to `folder`. */
export async function hashFiles(folder: string, files: readonly string[]): Promise<string> {
  const texts: string[] = [];
  for (const file of [...files].sort()) {
    texts.push(relative(folder, file), await readFile(file, 'base64'));
  }
  return hashTexts(texts);
}

/** Every file under a folder, sorted; none when there is no such folder. */
export async function listFiles(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
