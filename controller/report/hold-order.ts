/** With several reasons, a hold is named by the first kind of this order; the contract fixes it. */
import type { HoldReason } from '../model/alert.ts';

const order = [
  'held-major',
  'held-manual-migration',
  'held-unparsable',
  'held-image-major',
  'held-volume',
  'held-new-configuration',
  'held-downgrade',
  'held-domain',
  'held-unhealthy',
  'held-adoption',
] as const satisfies readonly HoldReason['kind'][];

/** The reason that names the hold; undefined only where there is none. */
export function primaryReason(reasons: readonly HoldReason[]): HoldReason | undefined {
  return reasons.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))[0];
}
