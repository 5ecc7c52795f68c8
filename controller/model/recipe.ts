/** A recipe repository as the planner and the gates see it. Read from git objects; nothing here is deployed yet. */
import type { CommitSha } from './names.ts';

/** A tag with a `+` in its name. Tags without one are no releases and are left out. */
export interface ReleaseTag {
  readonly tag: string;
  readonly commit: CommitSha;
  /** When the tag (annotated) or its commit was made, ms since the epoch; undefined where git does not say. */
  readonly taggedAtMs: number | undefined;
  /** `release/<tag>`, else `releaseNotes/<tag>.md`, as of the newest commit that is known; undefined: there is none. */
  readonly notes: ReleaseNotes | undefined;
}

export interface ReleaseNotes {
  /** The path inside the repository, for evidence. */
  readonly file: string;
  readonly text: string;
}

export interface RecipeView {
  readonly releases: readonly ReleaseTag[];
}

/** One service of a recipe at one version, interpolated, as the union of its compose files says. */
export interface ServiceReading {
  readonly name: string;
  readonly image: string;
  readonly replicas: number;
  /** `volume` is the name in the compose file, without the stack's prefix. */
  readonly mounts: readonly { readonly volume: string; readonly target: string }[];
  readonly networks: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** Container ports, in the order of the file. */
  readonly targetPorts: readonly number[];
  readonly hasHealthcheck: boolean;
  readonly updateOrder: 'stop-first' | 'start-first' | undefined;
  /** A service that is meant to end: `restart_policy.condition` is `none` or `on-failure`. */
  readonly mayEnd: boolean;
}

export interface SecretReading {
  /** The name in the compose file. */
  readonly name: string;
  /** The name in Swarm's store: `<stack>_<name>_<version>`. */
  readonly fullName: string;
  /** Length and alphabet that the recipe states for a generated value. */
  readonly length: number;
  readonly charset: string;
  /** False where the recipe says that people have to give it (`generate=false`). */
  readonly generate: boolean;
}

export interface ConfigReading {
  readonly name: string;
  readonly fullName: string;
  readonly file: string | undefined;
}

/** What a recipe at one version asks for. `problems`: what could not be read; a gate holds on any (G2). */
export interface RecipeReading {
  readonly version: string;
  readonly commit: CommitSha;
  /** The compose files, in the order of `COMPOSE_FILE`. */
  readonly composeFiles: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly services: readonly ServiceReading[];
  /** Names in the compose file of volumes that are the stack's own. */
  readonly volumes: readonly string[];
  readonly secrets: readonly SecretReading[];
  readonly configs: readonly ConfigReading[];
  readonly externalNetworks: readonly string[];
  readonly problems: readonly RecipeProblem[];
}

export interface RecipeProblem {
  readonly file: string;
  readonly line: number | undefined;
  readonly message: string;
  /** All that is wrong is that this variable has no value, and the recipe wants one (`${NAME:?}`). */
  readonly variable?: string;
}
