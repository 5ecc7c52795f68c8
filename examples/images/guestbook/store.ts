/**
 * The guestbook's entries in one SQLite file.
 *
 * Invariant: a database with a newer schema than this release knows is never opened for writing. A release that wrote to
 * it would damage what it does not understand, so it refuses to start, as most real applications do.
 */
import { DatabaseSync } from 'node:sqlite';
import type { SQLOutputValue } from 'node:sqlite';
import type { Release } from './release.ts';

type Entry = Record<string, SQLOutputValue>;

export interface Store {
  readonly schema: number;
  /** Newest first, at most `limit`. */
  list(limit: number): readonly Entry[];
  add(message: string, author: string, signedAt: string): Entry;
  /** Whether there was such an entry. */
  remove(id: number): boolean;
  close(): void;
}

/** Opens the file, brings its schema up to this release's, and throws when it is beyond that. */
export function openStore(file: string, release: Release): Store {
  const database = new DatabaseSync(file);
  const schema = migrate(database, release);
  const { table } = release;
  return {
    schema,
    list: (limit) => database.prepare(`SELECT * FROM ${table} ORDER BY id DESC LIMIT ?`).all(limit),
    add: (message, author, signedAt) => {
      const statement = release.authors
        ? database.prepare(
            `INSERT INTO ${table} (message, signedAt, author) VALUES (?, ?, ?) RETURNING *`,
          )
        : database.prepare(`INSERT INTO ${table} (message, signedAt) VALUES (?, ?) RETURNING *`);
      const values = release.authors ? [message, signedAt, author] : [message, signedAt];
      return statement.get(...values) ?? {};
    },
    remove: (id) => database.prepare(`DELETE FROM ${table} WHERE id = ?`).run(id).changes > 0,
    close: () => {
      database.close();
    },
  };
}

function migrate(database: DatabaseSync, release: Release): number {
  const known = release.migrations.length;
  const found = Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
  if (found > known) {
    throw new Error(
      `the database has schema ${found}, and guestbook ${release.version} knows no schema beyond ${known}: ` +
        'refusing to start (run a newer release, or restore the data of this one)',
    );
  }
  for (const [index, migration] of release.migrations.entries()) {
    if (index < found) continue;
    database.exec(`BEGIN; ${migration}; PRAGMA user_version = ${index + 1}; COMMIT`);
    console.error(`migrated the database to schema ${index + 1}`);
  }
  return known;
}
