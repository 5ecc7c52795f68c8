/**
 * The way to the Docker Engine: where it is, which version of its API is spoken, and how long one exchange may take.
 *
 * Every exchange goes through `Connection.ask`, which bounds it in time, ends it with the caller's signal and turns
 * whatever is thrown into a `CiWarmError` by the one table in errors.ts. dockerode is loaded at the first exchange: most
 * commands of the command line never need it.
 *
 * No `agent` is given to dockerode. The default one keeps connections alive as well, and dockerode formats its request
 * options for its debug log on every call, a given agent with all its sockets included: ten times the cost of the call.
 */
import type { IncomingMessage } from 'node:http';
import type Dockerode from 'dockerode';
import { CiWarmError } from '../../model/failure.ts';
import { withDeadline } from './deadline.ts';
import { toFailure } from './errors.ts';

/** The newest API version that these adapters were written against. */
const ourVersion = '1.47';
/** What 20.10 speaks; everything used here is in it. */
const floorVersion = '1.41';

const pingLimitMs = 5_000;
const exchangeLimitMs = 20_000;

export interface ConnectionOptions {
  /** Undefined: what `DOCKER_HOST` and the other variables of Docker's own clients say, else the usual socket. */
  readonly socketPath: string | undefined;
}

export interface Connection {
  /**
   * One bounded exchange. `what` says in a few words what is being done, for messages. `limitMs` is 20 s unless told;
   * `Infinity` for streams that end with the signal. Throws `CiWarmError` only.
   */
  ask<T>(
    what: string,
    signal: AbortSignal,
    exchange: (docker: Dockerode, abortSignal: AbortSignal) => Promise<T>,
    limitMs?: number,
  ): Promise<T>;
  /**
   * The same in the newest version that the Engine speaks: for what is read whole and written back, of which an older
   * version would lose what it has no words for.
   */
  askInFull<T>(
    what: string,
    signal: AbortSignal,
    exchange: (docker: Dockerode, abortSignal: AbortSignal) => Promise<T>,
  ): Promise<T>;
  /** The API version that is spoken, as `1.41`. Errors: `no-answer`. */
  apiVersion(signal: AbortSignal): Promise<string>;
}

interface Client {
  readonly docker: Dockerode;
  readonly inFull: Dockerode;
  readonly version: string;
}

const neverAborted = new AbortController().signal;

/** Makes the way; asks nothing yet. */
export function createConnection(options: ConnectionOptions): Connection {
  let client: Promise<Client> | undefined;

  /**
   * Negotiated once, and again after a failure to reach the Engine: it may have been upgraded meanwhile. Callers share
   * one negotiation, so it is bounded by itself and not by the signal of the one who happened to begin it.
   */
  async function connected(signal: AbortSignal): Promise<Client> {
    client ??= withDeadline(neverAborted, pingLimitMs, (own) => negotiate(options, own));
    const mine = client;
    return withDeadline(signal, Infinity, () => mine);
  }

  async function askAs<T>(
    speaker: 'docker' | 'inFull',
    what: string,
    signal: AbortSignal,
    exchange: (docker: Dockerode, abortSignal: AbortSignal) => Promise<T>,
    limitMs: number,
  ): Promise<T> {
    try {
      const { [speaker]: docker } = await connected(signal);
      return await withDeadline(signal, limitMs, (abortSignal) => exchange(docker, abortSignal));
    } catch (thrown) {
      const failure = toFailure(what, thrown, signal);
      if (failure.code === 'no-answer') client = undefined;
      throw failure;
    }
  }

  return {
    ask: (what, signal, exchange, limitMs = exchangeLimitMs) =>
      askAs('docker', what, signal, exchange, limitMs),
    askInFull: (what, signal, exchange) => askAs('inFull', what, signal, exchange, exchangeLimitMs),
    async apiVersion(signal) {
      try {
        return (await connected(signal)).version;
      } catch (thrown) {
        client = undefined;
        throw toFailure('ask for its API version', thrown, signal);
      }
    },
  };
}

async function negotiate(options: ConnectionOptions, signal: AbortSignal): Promise<Client> {
  const { default: Docker } = await import('dockerode');
  const address = options.socketPath === undefined ? {} : { socketPath: options.socketPath };
  const theirs = await askVersion(new Docker(address), signal);
  const version = commonVersion(theirs);
  const speaking = (one: string): Dockerode => new Docker({ ...address, version: `v${one}` });
  return { docker: speaking(version), inFull: speaking(theirs), version };
}

/** The version that the Engine speaks at most: it stands in a header of its answer to a ping. */
async function askVersion(docker: Dockerode, signal: AbortSignal): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  docker.modem.dial(
    {
      path: '/_ping',
      method: 'GET',
      isStream: true,
      statusCodes: { 200: true },
      abortSignal: signal,
    },
    (error, answer) => {
      if (error === null) resolve(answer as IncomingMessage);
      else reject(error);
    },
  );
  const answer = await promise;
  answer.resume();
  const version = answer.headers['api-version'];
  if (typeof version === 'string' && /^\d+\.\d+$/.test(version)) return version;
  throw new CiWarmError(
    'no-answer',
    'Docker: what answers at its address does not name an API version. See whether it is a Docker Engine: `docker version`.',
  );
}

/** The smaller of ours and theirs. Throws `no-answer` below the floor. */
function commonVersion(theirs: string): string {
  if (isOlder(theirs, floorVersion)) {
    throw new CiWarmError(
      'no-answer',
      `Docker: this Engine speaks API version ${theirs}, and ci-warm needs ${floorVersion}: use Docker Engine 20.10 or newer.`,
    );
  }
  return isOlder(theirs, ourVersion) ? theirs : ourVersion;
}

function isOlder(a: string, b: string): boolean {
  const [aMajor = 0, aMinor = 0] = a.split('.').map(Number);
  const [bMajor = 0, bMinor = 0] = b.split('.').map(Number);
  return aMajor === bMajor ? aMinor < bMinor : aMajor < bMajor;
}
