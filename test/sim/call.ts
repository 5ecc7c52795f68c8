/**
 * The one door to the outside. Every call of the controller goes through it: it is numbered, it may be slow, fail,
 * fail although it was done, or be the last thing that the controller ever did. Which of these is a policy's affair.
 */
import { CiWarmError, type FailureCode } from '../../controller/model/failure.ts';

export interface CallSite {
  /** What is called, as `engine.observeStack` or `snapshots.take/publish`. */
  readonly name: string;
  /** On which app or stack. */
  readonly of: string;
  /** It changes the world. */
  readonly mutates: boolean;
  /** How it may fail by its port's contract; the first is the usual one. */
  readonly errors: readonly FailureCode[];
}

export interface Call extends CallSite {
  /** From 1, over all incarnations of the controller. */
  readonly number: number;
  readonly incarnation: number;
}

export type Fate =
  | { readonly kind: 'go'; readonly delayMs: number }
  /** `power`: the whole machine goes, with everything that was not synced. */
  | { readonly kind: 'kill'; readonly when: 'before' | 'after'; readonly power?: boolean }
  | {
      readonly kind: 'fail';
      readonly when: 'before' | 'after';
      readonly code: FailureCode;
      readonly delayMs: number;
    };

export type Policy = (call: Call) => Fate;

export const go: Fate = { kind: 'go', delayMs: 0 };

export interface DoorDeps {
  readonly isAlive: () => boolean;
  readonly kill: (isPowerCut: boolean) => void;
  readonly incarnation: number;
  readonly nextNumber: () => number;
  readonly policy: () => Policy;
  readonly sleep: (ms: number) => Promise<void>;
  readonly before: (call: Call, fate: Fate) => void;
  /** After every effect: rules are looked at here. */
  readonly after: (call: Call) => void;
}

/** One incarnation's way out. Once it is dead nothing that it asks is ever answered. */
export class Door {
  readonly #deps: DoorDeps;

  constructor(deps: DoorDeps) {
    this.#deps = deps;
  }

  get incarnation(): number {
    return this.#deps.incarnation;
  }

  async through<T>(site: CallSite, effect: () => T | Promise<T>): Promise<T> {
    const deps = this.#deps;
    if (!deps.isAlive()) return await never<T>();
    const call = { ...site, number: deps.nextNumber(), incarnation: deps.incarnation };
    const fate = deps.policy()(call);
    deps.before(call, fate);
    if (fate.kind === 'kill' && fate.when === 'before') return await this.#die<T>(fate.power);
    if (fate.kind !== 'kill' && fate.delayMs > 0) {
      await deps.sleep(fate.delayMs);
      if (!deps.isAlive()) return await never<T>();
    }
    if (fate.kind === 'fail' && fate.when === 'before') throw failure(call, fate.code, 'before');
    let answer: T;
    try {
      answer = await effect();
    } finally {
      deps.after(call);
    }
    if (!deps.isAlive()) return await never<T>();
    if (fate.kind === 'kill') return await this.#die<T>(fate.power);
    if (fate.kind === 'fail') throw failure(call, fate.code, 'after');
    return answer;
  }

  #die<T>(isPowerCut = false): Promise<T> {
    this.#deps.kill(isPowerCut);
    return never<T>();
  }
}

function never<T>(): Promise<T> {
  return new Promise<T>(() => undefined);
}

function failure(call: Call, code: FailureCode, when: string): CiWarmError {
  return new CiWarmError(
    code,
    `${call.name} of ${call.of} failed by the simulation's will (${when})`,
  );
}
