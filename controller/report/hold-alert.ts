/**
 * The alerts of what is held: what keeps an app from a version, why, and what lifts it. One hold has one fingerprint,
 * whenever and however often it is observed (A1): its version and its evidence. So an alert may be made anew in every
 * pass; the store raises it once.
 */
import type { Alert, HoldReason } from '../model/alert.ts';
import type { WarmAppSpec } from '../model/desired.ts';
import { digestOf } from '../model/digest.ts';
import type { Hold, PlanEntry } from '../model/plan.ts';
import { alertOf } from './alert-parts.ts';
import { adviceOnHold } from './hold-advice.ts';
import { primaryReason } from './hold-order.ts';
import { byText, sentence } from './text.ts';

/**
 * The hold of a plan's entry; none when it holds nothing that a person could lift. What keeps a newer version back and
 * what ails the app are two events: one lasts, and the other may pass.
 */
export function holdAlerts(entry: PlanEntry, app: WarmAppSpec, nowMs: number): readonly Alert[] {
  const { hold, current, target } = entry;
  if (hold === null) return [];
  const isIllness = ({ kind }: HoldReason): boolean => kind === 'held-unhealthy';
  const lasting = hold.reasons.filter((reason) => !isIllness(reason));
  if (current === null || lasting.length === 0 || lasting.length === hold.reasons.length) {
    return holdAlert(hold, current, app, nowMs);
  }
  const illness = { ...hold, version: target ?? hold.version, notes: [] };
  return [
    ...holdAlert({ ...hold, reasons: lasting }, current, app, nowMs),
    ...holdAlert({ ...illness, reasons: hold.reasons.filter(isIllness) }, current, app, nowMs),
  ];
}

function holdAlert(
  hold: Hold,
  current: string | null,
  app: WarmAppSpec,
  nowMs: number,
): readonly Alert[] {
  const first = primaryReason(hold.reasons);
  if (first === undefined) return [];
  const evidence = hold.reasons
    .map(({ reason, file, line, from, to }) => ({ reason, file, line, from, to }))
    .sort((a, b) => byText(a.reason, b.reason) || byText(digestOf(a), digestOf(b)));
  const isFound = hold.reasons.some(({ kind }) => kind === 'held-adoption');
  const isNot = isFound ? 'is not adopted' : 'is not installed';
  const stays = current === null ? isNot : `stays on ${current}`;
  const many = hold.reasons.length > 1;
  const list = hold.reasons.map(({ message }) => `${many ? '- ' : ''}${sentence(message)}`);
  const advice = adviceOnHold(hold, app.source.file);
  const alert = alertOf({
    kind: first.kind,
    app: app.name,
    severity: 'warning',
    title: `${app.name}: ${hold.version} is held`,
    message: [
      `${app.name} ${stays}, and nothing of it was touched: ${hold.version} needs a person${many ? `, for ${String(list.length)} reasons:` : '.'}`,
      ...list,
      `To go on: ${advice}.`,
    ].join('\n'),
    atMs: nowMs,
    fingerprint: `held/${app.name}/${digestOf({ version: hold.version, evidence: evidence.map(sameWhereverFrom) })}`,
    from: current,
    to: hold.version,
    reasons: evidence,
    releaseNotes: hold.notes,
    resolve: advice,
  });
  return [alert];
}

/** A hold stays the same event when the app moves to another version below it, and its object to another line. */
function sameWhereverFrom({
  reason,
  file,
  to,
}: Alert['reasons'][number]): Omit<Alert['reasons'][number], 'from' | 'line'> {
  return { reason, file, to };
}
