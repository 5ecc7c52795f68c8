/** A patch: the same schema. */
import { serve } from '../serve.ts';
import { createEntries } from '../migrations.ts';

serve({
  version: '1.0.1',
  migrations: [createEntries],
  table: 'entries',
  authors: false,
});
