/**
 * Which versions' recipes have to be read before an app can be planned: what runs, and every version in the way to one
 * that it may go to; and what an app that others have deployed is taken to run. None at all where nothing newer waits, so that
 * an idle pass reads nothing.
 */
import type { AppIdentity } from '../model/app.ts';
import type { Desired, RecipeSpec, WarmAppSpec } from '../model/desired.ts';
import type { RecipeView, ReleaseTag } from '../model/recipe.ts';
import type { LastGood, ReleaseSpec } from '../model/release.ts';
import { compareVersions, parseVersion, type RecipeVersion } from '../model/version.ts';
import type { World } from '../model/world.ts';
import { candidateOf, foundStack } from './adoption-candidate.ts';
import { identityOf, releaseSpecOf } from './identity.ts';

export interface StructureRequest {
  readonly app: AppIdentity;
  readonly release: ReleaseSpec;
}

/** The same world gives the same requests. */
export function structuresNeeded(
  desired: Desired,
  world: Pick<World, 'recipes' | 'records' | 'swarm'>,
): readonly StructureRequest[] {
  return [...desired.warmApps.values()].flatMap((app) => {
    const recipe = desired.recipes.get(app.recipe);
    const record = world.records.get(app.name);
    const view = world.recipes.get(app.recipe);
    if (recipe === undefined || record?.known !== true || view?.known !== true) return [];
    const { lastGood, open } = record.value;
    if (open.length > 0 || app.suspend) return [];
    if (lastGood === null) return adoptionRequest(desired, app, recipe, world.swarm, view.value);
    return requestsOf({ desired, app, recipe, lastGood }, view.value.releases);
  });
}

/** What runs under the app's name, where somebody else has deployed it. */
function adoptionRequest(
  desired: Desired,
  app: WarmAppSpec,
  recipe: RecipeSpec,
  swarm: World['swarm'],
  { releases }: RecipeView,
): StructureRequest[] {
  const services = swarm.known ? foundStack(swarm.value, app) : [];
  if (services.length === 0) return [];
  const candidate = candidateOf(services, app, releases);
  if (candidate.kind === 'none') return [];
  const identity = identityOf(desired, app, recipe);
  return [{ app: identity, release: releaseSpecOf(identity, app, candidate.release) }];
}

interface Subject {
  readonly desired: Desired;
  readonly app: WarmAppSpec;
  readonly recipe: RecipeSpec;
  readonly lastGood: LastGood;
}

function requestsOf(subject: Subject, releases: readonly ReleaseTag[]): StructureRequest[] {
  const { desired, app, recipe, lastGood } = subject;
  const inTheWay = possiblyInTheWay(app, lastGood.version, releases);
  if (inTheWay.length === 0) return [];
  const identity = identityOf(desired, app, recipe);
  return inTheWay
    .flatMap((release) => structureSpecsOf(identity, app, lastGood, release))
    .concat(structureSpecsOf(identity, app, lastGood, currentOf(lastGood)))
    .map((release) => ({ app: identity, release }));
}

/** Those above what runs, up to the pinned one. */
function possiblyInTheWay(
  app: WarmAppSpec,
  currentTag: string,
  releases: readonly ReleaseTag[],
): readonly ReleaseTag[] {
  const current = versionOf(currentTag);
  const pin = app.version.kind === 'pinned' ? app.version.tag : undefined;
  if (pin === currentTag) return [];
  const pinned = pin === undefined ? undefined : versionOf(pin);
  return releases.filter(({ tag }) => {
    if (tag === currentTag) return false;
    if (tag === pin) return true;
    const version = versionOf(tag);
    if (current === undefined || version === undefined) return false;
    if (compareVersions(version, current) === 'older') return false;
    if (pin === undefined) return true;
    return pinned !== undefined && compareVersions(version, pinned) === 'older';
  });
}

function versionOf(tag: string): RecipeVersion | undefined {
  const parsed = parseVersion(tag);
  return parsed.kind === 'version' ? parsed.version : undefined;
}

/** What runs, as a tag that may be gone from the repository, or be moved. */
export function currentOf({ version, commit }: LastGood): Pick<ReleaseTag, 'tag' | 'commit'> {
  return { tag: version, commit };
}

/**
 * A version with the configuration of today; and, where people changed that, with the one of `lastGood`: a compose file
 * that only the target has may be named by it, and then no other version can be read with it.
 */
export function structureSpecsOf(
  identity: AppIdentity,
  app: WarmAppSpec,
  { env }: LastGood,
  release: Pick<ReleaseTag, 'tag' | 'commit'>,
): readonly ReleaseSpec[] {
  const today = releaseSpecOf(identity, app, release);
  const before = releaseSpecOf(identity, { ...app, env }, release);
  return today.specHash === before.specHash ? [today] : [today, before];
}
