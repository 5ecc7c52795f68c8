/** What a person can do about a hold. Most are lifted by approving the version; some are about something else. */
import type { HoldReason } from '../model/alert.ts';
import type { Hold } from '../model/plan.ts';
import { primaryReason } from './hold-order.ts';

/** The patch or command that lifts the hold. `file`: where the app is written. */
export function adviceOnHold(hold: Hold, file: string): string {
  const of = (kind: HoldReason['kind']): HoldReason | undefined =>
    hold.reasons.find((reason) => reason.kind === kind);
  const domain = of('held-domain');
  if (domain !== undefined) return adviceOnIdentity(hold, domain, file);
  const foreign = of('held-adoption');
  if (foreign !== undefined) {
    if (foreign.reason === 'NotWhileIll')
      return 'make the app healthy: it is judged again by itself';
    if (foreign.reason !== 'ForeignStack' && foreign.reason !== 'ImageReplaced') {
      return `change ${file} (version, env) or the recipe until it asks for what runs; or remove the stack by hand, which keeps its volumes, and it is deployed on them as ${file} says`;
    }
    if (foreign.reason === 'ForeignStack' && foreign.from !== null) {
      return `wait until ${foreign.from} is retired, which begins when nothing under desired/ asks for it`;
    }
    const stack = foreign.to ?? 'that name';
    return `docker stack services ${stack} shows what is there: remove it, or put another domain: under spec of ${file}`;
  }
  const approve = `approved: "${hold.version}" under spec of ${file}`;
  if (primaryReason(hold.reasons)?.kind === 'held-unhealthy') {
    return `make the app healthy, or put ${approve}`;
  }
  return adviceOnConfiguration(hold, file, approve) ?? approve;
}

/** What an app was proved good with is put back; what a failed first install left may also be started upon. */
function adviceOnIdentity({ version, reasons }: Hold, first: HoldReason, file: string): string {
  const back = reasons
    .filter(({ kind }) => kind === 'held-domain')
    .map(({ reason, from }) => `${fieldOf(reason)}: ${from ?? 'the former one'}`)
    .join(' and ');
  const isLeft = first.reason === 'LeftByDomain' || first.reason === 'LeftByRecipe';
  const start = isLeft ? `, or approved: "${version}" to start on the data that is there` : '';
  return `${back} under spec of ${file}${start}`;
}

function fieldOf(reason: string): string {
  return reason === 'RecipeChanged' || reason === 'LeftByRecipe' ? 'recipe' : 'domain';
}

/** What has to be given first: an approval alone would end in a release that cannot be deployed. */
function adviceOnConfiguration(
  { reasons }: Hold,
  file: string,
  approve: string,
): string | undefined {
  const named = (reason: string): readonly HoldReason[] =>
    reasons.filter((one) => one.reason === reason);
  if (named('ConfigUnversioned').length > 0) {
    return 'wait for a release of the recipe that gives its changed config another version';
  }
  const variables = named('NewVariable').map(({ to }) => (to ?? '').replace(/=$/, ''));
  const secrets = named('NewSecret').map(({ to }) => to ?? '');
  const give = [
    ...(variables.length === 0 ? [] : [`set ${variables.join(', ')} in env of ${file}`]),
    ...(secrets.length === 0 ? [] : [`give ${secrets.join(', ')} by secrets of its Recipe`]),
  ].join(' and ');
  if (give === '') return undefined;
  const isAll = variables.length + secrets.length === reasons.length;
  return isAll && secrets.length > 0 ? give : `${give}, ${isAll ? 'or' : 'then'} put ${approve}`;
}
