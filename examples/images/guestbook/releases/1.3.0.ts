/** A harmless release after one that needs work by hand. */
import { serve } from '../serve.ts';
import { createEntries, addAuthors, forgetNamelessEntries } from '../migrations.ts';

serve({
  version: '1.3.0',
  migrations: [createEntries, addAuthors, forgetNamelessEntries],
  table: 'entries',
  authors: true,
});
