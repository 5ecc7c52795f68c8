/** What 1.4.0 and 1.4.1 wanted to be. */
import { serve } from '../serve.ts';
import {
  createEntries,
  addAuthors,
  forgetNamelessEntries,
  renameEntriesToPosts,
  removeDoubles,
} from '../migrations.ts';

serve({
  version: '1.5.0',
  migrations: [
    createEntries,
    addAuthors,
    forgetNamelessEntries,
    renameEntriesToPosts,
    removeDoubles,
  ],
  table: 'posts',
  authors: true,
});
