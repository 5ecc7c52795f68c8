/** What is said of an app that the state directory knows nothing of: one sentence, whichever command was asked. */
import { CliError } from './cli-error.ts';
import { exitCode } from './exit-codes.ts';

/** With the one of `apps` that was probably meant. `next`: what to type to see which there are. */
export async function unknownApp(
  name: string,
  apps: readonly string[],
  next = 'ci-warm get warmapps',
): Promise<CliError> {
  const { nearest } = await import('../spec/suggest.ts');
  const meant = nearest(name, apps);
  return new CliError(
    exitCode.failed,
    `nothing is known of an app ${name}${meant === undefined ? '' : `; did you mean ${meant}?`}`,
    next,
  );
}
