/** A major release of the app. */
import { serve } from '../serve.ts';
import {
  createEntries,
  addAuthors,
  forgetNamelessEntries,
  renameEntriesToPosts,
  removeDoubles,
  indexAuthors,
} from '../migrations.ts';

serve({
  version: '2.0.0',
  migrations: [
    createEntries,
    addAuthors,
    forgetNamelessEntries,
    renameEntriesToPosts,
    removeDoubles,
    indexAuthors,
  ],
  table: 'posts',
  authors: true,
});
