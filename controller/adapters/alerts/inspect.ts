/** Whether a sink could be sent anything: what `ci-warm doctor` asks. Nothing is sent, and no URL or secret is told. */
import { access, constants } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import type { AlertSinkSpec } from '../../model/desired.ts';
import { readSecretFile, readUrlFile } from './secret-file.ts';

/** Why it could not; undefined when nothing is known to be in the way. Never throws. */
export async function sinkTrouble(sink: AlertSinkSpec): Promise<string | undefined> {
  if (sink.kind === 'command') return commandTrouble(sink.command[0] ?? '');
  const url = await readUrlFile(sink.urlFile);
  if (url.kind === 'failed') return url.why;
  const secretFile = sink.kind === 'webhook' ? sink.secretFile : sink.tokenFile;
  const secret = secretFile === null ? undefined : await readSecretFile(secretFile);
  return secret?.kind === 'failed' ? secret.why : undefined;
}

/** A name is looked up in PATH when it is run. */
async function commandTrouble(program: string): Promise<string | undefined> {
  if (!isAbsolute(program)) return undefined;
  return access(program, constants.X_OK).then(
    () => undefined,
    () => `${program} is not there, or may not be run`,
  );
}
