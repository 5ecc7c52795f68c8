/**
 * What people are told of a pass: holds, what desired state is wrong with, who fell ill and who is well again. One alert
 * per event (A1): told is what the store has, across restarts. Sending is the outbox's, which hears here what still holds.
 *
 * Of apps that this controller only stands by for nothing is told: that is for the one that holds their lease.
 *
 * Not here: alerts of a transition, which that raises itself at its end.
 */
import type { Alert, ToldAlert } from '../model/alert.ts';
import type { ObjectStatus } from '../model/condition.ts';
import { unreadable } from '../model/desired-stale.ts';
import { reasonOf } from '../model/failure.ts';
import type { PlanEntry } from '../model/plan.ts';
import type { AlertStore } from '../ports/alert-store.ts';
import type { HostDisk } from '../ports/host-disk.ts';
import { diskAlert } from '../report/disk-alert.ts';
import { holdAlerts } from '../report/hold-alert.ts';
import { illnesses, strandings } from '../report/illness.ts';
import { invalidAlert, invalidFileAlerts } from '../report/invalid-alert.ts';
import { recoveries } from '../report/recovery.ts';
import { staleAlert } from '../report/stale-alert.ts';
import type { Standing } from '../report/standing.ts';
import { stuckSteps } from '../report/stuck-alert.ts';
import { withDiff, type HoldDiffDeps } from './hold-diffs.ts';
import type { OutboxNews } from './outbox.ts';
import type { Pass } from './pass.ts';

export interface AlertTellerDeps extends HoldDiffDeps {
  readonly alerts: AlertStore;
  readonly disk: HostDisk;
  readonly outbox: { tell(news: OutboxNews): void };
}

export class AlertTeller {
  readonly #deps: AlertTellerDeps;
  #alerted = new Map<string, ReadonlySet<string>>();

  constructor(deps: AlertTellerDeps) {
    this.#deps = deps;
  }

  /** Never throws: an alert that cannot be written fails no pass, and is written by a later one. */
  async tell(pass: Pass, statuses: readonly ObjectStatus[]): Promise<void> {
    const told = await this.#told();
    const freeBytes = await this.#freeBytes();
    const byApp = alertsOf(pass, diskAlerts(pass, freeBytes, told));
    const ill = illnesses({ entries: pass.plan.entries, statuses, nowMs: pass.world.nowMs });
    const illness = ill.alerts.map((alert) => ({ alert, as: openIllness(told, alert) }));
    const standby = standbyApps(pass);
    const standing = standingOf(pass, byApp, {
      judged: ill.judged,
      fingerprints: [
        ...illness.map(({ as }) => as),
        ...strandings(statuses.filter(({ name }) => !standby.has(name))),
        ...stuckSteps(pass.plan.entries),
      ],
      told,
      isDiskKnown: freeBytes !== undefined,
    });
    await this.#try('host', async () => {
      for (const { alert, as } of illness) {
        if (!told.some(({ fingerprint }) => fingerprint === as))
          await this.#deps.alerts.raise(alert);
      }
      const nowMs = pass.world.nowMs;
      for (const { alert, ends } of recoveries({ told, standing, statuses, nowMs })) {
        await this.#deps.alerts.raise(alert);
        await this.#deps.alerts.end(ends);
      }
    });
    for (const [app, toTell] of byApp) {
      if (app === 'host' || !isAllElsewhere(pass)) await this.#raise(app, toTell, pass);
    }
    const desired = pass.loaded.known ? pass.loaded.value.desired : undefined;
    this.#deps.outbox.tell({ policy: desired?.settings.alerts, standing });
  }

  async #told(): Promise<readonly ToldAlert[]> {
    let told: readonly ToldAlert[] = [];
    await this.#try('host', async () => {
      told = await this.#deps.alerts.told();
    });
    return told;
  }

  /** Undefined: nobody could see. */
  async #freeBytes(): Promise<number | undefined> {
    try {
      return await this.#deps.disk.freeBytes();
    } catch (thrown) {
      this.#deps.log.warn('the room on the disk is not known', { why: reasonOf(thrown) });
      return undefined;
    }
  }

  async #raise(app: string, { alerts, isJudged }: ToTell, pass: Pass): Promise<void> {
    const before = this.#alerted.get(app);
    const now = new Set(alerts.map((alert) => alert.fingerprint));
    if (before !== undefined && isSameSet(before, now)) return;
    await this.#try(app, async () => {
      for (const alert of alerts) {
        await this.#deps.alerts.raise(await withDiff(alert, pass, this.#deps));
      }
      if (isJudged) await this.#deps.alerts.settle(app, [...now]);
      this.#alerted.set(app, now);
    });
  }

  async #try(app: string, task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (thrown) {
      this.#deps.log.error('an alert could not be written', { app, why: reasonOf(thrown) });
    }
  }
}

