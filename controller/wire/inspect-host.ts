/** The composition of `ci-warm doctor`: what of this machine a controller would find. Changes nothing. */
import { sinkTrouble } from '../adapters/alerts/inspect.ts';
import { createConnection } from '../adapters/docker/connect.ts';
import { inspectHost as inspectDocker } from '../adapters/docker/doctor.ts';
import { inspectTools } from '../adapters/process/tools.ts';
import { whyNoReflinks } from '../adapters/snapshots/clone.ts';
import type { AlertSinkSpec } from '../model/desired.ts';
import type { HostFacts } from '../ports/host-facts.ts';
import type { ToolFacts } from '../ports/tool-facts.ts';

/** What is there of Docker, and of the programs that a controller runs. Never throws for their sake. */
export async function inspectHost(
  signal: AbortSignal,
): Promise<{ readonly docker: HostFacts; readonly tools: readonly ToolFacts[] }> {
  const connection = createConnection({ socketPath: undefined });
  const [docker, tools] = await Promise.all([
    inspectDocker(connection, signal),
    inspectTools(signal),
  ]);
  return { docker, tools };
}

/** For each sink why it could not be sent an alert; undefined where nothing is in the way. Nothing is sent. */
export async function inspectSinks(
  sinks: readonly AlertSinkSpec[],
): Promise<readonly { readonly name: string; readonly trouble: string | undefined }[]> {
  return Promise.all(
    sinks.map(async (sink) => ({ name: sink.name, trouble: await sinkTrouble(sink) })),
  );
}

/** Tries a reflink in a directory that is there, with two small files that are removed again. Never throws. */
export async function inspectReflinks(
  directory: string,
): Promise<{ readonly trouble: string | undefined }> {
  return { trouble: await whyNoReflinks(directory) };
}
