/** Lets one bare repository read the objects of another, which is not written to. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { writeFileAtomic } from '../files/atomic-write.ts';
import type { Mirror } from './git.ts';

/**
 * What `kept` has, `mirror` has as well; what is fetched goes into `mirror` alone. Where `kept` is not there yet, nothing
 * is borrowed. May be repeated. Errors: as `writeFileAtomic`.
 */
export async function borrowObjects(kept: Mirror, mirror: Mirror): Promise<void> {
  const objects = resolve(kept.directory, 'objects');
  if (!existsSync(objects)) return;
  await writeFileAtomic(join(mirror.directory, 'objects/info/alternates'), `${objects}\n`);
}
