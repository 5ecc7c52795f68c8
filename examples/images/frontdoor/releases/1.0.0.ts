/** The first release. */
import { serve } from '../frontdoor.ts';

serve({ version: '1.0.0', greeting: 'Welcome.', status: 200 });
