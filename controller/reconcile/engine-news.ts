/**
 * What the log says of an Engine that does not answer: once when it begins, where it was looked for and what to do, and
 * once when it is over. Each object's status says it, too; but the log is what the person sees who just started it.
 */
import type { Known } from '../model/known.ts';
import type { World } from '../model/world.ts';
import type { Log } from '../ports/log.ts';

/** As long as a controller lives. */
export class EngineNews {
  readonly #log: Pick<Log, 'info' | 'warn'>;
  #isSilent = false;

  constructor(log: Pick<Log, 'info' | 'warn'>) {
    this.#log = log;
  }

  /** `swarm`: as a pass saw it. A reason that changes on the way is no news. */
  hear(swarm: World['swarm']): void {
    if (swarm.known === !this.#isSilent) return;
    this.#isSilent = !swarm.known;
    if (swarm.known) this.#log.info('Docker answers again');
    else this.#log.warn('Docker does not answer: nothing is done until it does', whyOf(swarm));
  }
}

function whyOf({ why }: Extract<Known<unknown>, { known: false }>): { readonly why: string } {
  return { why };
}
