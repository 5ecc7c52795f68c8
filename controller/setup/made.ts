/**
 * The record of what was made on this machine, `.ground/made.json`: what `npm run clean` may remove.
 *
 * Invariant (R2): a thing is written down before it is made, and what was there before is never written down. So
 * nothing without this record is ever removed.
 */
import { mkdir, readFile } from 'node:fs/promises';
import { writeFileAtomic } from '../adapters/files/atomic-write.ts';
import { paths } from './paths.ts';

export interface Made {
  /** Debian packages that were not installed before, dependencies included. */
  readonly packages: readonly string[];
  /** We started dockerd. */
  readonly engine: boolean;
  /** The Engine's package made its group, which was not there before. */
  readonly engineGroup: boolean;
  /** The Swarm's cluster id; an empty string while it is being made. */
  readonly swarm?: string | undefined;
  /** The proxy network's id; an empty string while it is being made. */
  readonly network?: string | undefined;
  /** The state directory that the sample tree's controller uses, which was not there before. */
  readonly stateDirectory?: string | undefined;
  /** What was it until clean left others' apps there: nothing in it is ours, and it stands on what we made. */
  readonly leftStateDirectory?: string | undefined;
  /** What the sample images that were built here were made from; the values of their labels. */
  readonly images: readonly string[];
}

const nothing: Made = { packages: [], engine: false, engineGroup: false, images: [] };

/** What was made so far; nothing when there is no record. */
export async function readMade(): Promise<Made> {
  let text: string;
  try {
    text = await readFile(paths.made, 'utf8');
  } catch {
    return nothing;
  }
  return { ...nothing, ...(JSON.parse(text) as Partial<Made>) };
}

/** Writes down that an image is about to be built here, by what it is made from. May be repeated. */
export async function recordImage(inputs: string): Promise<void> {
  const { images } = await readMade();
  if (!images.includes(inputs)) await recordMade({ images: [...images, inputs] });
}

/** Changes the record, whole or not at all; what is set to undefined is forgotten. Callers hold the ground's lock. */
export async function recordMade(change: Partial<Made>): Promise<void> {
  const made = { ...(await readMade()), ...change };
  await mkdir(paths.ground, { recursive: true });
  await writeFileAtomic(paths.made, `${JSON.stringify(made, null, 2)}\n`);
}
