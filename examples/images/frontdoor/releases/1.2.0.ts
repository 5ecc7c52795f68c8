/** Broken: it runs and answers every page with 503. */
import { serve } from '../frontdoor.ts';

serve({ version: '1.2.0', greeting: 'We are closed.', status: 503 });
