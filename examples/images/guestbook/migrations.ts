/**
 * The guestbook's schema changes. A database says by `PRAGMA user_version` how many of them it has had.
 *
 * Invariant: a migration that was released is never edited; a mistake is mended by another one.
 */

/** SQL that takes the schema one version further; run inside a transaction together with the new version number. */
export type Migration = string;

export const createEntries: Migration = `
  CREATE TABLE entries (
    id INTEGER PRIMARY KEY,
    message TEXT NOT NULL,
    signedAt TEXT NOT NULL
  ) STRICT`;

export const addAuthors: Migration = `
  ALTER TABLE entries ADD COLUMN author TEXT NOT NULL DEFAULT 'somebody'`;

export const forgetNamelessEntries: Migration = `
  DELETE FROM entries WHERE author = ''`;

/** The one that 1.4.0 ships with a program that still reads `entries`. */
export const renameEntriesToPosts: Migration = `
  ALTER TABLE entries RENAME TO posts`;

/** The one that goes wrong in 1.4.1: it was meant to remove doubles and removes everything older than the newest. */
export const removeDoublesCarelessly: Migration = `
  DELETE FROM posts WHERE id < (SELECT max(id) FROM posts)`;

export const removeDoubles: Migration = `
  DELETE FROM posts WHERE id NOT IN (
    SELECT min(id) FROM posts GROUP BY author, message, signedAt
  )`;

export const indexAuthors: Migration = `
  CREATE INDEX postsByAuthor ON posts (author)`;
