/** The last step of a pass: what people read. Writes only what changed, but for `status/controller.json`. */
import type { ObjectStatus } from '../model/condition.ts';
import type { Desired } from '../model/desired.ts';
import type { AppHealth } from '../model/health.ts';
import type { AppName } from '../model/names.ts';
import type { ControllerStatus } from '../model/state-file.ts';
import type { World } from '../model/world.ts';
import type { Clock } from '../ports/clock.ts';
import type { StateStore } from '../ports/state-store.ts';
import { appHealth } from '../report/app-health.ts';
import { statusIndex } from '../report/index-file.ts';
import { statusesOf } from '../report/status.ts';
import type { Pass } from './pass.ts';
import { AlertTeller, type AlertTellerDeps } from './tell-alerts.ts';

export interface ReporterDeps extends AlertTellerDeps {
  readonly store: Pick<StateStore, 'readStatuses' | 'writeStatuses' | 'writeController'>;
  readonly clock: Pick<Clock, 'now'>;
}

export interface ControllerIdentity {
  readonly pid: number;
  readonly startedAt: string;
  readonly version: string;
}

export class Reporter {
  readonly #deps: ReporterDeps;
  readonly #identity: ControllerIdentity;
  readonly #teller: AlertTeller;
  #previous: readonly ObjectStatus[] | undefined;

  constructor(deps: ReporterDeps, identity: ControllerIdentity) {
    this.#deps = deps;
    this.#identity = identity;
    this.#teller = new AlertTeller(deps);
  }

  /** As of the last pass; empty before the first. */
  get statuses(): readonly ObjectStatus[] {
    return this.#previous ?? [];
  }

  /** Throws only where the state directory cannot be written; an alert that cannot be delivered never fails a pass (A1). */
  async report(pass: Pass): Promise<void> {
    await this.#reportStatuses(pass);
    await this.#teller.tell(pass, this.statuses);
    await this.#deps.store.writeController({
      ...this.#identity,
      lastPassAt: new Date(this.#deps.clock.now()).toISOString(),
      ...revisionsOf(pass),
    });
  }

  async #reportStatuses(pass: Pass): Promise<void> {
    const { loaded, world, plan } = pass;
    // While the tree cannot be read at all, every object keeps the status it had.
    if (!loaded.known) return;
    const { desired, invalid, incomplete } = loaded.value;
    this.#previous ??= await this.#deps.store.readStatuses();
    const statuses = statusesOf({
      desired,
      invalid,
      incomplete,
      plan,
      world,
      health: desired === undefined ? new Map() : healthOf(desired, world),
      previous: this.#previous,
      nowMs: world.nowMs,
    });
    this.#previous = statuses;
    await this.#deps.store.writeStatuses(statuses, statusIndex(plan.revision, statuses));
  }
}

function revisionsOf({ progress }: Pass): Partial<ControllerStatus> {
  const { lastApplied, lastAttempted, stale } = progress;
  return {
    ...(lastApplied === undefined ? {} : { lastAppliedRevision: lastApplied }),
    ...(lastAttempted === undefined ? {} : { lastAttemptedRevision: lastAttempted }),
    ...(stale === undefined || stale.why === '' ? {} : { notFollowedBecause: stale.why }),
  };
}

function healthOf(desired: Desired, world: World): ReadonlyMap<AppName, AppHealth> {
  return new Map(
    [...desired.warmApps.values()].map((app): [AppName, AppHealth] => {
      if (!world.swarm.known) return [app.name, { kind: 'unknown', why: world.swarm.why }];
      const record = world.records.get(app.name);
      const lastGood = record?.known === true ? record.value.lastGood : null;
      const services = lastGood === null ? [] : Object.keys(lastGood.images);
      return [app.name, appHealth(world.swarm.value, { stack: app.stack, services })];
    }),
  );
}
