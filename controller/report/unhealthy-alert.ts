/**
 * The alert of an app that fell ill between transitions. The moment when that began is its fingerprint, so an illness is
 * told once, however long it lasts (A1).
 */
import type { Alert } from '../model/alert.ts';
import type { AppHealth } from '../model/health.ts';
import { alertOf } from './alert-parts.ts';
import { sentence } from './text.ts';

/** Of an app that is not healthy. */
export interface IllnessOf {
  readonly app: string;
  readonly version: string | null;
  /** When the app's condition `Healthy` last changed: names the illness. */
  readonly since: string;
  readonly health: Extract<AppHealth, { kind: 'unhealthy' }>;
  readonly nowMs: number;
}

/** An app fell ill between transitions. It is told, and never rolled back. */
export function unhealthyAlert({ app, version, since, health, nowMs }: IllnessOf): Alert {
  const what = version === null ? app : `${app} ${version}`;
  return alertOf({
    kind: 'unhealthy',
    app,
    severity: 'critical',
    title: `${app} is not healthy`,
    message: `${what} is not healthy since ${since}: ${sentence(health.message)}\nIt is not rolled back: it was healthy with this version before. Look at its logs and its host.`,
    atMs: nowMs,
    fingerprint: `unhealthy/${app}/${since}`,
    from: version,
    reasons: [{ reason: health.reason, file: null, line: null, from: version, to: null }],
    resolve: `ci-warm get warmapp ${app} -o yaml`,
  });
}
