/** A good release. */
import { serve } from '../frontdoor.ts';

serve({ version: '1.1.0', greeting: 'Welcome, come in.', status: 200 });
