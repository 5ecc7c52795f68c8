/** The first release. */
import { serve } from '../serve.ts';
import { createEntries } from '../migrations.ts';

serve({
  version: '1.0.0',
  migrations: [createEntries],
  table: 'entries',
  authors: false,
});