/** Another controller tells of these, if anybody does. */
function standbyApps({ plan }: Pass): ReadonlySet<string> {
  const standby = plan.entries.filter(({ isStandby }) => isStandby === true);
  return new Set(standby.map(({ object }) => object.name));
}

/** Whoever has every lease tells what is wrong with the apps of the tree, too: an invalid one has no domain to go by. */
function isAllElsewhere({ plan }: Pass): boolean {
  const { entries } = plan;
  const isRivals = ({ decision, isStandby }: PlanEntry): boolean =>
    isStandby === true && decision.kind === 'waiting';
  return entries.length > 0 && entries.every(isRivals);
}

/** An app that was told to be ill and was not seen to be well since has the same illness, whatever happened in between. */
function openIllness(told: readonly ToldAlert[], { app, fingerprint }: Alert): string {
  const open = told.findLast((one) => one.kind === 'unhealthy' && one.app === app);
  return open?.fingerprint ?? fingerprint;
}

function standingOf(
  { loaded, progress }: Pass,
  byApp: ReadonlyMap<string, ToTell>,
  seen: {
    readonly judged: ReadonlySet<string>;
    readonly fingerprints: readonly string[];
    readonly told: readonly ToldAlert[];
    readonly isDiskKnown: boolean;
  },
): Standing {
  const alerts = [...byApp.values()].flatMap((one) => one.alerts);
  const desired =
    loaded.known && !loaded.value.incomplete && loaded.value.invalid.length === 0
      ? loaded.value.desired
      : undefined;
  const wanted = new Set<string>(desired?.warmApps.keys() ?? []);
  // Nobody wants it any more: nothing holds of it.
  const gone = desired === undefined ? [] : seen.told.map(({ app }) => app);
  const unwanted = gone.filter((app) => app !== 'host' && !wanted.has(app));
  const held = [...byApp].filter(([, { isJudged }]) => isJudged).map(([app]) => app);
  return {
    fingerprints: new Set([...alerts.map(({ fingerprint }) => fingerprint), ...seen.fingerprints]),
    isTreeRead: loaded.known,
    isFollowed: loaded.known && progress.stale === undefined,
    isDiskKnown: seen.isDiskKnown && loaded.known && loaded.value.desired !== undefined,
    heldJudged: new Set([...held, ...unwanted]),
    healthJudged: new Set([...seen.judged, ...unwanted]),
  };
}

/** None while nobody could see the room, or knows how much is wanted: what was told stays told (L1). */
function diskAlerts(
  { loaded, world }: Pass,
  freeBytes: number | undefined,
  told: readonly ToldAlert[],
): readonly Alert[] {
  const settings = loaded.known ? loaded.value.desired?.settings : undefined;
  if (settings === undefined || freeBytes === undefined) return [];
  const isTold = told.some(({ kind }) => kind === 'disk-low');
  const alert = diskAlert({ freeBytes, disk: settings.disk, isTold, nowMs: world.nowMs });
  return alert === undefined ? [] : [alert];
}

interface ToTell {
  readonly alerts: readonly Alert[];
  /** Whether it was seen that nothing else holds the app: only then is what was told before over (A1). */
  readonly isJudged: boolean;
}

/** What holds or is invalid now, by app; an app that was judged and has nothing to tell is there with none. */
function alertsOf(
  { loaded, progress, plan, world }: Pass,
  ofDisk: readonly Alert[],
): ReadonlyMap<string, ToTell> {
  const inForce = loaded.known ? progress.lastApplied : undefined;
  const stale = progress.stale ?? (loaded.known ? undefined : unreadable(loaded.why));
  const ofTree = stale === undefined ? [] : [staleAlert(stale, inForce, world.nowMs)];
  const ofHost = [...ofTree, ...ofDisk];
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
    if (entry === undefined || !isHoldKnown(entry)) continue;
    byApp.set(app.name, { alerts: [], isJudged: true });
    for (const alert of holdAlerts(entry, app, world.nowMs)) add(alert);
  }
  for (const object of invalid) add(invalidAlert(object, world.nowMs));
  for (const alert of invalidFileAlerts(problems, invalid, world.nowMs)) add(alert);
  return byApp;
}

/**
 * While a transition runs or waits, the app is suspended or nobody could look, nothing is known of holds, and nothing while
 * an app is put back, or waits for that, whose recipe cannot be read: what was told stays told.
 */
function isHoldKnown({ decision, isHoldUnknown }: PlanEntry): boolean {
  if (isHoldUnknown === true) return false;
  return !['start', 'in-transition', 'waiting', 'unknown', 'suspended'].includes(decision.kind);
}

function isSameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((member) => b.has(member));
}
