/**
 * What makes one release of the guestbook differ from another: everything else is the same program.
 */
import type { Migration } from './migrations.ts';

export interface Release {
  /** The image's tag and the app half of a recipe version. */
  readonly version: string;
  /** Applied in this order at start; their number is the schema version that this release knows. */
  readonly migrations: readonly Migration[];
  /** The table that this release reads and writes. */
  readonly table: 'entries' | 'posts';
  /** Whether an entry may carry its author. */
  readonly authors: boolean;
  /** Called after the database is open and before the first request is accepted. */
  readonly beforeListening?: () => void;
}
