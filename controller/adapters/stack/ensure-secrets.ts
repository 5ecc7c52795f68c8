/** Makes the secrets that a stack needs and that Swarm does not have yet; those that it has are left as they are. */
import type { AppIdentity } from '../../model/app.ts';
import { CiWarmError } from '../../model/failure.ts';
import type { RecipeReading, SecretReading } from '../../model/recipe.ts';
import { label } from '../../model/swarm.ts';
import type { Secrets } from '../../ports/secrets.ts';
import { generateSecret, readGivenSecret } from './secret-value.ts';

/**
 * May be repeated: a value is made once in the life of a name. Nothing is made unless everything can be.
 * Errors: `recipe-invalid` (a secret that people have to give), `tool-failed` (its file), `no-answer`.
 */
export async function ensureSecrets(
  app: AppIdentity,
  reading: RecipeReading,
  secrets: Secrets,
  signal: AbortSignal,
): Promise<void> {
  // Others' secrets are used and never made; Docker says when one is not there.
  const own = reading.secrets.filter(({ fullName }) => fullName.startsWith(`${app.stack}_`));
  if (own.length === 0) return;
  const stored = await secrets.list(app.stack, signal);
  const missing = own.filter(({ fullName }) => !stored.has(fullName));
  const values: { readonly name: string; readonly value: Buffer }[] = [];
  for (const secret of missing) {
    values.push({ name: secret.fullName, value: await valueOf(app, secret) });
  }
  const labels = { [label.stack]: app.stack, [label.app]: app.name };
  for (const { name, value } of values) await secrets.ensure({ name, value, labels }, signal);
}

async function valueOf(app: AppIdentity, secret: SecretReading): Promise<Buffer> {
  const given = app.givenSecrets.find(({ name }) => name === secret.name);
  if (given !== undefined) return await readGivenSecret(secret.name, given.file);
  if (secret.generate) return generateSecret(secret);
  throw new CiWarmError(
    'recipe-invalid',
    `secret ${secret.name} of ${app.name} has to be given by a person: name a file that holds it under spec.secrets of Recipe ${app.recipe}`,
  );
}
