/** The schemas of desired state by kind, in the order of the documentation. What is in them is for others to read. */
import canonical from '../../schema/desired/canonical.schema.json' with { type: 'json' };
import recipe from '../../schema/desired/recipe.schema.json' with { type: 'json' };
import run from '../../schema/desired/run.schema.json' with { type: 'json' };
import settings from '../../schema/desired/settings.schema.json' with { type: 'json' };
import sweep from '../../schema/desired/sweep.schema.json' with { type: 'json' };
import warmApp from '../../schema/desired/warm-app.schema.json' with { type: 'json' };
import type { Kind } from '../model/desired.ts';

export const desiredSchemas = {
  Settings: settings,
  Recipe: recipe,
  WarmApp: warmApp,
  Canonical: canonical,
  Run: run,
  Sweep: sweep,
} as const satisfies Readonly<Record<Kind, { readonly $id: string }>>;
