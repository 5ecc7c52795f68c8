/**
 * A1: the same hold is told again only when people changed in between what they want of that app. All else that changes
 * what is held (a release that appears, a version that the app has moved to) makes another hold for good. Not of an app
 * that is held because it is ill: that comes and goes.
 */
import type { Alert } from '../../controller/model/alert.ts';
import type { WantedApp } from './wanted.ts';

export class HoldsTold {
  readonly #told = new Map<string, number>();
  readonly #wanted = new Map<string, { readonly app: WantedApp; readonly sinceMs: number }>();

  /** After every call: what nobody could see between two of them is no change. */
  lookAt(apps: readonly WantedApp[], nowMs: number): void {
    for (const app of apps) {
      const before = this.#wanted.get(app.name);
      if (before?.app === app) continue;
      const isSame = before !== undefined && wishOf(before.app) === wishOf(app);
      this.#wanted.set(app.name, { app, sinceMs: isSame ? before.sinceMs : nowMs });
    }
  }

  onAlert(alert: Alert, nowMs: number): string | undefined {
    if (!alert.kind.startsWith('held-') || alert.kind === 'held-unhealthy') return undefined;
    const toldMs = this.#told.get(alert.fingerprint);
    this.#told.set(alert.fingerprint, nowMs);
    const changedMs = this.#wanted.get(alert.app)?.sinceMs ?? 0;
    return toldMs === undefined || changedMs > toldMs ? undefined : `${alert.title} was told twice`;
  }
}

/** An app that is suspended is held all the same. */
function wishOf(app: WantedApp): string {
  return JSON.stringify({ ...app, suspend: false, isRemoved: app.isRemoved === true });
}
