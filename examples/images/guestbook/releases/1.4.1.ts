/** Broken: destroys entries while migrating, then ends at once on a setting that nobody has. */
import { serve } from '../serve.ts';
import {
  createEntries,
  addAuthors,
  forgetNamelessEntries,
  renameEntriesToPosts,
  removeDoublesCarelessly,
} from '../migrations.ts';

serve({
  version: '1.4.1',
  migrations: [
    createEntries,
    addAuthors,
    forgetNamelessEntries,
    renameEntriesToPosts,
    removeDoublesCarelessly,
  ],
  table: 'posts',
  authors: true,
  beforeListening: () => {
    throw new Error('the setting "moderation" is missing');
  },
});
