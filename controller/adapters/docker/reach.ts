/**
 * The port `TaskReach`: how a task on this node is reached from this host, published ports or not.
 *
 * Every task on an overlay network has a foot in the bridge `docker_gwbridge` as well, on which this host is. The Engine
 * names that endpoint for the container's sandbox, so the address takes one look at the bridge for all tasks and one
 * look at each container, remembered for as long as the container is asked about. A task that is only on `internal`
 * networks has no such foot.
 */
import type { IncomingMessage } from 'node:http';
import type { ExecResult, TaskAddress, TaskReach } from '../../ports/task-reach.ts';
import type { Connection } from './connect.ts';
import { DeadlineError } from './deadline.ts';
import { isNotFound } from './errors.ts';
import { readFrames } from './frames.ts';

const bridge = 'docker_gwbridge';
const sandboxIdLength = 12;
const outputBytesMax = 16_384;

interface RawBridge {
  readonly Containers?: Readonly<
    Record<string, { readonly Name?: string; readonly IPv4Address?: string }>
  > | null;
}

/** Makes the port; asks nothing yet. */
export function createTaskReach(connection: Connection): TaskReach {
  const sandboxes = new Map<string, string>();
  /** Container and command → the command that was started there and did not end in time. */
  const hanging = new Map<string, string>();

  return {
    async addresses(containerIds, signal) {
      for (const id of sandboxes.keys()) if (!containerIds.includes(id)) sandboxes.delete(id);
      const [feet] = await Promise.all([
        askBridge(connection, signal),
        ...containerIds
          .filter((id) => !sandboxes.has(id))
          .map((id) => rememberSandbox(connection, sandboxes, id, signal)),
      ]);
      return new Map(containerIds.map((id) => [id, addressOf(sandboxes.get(id), feet)]));
    },
    exec: (containerId, command, limitMs, signal) =>
      exec(connection, hanging, { containerId, command, limitMs }, signal),
  };
}

/** Endpoint name → address. */
async function askBridge(
  connection: Connection,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const answer: unknown = await connection.ask(`look at network ${bridge}`, signal, (docker) =>
    docker.getNetwork(bridge).inspect(),
  );
  const endpoints = Object.values((answer as RawBridge).Containers ?? {});
  return new Map(
    endpoints.map(({ Name = '', IPv4Address = '' }) => [Name, IPv4Address.replace(/\/.*$/, '')]),
  );
}

async function rememberSandbox(
  connection: Connection,
  sandboxes: Map<string, string>,
  containerId: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    const container: unknown = await connection.ask(
      `look at container ${containerId.slice(0, 12)}`,
      signal,
      (docker, abortSignal) => docker.getContainer(containerId).inspect({ abortSignal }),
    );
    const { NetworkSettings } = container as {
      readonly NetworkSettings?: { readonly SandboxID?: string };
    };
    const sandbox = NetworkSettings?.SandboxID ?? '';
    // Empty until its networks are set up.
    if (sandbox !== '') sandboxes.set(containerId, sandbox);
  } catch (failure) {
    if (!isNotFound(failure)) throw failure;
  }
}

function addressOf(sandbox: string | undefined, feet: ReadonlyMap<string, string>): TaskAddress {
  if (sandbox === undefined) {
    return { kind: 'no-way', why: 'its container is not there, or not set up yet' };
  }
  const address = feet.get(`gateway_${sandbox.slice(0, sandboxIdLength)}`);
  return address === undefined || address === ''
    ? {
        kind: 'no-way',
        why: `it has no address on ${bridge} (a task that is only on internal networks has none): use an exec probe`,
      }
    : { kind: 'address', address };
}

interface ExecRequest {
  readonly containerId: string;
  readonly command: readonly string[];
  readonly limitMs: number;
}

async function exec(
  connection: Connection,
  hanging: Map<string, string>,
  request: ExecRequest,
  signal: AbortSignal,
): Promise<ExecResult> {
  const { containerId, command, limitMs } = request;
  const key = JSON.stringify([containerId, command]);
  try {
    const before = hanging.get(key);
    if (before !== undefined) {
      if ((await exitCodeOf(connection, before, signal)) === undefined) {
        return { kind: 'still-running' };
      }
      hanging.delete(key);
    }
    const id = await prepare(connection, request, signal);
    hanging.set(key, id);
    const output = await follow(connection, id, limitMs, signal);
    const exitCode = output === undefined ? undefined : await exitCodeOf(connection, id, signal);
    if (output === undefined || exitCode === undefined) return { kind: 'still-running' };
    hanging.delete(key);
    return { kind: 'exited', exitCode, output };
  } catch (failure) {
    if (!isNotFound(failure)) throw failure;
    hanging.delete(key);
    return { kind: 'no-way', why: 'its container is gone' };
  }
}

async function prepare(
  connection: Connection,
  { containerId, command }: ExecRequest,
  signal: AbortSignal,
): Promise<string> {
  const { id } = await connection.ask(
    `prepare a command in container ${containerId.slice(0, 12)}`,
    signal,
    (docker, abortSignal) =>
      docker.getContainer(containerId).exec({
        Cmd: [...command],
        AttachStdout: true,
        AttachStderr: true,
        abortSignal,
      }),
  );
  return id;
}

/** Starts it and reads what it writes, until it ends; undefined when it did not in time. */
async function follow(
  connection: Connection,
  execId: string,
  limitMs: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    return await connection.ask(
      'run a command in a container',
      signal,
      async (docker, abortSignal) => {
        // Not hijacked: the answer's body is what it writes, and ends when it ends.
        const stream: unknown = await docker.getExec(execId).start({ abortSignal });
        return await readOutput(stream as IncomingMessage);
      },
      limitMs,
    );
  } catch (failure) {
    if ((failure as Error).cause instanceof DeadlineError) return undefined;
    throw failure;
  }
}

async function readOutput(stream: IncomingMessage): Promise<string> {
  let kept = Buffer.alloc(0);
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    // Read to its end, which is when the command ends; what is over the limit is dropped.
    if (kept.length < outputBytesMax) kept = Buffer.concat([kept, chunk]);
  }
  return readFrames(kept).join('').slice(0, outputBytesMax).trim();
}

/** Undefined while it runs. */
async function exitCodeOf(
  connection: Connection,
  execId: string,
  signal: AbortSignal,
): Promise<number | undefined> {
  const state = await connection.ask('ask how a command ended', signal, (docker, abortSignal) =>
    docker.getExec(execId).inspect({ abortSignal }),
  );
  return state.Running ? undefined : (state.ExitCode ?? undefined);
}
