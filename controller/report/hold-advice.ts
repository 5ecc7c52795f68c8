/** What a person can do about a hold. Most are lifted by approving the version; some are about something else. */
import type { HoldReason } from '../model/alert.ts';
import type { Hold } from '../model/plan.ts';
import { primaryReason } from './hold-order.ts';

/** The patch or command that lifts the hold. `file`: where the app is written. */
export function adviceOnHold(hold: Hold, file: string): string {
  const of = (kind: HoldReason['kind']): HoldReason | undefined =>
    hold.reasons.find((reason) => reason.kind === kind);
  const domain = of('held-domain');
  if (domain !== undefined) {
    const field = domain.reason === 'RecipeChanged' ? 'recipe' : 'domain';
    return `${field}: ${domain.from ?? 'the former one'} under spec of ${file}`;
  }
  const foreign = of('held-adoption');
  if (foreign !== undefined) {
    const stack = foreign.to ?? 'that name';
    return `docker stack services ${stack} shows what is there: remove it, or put another domain: under spec of ${file}`;
  }
  const approve = `approved: "${hold.version}" under spec of ${file}`;
  return primaryReason(hold.reasons)?.kind === 'held-unhealthy'
    ? `make the app healthy, or put ${approve}`
    : approve;
}
