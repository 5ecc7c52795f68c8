/** Where the ground keeps what it makes. Everything under `.ground/` may be deleted by `npm run clean`, and nothing else is written. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const ground = join(root, '.ground');

export const paths = {
  root,
  ground,
  /** Held while a step makes or removes something. */
  lock: join(ground, 'lock'),
  /** What was made, so that it can be removed. */
  made: join(ground, 'made.json'),
  /** Programs taken out of Debian packages that are not installed. */
  unpacked: join(ground, 'unpacked'),
  packageLog: join(ground, 'packages.log'),
  engine: join(ground, 'engine'),
  registry: join(ground, 'registry'),
  /** What live tests that run, or were killed, have in Docker. */
  tests: join(ground, 'tests'),
  imageRecord: join(ground, 'images.json'),
  imageSources: join(root, 'examples', 'images'),
  recipes: join(ground, 'recipes'),
  recipeSources: join(root, 'examples', 'recipes'),
  desired: join(root, 'desired'),
} as const;
