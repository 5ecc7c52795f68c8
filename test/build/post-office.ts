/**
 * An outbox over real files, a clock that only the test moves, and sinks that do as they are told. `restart` is another
 * process over the same files.
 */
import { createAlertOutbox } from '../../controller/adapters/files/alert-outbox.ts';
import { createAlertStore } from '../../controller/adapters/files/alert-store.ts';
import { nodeFileSystem, type FileSystem } from '../../controller/adapters/files/fs.ts';
import type { AlertMessage } from '../../controller/model/delivery.ts';
import type { AlertPolicy } from '../../controller/model/desired.ts';
import type { AlertStore } from '../../controller/ports/alert-store.ts';
import type { Sent } from '../../controller/ports/alert-sinks.ts';
import type { Clock } from '../../controller/ports/clock.ts';
import { Outbox } from '../../controller/reconcile/outbox.ts';
import type { Standing } from '../../controller/report/standing.ts';
import { createStateCheck } from '../../controller/spec/state-validators.ts';
import { recordedLog, type RecordedLog } from '../adapters/files/samples.ts';

export type SinkBehaviour = (message: AlertMessage, signal: AbortSignal) => Promise<Sent>;

export interface HandClock extends Clock {
  advance(ms: number): void;
}

/** What each sink took, as `<sink> <deliveryId>`. */
export interface PostOffice {
  readonly clock: HandClock;
  readonly log: RecordedLog;
  readonly taken: readonly string[];
  /** Every try, taken or not. */
  readonly tries: readonly string[];
  store: AlertStore;
  outbox: Outbox;
  /** Undefined: it takes what it is sent. */
  readonly sinks: Map<string, SinkBehaviour | undefined>;
  restart(fs?: FileSystem): void;
}

export const startMs = Date.parse('2026-11-21T09:30:00Z');

const check = createStateCheck();

function handClock(): HandClock {
  let nowMs = startMs;
  const sleepers = new Set<() => void>();
  return {
    now: () => nowMs,
    newId: () => 'id',
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const untilMs = nowMs + ms;
        const look = (): void => {
          if (nowMs < untilMs && !signal.aborted) return;
          sleepers.delete(look);
          signal.removeEventListener('abort', look);
          resolve();
        };
        sleepers.add(look);
        signal.addEventListener('abort', look);
        look();
      }),
    advance: (ms) => {
      nowMs += ms;
      for (const look of [...sleepers]) look();
    },
  };
}

export function policyOf(names: readonly string[], remindAfterMs = 24 * 3_600_000): AlertPolicy {
  return { remindAfterMs, sinks: names.map((name) => ({ kind: 'command', name, command: ['x'] })) };
}

export function standingWith(...fingerprints: readonly string[]): Standing {
  const judged = new Set(['guestbook', 'host']);
  const known = {
    isTreeRead: true,
    isFollowed: true,
    isDiskKnown: true,
    heldJudged: judged,
    healthJudged: judged,
  };
  return { fingerprints: new Set(fingerprints), ...known };
}

export function postOffice(stateDir: string): PostOffice {
  const clock = handClock();
  const log = recordedLog();
  const taken: string[] = [];
  const tries: string[] = [];
  const behaviours = new Map<string, SinkBehaviour | undefined>();
  const send = async (
    { name }: { readonly name: string },
    message: AlertMessage,
    signal: AbortSignal,
  ): Promise<Sent> => {
    const what = `${name} ${message.deliveryId}`;
    tries.push(what);
    const sent = (await behaviours.get(name)?.(message, signal)) ?? { kind: 'delivered' };
    if (sent.kind === 'delivered') taken.push(what);
    return sent;
  };
  const open = (fs: FileSystem): Pick<PostOffice, 'store' | 'outbox'> => {
    const files = { stateDir, check, clock, log, revision: () => 'sha256:1', fs };
    const outbox = createAlertOutbox(files);
    return {
      store: createAlertStore(files),
      outbox: new Outbox({ outbox, sinks: { send }, clock, log }),
    };
  };
  const office: PostOffice = {
    clock,
    log,
    taken,
    tries,
    sinks: behaviours,
    ...open(nodeFileSystem),
    restart: (fs = nodeFileSystem) => {
      Object.assign(office, open(fs));
    },
  };
  return office;
}
