/**
 * Where alerts go. Sinks take their time, and each refuses an alert up to twice; what they took they have, also when the
 * controller dies before it hears of it. What the outbox does to files goes through a door of its own, whose faults are drawn by a chance
 * of its own: what befalls an app's calls does not hang on who is told of it.
 */
import { createAlertOutbox } from '../../controller/adapters/files/alert-outbox.ts';
import type { AlertOutbox } from '../../controller/ports/alert-outbox.ts';
import type { AlertSinks } from '../../controller/ports/alert-sinks.ts';
import { stateDir } from './disk.ts';
import { createFiles } from './file-door.ts';
import type { Life } from './life.ts';
import { checkState } from './ports-files.ts';
import { sinkNames } from './wanted.ts';
import type { World } from './world.ts';

const LATENCY_MS = 700;
const REFUSALS_MAX = 2;
/** Longer than all refusals of one alert take, with their pauses. */
const ARRIVES_MS = 120_000;

/** What the sinks have, whatever becomes of the controller. */
export class Post {
  /** `<sink> <id>`. */
  readonly taken = new Set<string>();
  readonly tries = new Map<string, number>();
}

export function createPost(life: Life): {
  readonly outbox: AlertOutbox;
  readonly sinks: AlertSinks;
} {
  const { world, clock, sleep } = life;
  const { post, rules } = world;
  const outbox = createAlertOutbox({
    stateDir,
    check: checkState,
    clock,
    revision: () => world.tree.revision,
    fs: createFiles({ ...life, door: life.postDoor }),
  });
  return {
    outbox: {
      ...outbox,
      putAway: async (id) => {
        const lacking = sinkNames.find((sink) => !post.taken.has(`${sink} ${id}`));
        if (lacking !== undefined) rules.fail('A1', `${id} is put away, and ${lacking} has it not`);
        await outbox.putAway(id);
      },
    },
    sinks: {
      send: async ({ name }, { id, deliveryId }) => {
        const what = `${name} ${deliveryId}`;
        const tries = (post.tries.get(what) ?? 0) + 1;
        post.tries.set(what, tries);
        await sleep(LATENCY_MS);
        if (tries <= refusals(what)) return { kind: 'failed', why: 'it does not want to' };
        post.taken.add(`${name} ${id}`);
        return { kind: 'delivered' };
      },
    },
  };
}

/** The same for the same. */
function refusals(what: string): number {
  const sum = Buffer.from(what).reduce((all, byte) => all + byte, 0);
  return sum % (REFUSALS_MAX + 1);
}

/** A1: those that were raised long enough ago and have not reached everybody. */
export function undelivered({ state, time, post }: World): readonly string[] {
  return state.alerts
    .filter(({ alert }) => Date.parse(alert.at) < time.nowMs - ARRIVES_MS)
    .filter(({ id }) =>
      sinkNames.some((sink) => !post.taken.has(`${sink} ${id.replace('.json', '')}`)),
    )
    .map(({ id }) => id);
}
