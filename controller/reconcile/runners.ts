/** Transitions under way. R1: one per app at a time; those of different apps run at once and the loop waits for none. */
import { reasonOf } from '../model/failure.ts';
import type { JournalRecord } from '../model/journal.ts';
import { executeTransition, type Executed } from './execute.ts';
import type { PerformDeps } from './job.ts';

export interface EndedTransition {
  readonly app: string;
  readonly id: string;
  readonly how: Executed | 'broken';
}

/**
 * How many are under way at a time. Each one asks the Engine for eight lists twice a second while it waits, and all of
 * them share its disk with the apps: more at once makes none of them faster, and fifty would time out together.
 */
export const TRANSITIONS_MAX = 8;

export class Runners {
  readonly #deps: PerformDeps;
  readonly #onEnd: () => void;
  readonly #running = new Map<string, Promise<void>>();
  readonly #ended: EndedTransition[] = [];

  /** `onEnd`: a wake-up; the next pass sees what came of it. */
  constructor(deps: PerformDeps, onEnd: () => void) {
    this.#deps = deps;
    this.#onEnd = onEnd;
  }

  isRunning(app: string): boolean {
    return this.#running.has(app);
  }

  /** Those whose transition is under way now. */
  apps(): ReadonlySet<string> {
    return new Set(this.#running.keys());
  }

  /** Whether one more may be started. */
  get hasRoom(): boolean {
    return this.#running.size < TRANSITIONS_MAX;
  }

  get count(): number {
    return this.#running.size;
  }

  /** Everything that ended since this controller started, oldest first. */
  get ended(): readonly EndedTransition[] {
    return this.#ended;
  }

  /** Starts or goes on with a transition. A second one for the same app is refused (R1), and so is one too many. */
  start(records: readonly JournalRecord[], signal: AbortSignal): void {
    const [first] = records;
    if (first === undefined || this.#running.has(first.app) || !this.hasRoom) return;
    const run = executeTransition(records, this.#deps, signal)
      .catch((thrown: unknown): 'broken' => {
        this.#deps.log.error('a transition cannot go on', {
          app: first.app,
          why: reasonOf(thrown),
        });
        return 'broken';
      })
      .then((how) => {
        this.#running.delete(first.app);
        this.#ended.push({ app: first.app, id: first.id, how });
        this.#onEnd();
      });
    this.#running.set(first.app, run);
  }

  /** Resolves when none is left: at shutdown, after the signal has told them to stop between two intents. */
  async drain(): Promise<void> {
    await Promise.all(this.#running.values());
  }
}
