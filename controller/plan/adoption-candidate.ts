/**
 * Which version an app is taken to run that somebody else deployed: what its services say of themselves, else what desired
 * state pins, else the newest. It is only compared with what runs, so a wrong guess adopts nothing.
 */
import type { HoldReason } from '../model/alert.ts';
import type { WarmAppSpec } from '../model/desired.ts';
import type { ReleaseTag } from '../model/recipe.ts';
import { label, type ServiceView, type SwarmView } from '../model/swarm.ts';
import { newestOf } from './candidates.ts';

export type Candidate =
  | {
      readonly kind: 'release';
      readonly release: ReleaseTag;
      /** Neither the services nor desired state say it. */
      readonly isGuess: boolean;
    }
  | { readonly kind: 'none'; readonly version: string; readonly reason: HoldReason };

/**
 * The services of the app's stack, where nobody owns them; none where one has an owner. An adoption that was broken off
 * may have left our label on some, and on no task: those are as free as before.
 */
export function foundStack(
  view: SwarmView,
  { name, stack }: Pick<WarmAppSpec, 'name' | 'stack'>,
): readonly ServiceView[] {
  const services = view.services.filter((service) => service.stack === stack);
  const isFree = ({ id, labels }: ServiceView): boolean => {
    const owner = labels[label.app];
    if (owner === undefined) return true;
    const tasks = view.tasks.filter((task) => task.serviceId === id);
    return (
      owner === name && tasks.length > 0 && tasks.every(({ specHash }) => specHash === undefined)
    );
  };
  return services.every(isFree) ? services : [];
}

/** The same services and releases give the same candidate. */
export function candidateOf(
  services: readonly ServiceView[],
  app: Pick<WarmAppSpec, 'name' | 'stack' | 'version'>,
  releases: readonly ReleaseTag[],
): Candidate {
  const said = (what: string): readonly string[] => [
    ...new Set(
      services.flatMap(({ labels }) => labels[`coop-cloud.${app.stack}.${what}`] ?? []).sort(),
    ),
  ];
  const tags = said('version');
  const [tag = app.version.kind === 'pinned' ? app.version.tag : undefined] = tags;
  const none = (message: string): Candidate => ({
    kind: 'none',
    version: tag ?? '',
    reason: {
      kind: 'held-adoption',
      reason: 'ForeignVersion',
      message,
      file: null,
      line: null,
      from: tags.join(' ') || null,
      to: null,
    },
  });
  const running = `which version of ${app.name} runs in stack ${app.stack}`;
  if (tags.length > 1) return none(`services say differently ${running}: ${tags.join(', ')}`);
  if (said('chaos').includes('true')) {
    return none(`${running} cannot be said: it was deployed from a commit that is no release`);
  }
  const release = tag === undefined ? newestOf(releases) : releases.find((one) => one.tag === tag);
  if (release !== undefined) return { kind: 'release', release, isGuess: tag === undefined };
  return none(
    tag === undefined
      ? `${running} cannot be said: its recipe has no release`
      : `stack ${app.stack} is taken to run ${tag}, and the recipe has no such release; put the tag that runs under version`,
  );
}
