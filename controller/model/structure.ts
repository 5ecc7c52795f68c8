/**
 * A recipe at one version as the safety gate compares it with another: what holds data and what people have to give, each
 * with its place in the recipe's own files, so that a reason can be looked up (G2, G3).
 *
 * Not here: what a deploy needs (model/recipe.ts).
 */
import type { CommitSha } from './names.ts';
import type { RecipeProblem } from './recipe.ts';
import type { ReleaseSpec } from './release.ts';

/** A line of a file of the recipe. */
export interface Place {
  readonly file: string;
  readonly line: number | undefined;
}

export interface MountStructure extends Place {
  /** The volume's key in the compose files. */
  readonly volume: string;
  readonly target: string;
}

export interface ServiceStructure {
  readonly name: string;
  /** Filled in; empty where the recipe names none. */
  readonly image: string;
  readonly imagePlace: Place;
  readonly mounts: readonly MountStructure[];
  /** The recipe wants a new task beside the old one while it is updated; undefined: it does not. */
  readonly startFirst: Place | undefined;
}

export interface VolumeStructure extends Place {
  readonly key: string;
  /** The name that it has in Docker. */
  readonly name: string;
  readonly isExternal: boolean;
}

/** A variable of `.env.sample` that stands there with no value. */
export interface EmptyVariable extends Place {
  readonly name: string;
  /** Our configuration, or the recipe's `abra.sh`, gives it one. */
  readonly isSet: boolean;
}

export interface SecretStructure extends Place {
  readonly name: string;
  /** The name that it has in Docker, with its version. */
  readonly fullName: string;
  /** A value is made when there is none; false: a person has to give it. */
  readonly isGenerated: boolean;
}

/** A config, or a secret that the recipe brings as a file: Docker never changes one under its name. */
export interface FileObject {
  readonly kind: 'config' | 'secret';
  readonly name: string;
  readonly fullName: string;
  readonly file: string;
  /** Undefined: the recipe has no such file at this version, which `problems` says. */
  readonly text: string | undefined;
}

/** A service as a deploy would write it, by Docker's names. The values of variables may be secrets. */
export interface WantedService {
  readonly name: string;
  readonly replicas: number;
  /** What the recipe sets for this service. */
  readonly environment: ReadonlyMap<string, string>;
  readonly mounts: readonly WantedMount[];
  readonly secrets: readonly string[];
  readonly configs: readonly string[];
  readonly networks: readonly string[];
}

export interface WantedMount {
  readonly kind: 'volume' | 'bind';
  /** The volume's name; a path of the host, or one inside the recipe; empty for a volume without a name. */
  readonly source: string;
  readonly target: string;
}

export interface RecipeStructure {
  readonly tag: string;
  readonly commit: CommitSha;
  readonly services: readonly ServiceStructure[];
  readonly wanted: readonly WantedService[];
  /** The app's variables, whether a service is given them or not. */
  readonly environment: Readonly<Record<string, string>>;
  readonly volumes: readonly VolumeStructure[];
  /** Every variable that `.env.sample` sets, with the value that it gives. */
  readonly sample: ReadonlyMap<string, string>;
  readonly emptyVariables: readonly EmptyVariable[];
  readonly secrets: readonly SecretStructure[];
  readonly fileObjects: readonly FileObject[];
  /** What could not be read; a variable that has to be set and is not is one with `variable`. */
  readonly problems: readonly RecipeProblem[];
}

/** What a structure depends on: the release with its configuration, and the version that the recipe is told. */
export function structureKey({ specHash, version }: ReleaseSpec): string {
  return `${specHash} ${version}`;
}
