/** Broken: renames the table and goes on reading the old name, so it stays up and answers 500. */
import { serve } from '../serve.ts';
import {
  createEntries,
  addAuthors,
  forgetNamelessEntries,
  renameEntriesToPosts,
} from '../migrations.ts';

serve({
  version: '1.4.0',
  migrations: [createEntries, addAuthors, forgetNamelessEntries, renameEntriesToPosts],
  table: 'entries',
  authors: true,
});
