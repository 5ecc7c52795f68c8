/**
 * The recipes of a simulated world and the programs in them. A program is what a release's image does when it starts on
 * data; the ground truth of whether a release is good stands here, and nowhere that the controller could see it.
 */
import type { CommitSha } from '../../controller/model/names.ts';
import { commitOf } from '../build/recipe.ts';

/**
 * - `good`: starts, serves, writes.
 * - `slow`: the same, but answers only after 12 s.
 * - `ignores-term`: the same, and lets itself be killed after 10 s.
 * - `stumbles`: dies once on its first start, and is good from then on.
 * - `migrates-then-ill`: moves the data to its schema, and never answers.
 * - `destroys`: removes what is in its volumes, then dies, again and again.
 * - `crashes`: dies at every start.
 * - `dies-soon`: answers at once, and dies after 3 s.
 * - `dies-late`: serves for 9 s, then dies.
 * - `deaf`: runs and never answers.
 * - `flaps`: answers for 3 s, does not for 3 s, and so on.
 */
export type Behaviour =
  | 'good'
  | 'slow'
  | 'ignores-term'
  | 'stumbles'
  | 'migrates-then-ill'
  | 'destroys'
  | 'crashes'
  | 'dies-soon'
  | 'dies-late'
  | 'deaf'
  | 'flaps';

const goodOnes: readonly Behaviour[] = ['good', 'slow', 'ignores-term', 'stumbles'];

export function isGood(behaviour: Behaviour): boolean {
  return goodOnes.includes(behaviour);
}

/** What a release changes in its recipe that its version and its notes do not say. */
export type Surprise = 'none' | 'image-major' | 'image-elsewhere' | 'mount-moved';

/** What only people can give: a value for a variable, or a secret. */
export interface Ask {
  readonly kind: 'variable' | 'secret';
  readonly name: string;
}

export interface SimService {
  readonly name: string;
  readonly image: string;
  readonly behaviour: Behaviour;
  /** Volumes that it mounts, by their names in the compose file. */
  readonly mounts: readonly string[];
}

export interface SimRelease {
  readonly tag: string;
  /** Its place among the recipe's releases, from 1: what a newer one has touched, an older one must not start on. */
  readonly order: number;
  readonly commit: CommitSha;
  /** Form of the data that it leaves behind; it refuses any higher one, as real applications do. */
  readonly schema: number;
  readonly services: readonly SimService[];
  readonly volumes: readonly string[];
  readonly notes: string | undefined;
  /** From this moment on it is in the repository. */
  readonly appearsAtMs: number;
  /** Notes, a major, or a surprise: it must not be gone past without a person. */
  readonly isHeld: boolean;
  /** The surprises so far: what one release changes, later ones keep. */
  readonly surprises: readonly Surprise[];
  /** So far; an earlier release may not have asked for it. */
  readonly asks: readonly Ask[];
  /** The repository says when it was made. */
  readonly isDated: boolean;
}

export interface SimRecipe {
  readonly name: string;
  readonly releases: readonly SimRelease[];
}

export interface ReleaseDraft {
  readonly version: string;
  readonly behaviour: Behaviour;
  readonly migrates: boolean;
  readonly hasWorker: boolean;
  readonly addsVolume: boolean;
  readonly asksForWork: boolean;
  readonly surprise: Surprise;
  readonly appearsAtMs: number;
  readonly asksFor?: Ask['kind'];
  readonly isUndated?: boolean;
}

/** A recipe whose releases build on each other; the drafts are in order of version. Without data it has no volumes. */
export function recipeFrom(
  name: string,
  drafts: readonly ReleaseDraft[],
  hasData: boolean,
): SimRecipe {
  let schema = 1;
  let volumes: readonly string[] = hasData ? ['data'] : [];
  let surprises: readonly Surprise[] = [];
  let asks: readonly Ask[] = [];
  const releases = drafts.map((draft, index): SimRelease => {
    if (draft.migrates || draft.behaviour === 'migrates-then-ill') schema += 1;
    if (draft.addsVolume && hasData) volumes = [...volumes, `extra-${String(index)}`];
    const isSurprise = draft.surprise !== 'none' && (draft.surprise !== 'mount-moved' || hasData);
    if (isSurprise) surprises = [...surprises, draft.surprise];
    const { asksFor } = draft;
    if (asksFor !== undefined) {
      asks = [...asks, { kind: asksFor, name: `${asksFor}_${String(index)}` }];
    }
    const tag = `${draft.version}+${draft.version}`;
    const image = (service: string): string =>
      `images.example.org/${name}-${service}:${draft.version}`;
    const app: SimService = {
      name: 'app',
      image: image('app'),
      behaviour: draft.behaviour,
      mounts: volumes,
    };
    const worker: SimService = {
      name: 'worker',
      image: image('worker'),
      behaviour: 'good',
      mounts: volumes.slice(0, 1),
    };
    const major = (version: string): string => version.split('.')[0] ?? '';
    const before = drafts[index - 1];
    return {
      tag,
      order: index + 1,
      commit: commitOf(`${name} ${tag}`),
      schema,
      services: draft.hasWorker ? [app, worker] : [app],
      volumes,
      notes: draft.asksForWork
        ? 'Before upgrading, run `abra app cmd app migrate` by hand.'
        : undefined,
      appearsAtMs: draft.appearsAtMs,
      isHeld:
        draft.asksForWork ||
        (isSurprise && index > 0) ||
        (before !== undefined && major(before.version) !== major(draft.version)),
      surprises,
      asks,
      isDated: draft.isUndated !== true,
    };
  });
  return { name, releases };
}

export function releaseAt(recipe: SimRecipe, commit: string): SimRelease | undefined {
  return recipe.releases.find((release) => release.commit === commit);
}

/** What a reference is pinned to: the same reference, the same digest. */
export function pinnedOf(reference: string): string {
  const name = reference.slice(0, reference.lastIndexOf(':'));
  return `${name}@sha256:${commitOf(reference).repeat(2).slice(0, 64)}`;
}

/** The release as its maintainer wrote it: what the safety gate reads. */
export function recipeFilesOf(release: SimRelease): ReadonlyMap<string, string> {
  const { services, volumes, surprises, asks } = release;
  const times = (what: Surprise): number => surprises.filter((one) => one === what).length;
  const place = String(times('mount-moved'));
  const registry = `images-${String(times('image-elsewhere'))}.example.org`;
  const written = (image: string): string =>
    image
      .replace('images.example.org', registry)
      .replace(/:(\d+)\./, (_, major) => `:${String(Number(major) + 100 * times('image-major'))}.`);
  const compose = {
    version: '3.8',
    services: Object.fromEntries(
      services.map(({ name, image, mounts }) => [
        name,
        { image: written(image), volumes: mounts.map((volume) => `${volume}:/${volume}-${place}`) },
      ]),
    ),
    volumes: Object.fromEntries(volumes.map((volume) => [volume, {}])),
    secrets: Object.fromEntries(
      asks.flatMap(({ kind, name }) =>
        kind === 'secret' ? [[name, { external: true, name: `\${STACK_NAME}_${name}_v1` }]] : [],
      ),
    ),
  };
  const sample = asks.map(({ kind, name }) =>
    kind === 'variable' ? `${name}=` : `SECRET_${name.toUpperCase()}_VERSION=v1 # generate=false`,
  );
  return new Map([
    ['compose.yml', JSON.stringify(compose)],
    ['.env.sample', sample.join('\n')],
  ]);
}
