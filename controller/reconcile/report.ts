/** The last step of a pass: what people read. Writes only what changed, but for `status/controller.json`. */
import type { Alert } from '../model/alert.ts';
import type { ObjectStatus } from '../model/condition.ts';
import type { Desired } from '../model/desired.ts';
import type { AppHealth } from '../model/health.ts';
import { reasonOf } from '../model/failure.ts';
import type { AppName } from '../model/names.ts';
import { unreadable } from '../model/desired-stale.ts';
import type { Decision } from '../model/plan.ts';
import type { ControllerStatus } from '../model/state-file.ts';
import type { World } from '../model/world.ts';
import type { AlertStore } from '../ports/alert-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { StateStore } from '../ports/state-store.ts';
import { holdAlert, invalidAlert, invalidFileAlerts } from '../report/alerts.ts';
import { appHealth } from '../report/app-health.ts';
import { illnessAlerts } from '../report/illness.ts';
import { statusIndex } from '../report/index-file.ts';
import { staleAlert } from '../report/stale-alert.ts';
import { statusesOf } from '../report/status.ts';
import type { Pass } from './pass.ts';

export interface ReporterDeps {
  readonly store: StateStore;
  readonly alerts: AlertStore;
  readonly clock: Clock;
  readonly log: Log;
}

export interface ControllerIdentity {
  readonly pid: number;
  readonly startedAt: string;
  readonly version: string;
}

export class Reporter {
  readonly #deps: ReporterDeps;
  readonly #identity: ControllerIdentity;
  #previous: readonly ObjectStatus[] | undefined;
  #alerted = new Map<string, ReadonlySet<string>>();
  readonly #ill = new Set<string>();

  constructor(deps: ReporterDeps, identity: ControllerIdentity) {
    this.#deps = deps;
    this.#identity = identity;
  }

  /** As of the last pass; empty before the first. */
  get statuses(): readonly ObjectStatus[] {
    return this.#previous ?? [];
  }

  /** Throws only where the state directory cannot be written; an alert that cannot be delivered never fails a pass (A1). */
  async report(pass: Pass): Promise<void> {
    await this.#reportStatuses(pass);
    await this.#raiseAlerts(pass);
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
    await this.#tellIllness(pass, this.#previous, statuses);
    this.#previous = statuses;
    await this.#deps.store.writeStatuses(statuses, statusIndex(plan.revision, statuses));
  }

  /** Before the statuses are written: they are what says, after a crash, that somebody had been ill. */
  async #tellIllness(
    { plan, world }: Pass,
    before: readonly ObjectStatus[],
    now: readonly ObjectStatus[],
  ): Promise<void> {
    const { entries } = plan;
    const { fallen, recovered } = illnessAlerts({ entries, before, now, nowMs: world.nowMs });
    try {
      for (const alert of fallen) {
        if (this.#ill.has(alert.fingerprint)) continue;
        await this.#deps.alerts.raise(alert);
        this.#ill.add(alert.fingerprint);
      }
      if (recovered.length === 0) return;
      const told = new Set((await this.#deps.alerts.list()).map(({ alert }) => alert.fingerprint));
      for (const { of, alert } of recovered) {
        if (told.has(of)) await this.#deps.alerts.raise(alert);
      }
    } catch (thrown) {
      this.#deps.log.error('an alert could not be written', { why: reasonOf(thrown) });
    }
  }

  async #raiseAlerts(pass: Pass): Promise<void> {
    for (const [app, { alerts, isJudged }] of alertsOf(pass)) {
      const before = this.#alerted.get(app);
      const now = new Set(alerts.map((alert) => alert.fingerprint));
      if (before !== undefined && isSameSet(before, now)) continue;
      try {
        for (const alert of alerts) await this.#deps.alerts.raise(alert);
        if (isJudged) await this.#deps.alerts.settle(app, [...now]);
        this.#alerted.set(app, now);
      } catch (thrown) {
        this.#deps.log.error('an alert could not be written', { app, why: reasonOf(thrown) });
      }
    }
  }
}

interface ToTell {
  readonly alerts: readonly Alert[];
  /** Whether it was seen that nothing else holds the app: only then is what was told before over (A1). */
  readonly isJudged: boolean;
}

/** What holds or is invalid now, by app; an app that was judged and has nothing to tell is there with none. */
function alertsOf({ loaded, progress, plan, world }: Pass): ReadonlyMap<string, ToTell> {
  const inForce = loaded.known ? progress.lastApplied : undefined;
  const stale = progress.stale ?? (loaded.known ? undefined : unreadable(loaded.why));
  const ofHost = stale === undefined ? [] : [staleAlert(stale, inForce, world.nowMs)];
  const byApp = new Map<string, ToTell>([['host', { alerts: ofHost, isJudged: loaded.known }]]);
  if (!loaded.known) return byApp;
  const { desired, invalid, problems } = loaded.value;
  const add = (alert: Alert): void => {
    const { alerts, isJudged } = byApp.get(alert.app) ?? { alerts: [], isJudged: false };
    byApp.set(alert.app, { alerts: [...alerts, alert], isJudged });
  };
  for (const app of desired?.warmApps.values() ?? []) {
    const entry = plan.entries.find(
      ({ object }) => object.kind === 'WarmApp' && object.name === app.name,
    );
    if (entry === undefined || !isHoldKnown(entry.decision)) continue;
    byApp.set(app.name, { alerts: [], isJudged: true });
    const alert = holdAlert(entry, app, world.nowMs);
    if (alert !== undefined) add(alert);
  }
  for (const object of invalid) add(invalidAlert(object, world.nowMs));
  for (const alert of invalidFileAlerts(problems, invalid, world.nowMs)) add(alert);
  return byApp;
}

function revisionsOf({ progress }: Pass): Partial<ControllerStatus> {
  const { lastApplied, lastAttempted } = progress;
  return {
    ...(lastApplied === undefined ? {} : { lastAppliedRevision: lastApplied }),
    ...(lastAttempted === undefined ? {} : { lastAttemptedRevision: lastAttempted }),
  };
}

/** While a transition runs or waits, the app is suspended or nobody could look, nothing is known of holds: what was told stays told. */
function isHoldKnown({ kind }: Decision): boolean {
  return !['start', 'in-transition', 'waiting', 'unknown', 'suspended'].includes(kind);
}

function isSameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((member) => b.has(member));
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
