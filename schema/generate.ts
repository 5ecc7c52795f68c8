/** `npm run generate`: brings everything that is made from schemas up to date. May be repeated. */
import { writeFile } from 'node:fs/promises';
import { DESIRED_TYPES, desiredTypes } from './desired-types.ts';

await writeFile(DESIRED_TYPES, await desiredTypes());
