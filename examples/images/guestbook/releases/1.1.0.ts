/** Entries have authors: the first release with a migration. */
import { serve } from '../serve.ts';
import { createEntries, addAuthors } from '../migrations.ts';

serve({
  version: '1.1.0',
  migrations: [createEntries, addAuthors],
  table: 'entries',
  authors: true,
});
