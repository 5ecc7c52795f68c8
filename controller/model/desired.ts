/**
 * What people want, after parsing, validation and defaulting: every field present, durations in
 * milliseconds, sizes in bytes, domains and stack names computed, references known to lead somewhere.
 *
 * Not here: the YAML as people write it (desired-types.gen.ts, from schema/desired) and how one
 * becomes the other (spec/). Invariants of a value of type `Desired`: the recipe of every app, run
 * and sweep is in `recipes`; no two apps share a name, a domain or a stack.
 */

import type { AppName, Domain, RecipeName, RunName, StackName, SweepName } from './names.ts';

/** The kinds of object that people write, in the order in which they are shown. */
export const kinds = ['Settings', 'Recipe', 'WarmApp', 'Canonical', 'Run', 'Sweep'] as const;

export type Kind = (typeof kinds)[number];

/** How a recipe is deployed. */
export type Driver = 'Stack' | 'Abra';

/** How snapshots are taken, where the host can. */
export type SnapshotDriver = 'Tar' | 'Reflink';

/** A part of a run that tests may belong to. */
export type Stage = 'Install' | 'Upgrade' | 'Custom';

/** What the safety gate does when it meets such a change. */
export type GateAction = 'Hold' | 'Allow';

/** Where an object was written: path as given to the loader, line from 1. */
export interface Source {
  readonly file: string;
  readonly line: number;
}

/** Inclusive range of HTTP status codes. */
export interface StatusRange {
  readonly from: number;
  readonly to: number;
}

/** One question that is asked of a deployed app. */
export type ProbeSpec = HttpProbe | ProxyProbe | TcpProbe | ExecProbe | DockerProbe;

/** What is asked for by GET, and which answer is healthy: all of it has to be so. */
export interface HttpQuestion {
  readonly path: string;
  /** Any of these is healthy. */
  readonly status: readonly (number | StatusRange)[];
  /** Text that the beginning of the body contains; undefined: the body does not matter. */
  readonly body: string | undefined;
  /** By name in lower case: text that the value contains. */
  readonly headers: Readonly<Record<string, string>>;
}

/** GET at a service. */
export interface HttpProbe extends HttpQuestion {
  readonly kind: 'http';
  readonly service: string;
  /** Undefined: the port of Traefik's loadbalancer label, else the first target port. */
  readonly port: number | undefined;
}

/** GET at the app's domain, through the proxy of this node. */
export interface ProxyProbe extends HttpQuestion {
  readonly kind: 'proxy';
  readonly scheme: 'http' | 'https';
  readonly port: number;
}

/** A connection to a port of a service. */
export interface TcpProbe {
  readonly kind: 'tcp';
  readonly service: string;
  readonly port: number;
}

/** A command in a container of a service, by argument vector; exit code 0 is healthy. */
export interface ExecProbe {
  readonly kind: 'exec';
  readonly service: string;
  readonly command: readonly string[];
}

/** Docker's own health of one service, or of every service that has a health check. */
export interface DockerProbe {
  readonly kind: 'docker';
  readonly service: string | undefined;
}

/** How an app's health is judged. */
export interface HealthSpec {
  /** `default`: Docker's own health, and GET / of service `app` with 200 to 399. */
  readonly probes: readonly ProbeSpec[] | 'default';
  readonly stableForMs: number;
}

/** A secret whose value a person gives; the value is read from the file when it is needed. */
export interface GivenSecret {
  readonly name: string;
  readonly file: string;
}

/** A test of a recipe's own. */
export interface TestSpec {
  readonly name: string;
  readonly stage: Stage;
  /** Where the command runs: in a container of this service, or on the host. */
  readonly where:
    { readonly kind: 'service'; readonly service: string } | { readonly kind: 'host' };
  readonly command: readonly string[];
  readonly timeoutMs: number;
}

/** A recipe: what can be deployed, and how its health is judged. */
export interface RecipeSpec {
  readonly name: RecipeName;
  /** Absolute path or URL of its git repository. */
  readonly url: string;
  readonly driver: Driver;
  /** Over the recipe's own `.env.sample`. */
  readonly env: Readonly<Record<string, string>>;
  readonly secrets: readonly GivenSecret[];
  readonly health: HealthSpec;
  readonly timeouts: { readonly convergeMs: number; readonly bootMs: number };
  /** What a cold run installs first. */
  readonly upgradeBase:
    { readonly kind: 'previous' } | { readonly kind: 'tag'; readonly tag: string };
  /** Each names a WarmApp that provides realms, or one that is invalid now and may provide them. */
  readonly dependsOn: readonly { readonly sso: AppName }[];
  readonly tests: readonly TestSpec[];
  readonly source: Source;
}

/** When an upgrade may be tried without a person. */
export interface GateSpec {
  readonly minAgeMs: number;
  readonly onImageMajor: GateAction;
  readonly onNewConfiguration: GateAction;
}

/** An app that is deployed and running all the time. */
export interface WarmAppSpec {
  readonly name: AppName;
  readonly recipe: RecipeName;
  readonly domain: Domain;
  readonly stack: StackName;
  readonly version: { readonly kind: 'latest' } | { readonly kind: 'pinned'; readonly tag: string };
  readonly data: 'Stateful' | 'Stateless';
  readonly gate: GateSpec;
  /** The one target that a person lets through the safety gate. */
  readonly approved: string | undefined;
  /** The recipe's env with the app's own over it. */
  readonly env: Readonly<Record<string, string>>;
  readonly suspend: boolean;
  /** How many realms it may hold at a time; undefined when it provides none. */
  readonly providesRealmsMax: number | undefined;
  readonly source: Source;
}

/** An app that is kept undeployed with known-good data. */
export interface CanonicalSpec {
  readonly name: AppName;
  readonly recipe: RecipeName;
  readonly domain: Domain;
  readonly stack: StackName;
  /** The recipe's env with the canonical's own over it. */
  readonly env: Readonly<Record<string, string>>;
  readonly suspend: boolean;
  readonly source: Source;
}

/** Who asked for a run, as told; untrusted text. */
export interface RequestedBy {
  readonly forge: string | undefined;
  readonly repo: string | undefined;
  readonly pr: number | undefined;
  readonly comment: string | undefined;
  readonly build: number | undefined;
  readonly user: string | undefined;
}

/** One test of one recipe at one ref. */
export interface RunSpec {
  readonly name: RunName;
  readonly recipe: RecipeName;
  readonly mode: 'Cold' | 'Quick';
  /** `latest`, or a tag, a branch or a commit. */
  readonly ref: string;
  /** A fork to take the commit from; undefined: the recipe's own repository. */
  readonly url: string | undefined;
  /** `all`: every stage that applies. */
  readonly stages: readonly Stage[] | 'all';
  readonly timeoutMs: number;
  readonly keepAfterMs: number;
  readonly requestedBy: RequestedBy;
  readonly source: Source;
}

/** The nightly: rebuild the host, then cold runs of recipes. */
export interface SweepSpec {
  readonly name: SweepName;
  /** Five cron fields. */
  readonly schedule: string;
  /** IANA name. */
  readonly timeZone: string;
  readonly rebuild:
    | {
        readonly command: readonly string[];
        readonly timeoutMs: number;
        readonly onFailure: 'SweepAnyway' | 'SkipSweep';
      }
    | undefined;
  /** `*` is resolved already; in order of name. */
  readonly recipes: readonly RecipeName[];
  readonly budgetMs: number;
  readonly source: Source;
}

/** Where alerts go besides their files. What is secret of it stands in files, and is read when it is needed. */
export type AlertSinkSpec = WebhookSinkSpec | NtfySinkSpec | CommandSinkSpec;

/** The alert as JSON by POST. */
export interface WebhookSinkSpec {
  readonly kind: 'webhook';
  readonly name: string;
  readonly urlFile: string;
  /** What it is signed with; null: it is not signed. */
  readonly secretFile: string | null;
}

/** A message to a topic of an ntfy server. */
export interface NtfySinkSpec {
  readonly kind: 'ntfy';
  readonly name: string;
  /** Holds the topic's URL. */
  readonly urlFile: string;
  readonly tokenFile: string | null;
}

/** The alert as JSON on standard input, by argument vector. */
export interface CommandSinkSpec {
  readonly kind: 'command';
  readonly name: string;
  readonly command: readonly string[];
}

/** Who is told of alerts, and how often. */
export interface AlertPolicy {
  /** An alert whose cause still holds is sent again after this time. */
  readonly remindAfterMs: number;
  readonly sinks: readonly AlertSinkSpec[];
}

/** What holds for the host as a whole. */
export interface SettingsSpec {
  readonly name: string;
  readonly baseDomain: Domain;
  readonly maxTests: number;
  readonly resyncMs: number;
  readonly driver: Driver;
  /** Pattern with `{recipe}`; resolved already in each `RecipeSpec.url`. */
  readonly recipeUrl: string;
  readonly proxyNetwork: string;
  readonly disk: {
    readonly reserveBytes: number;
    readonly warnBelowBytes: number;
    readonly orphanGraceMs: number;
  };
  readonly snapshots: { readonly driver: SnapshotDriver };
  readonly alerts: AlertPolicy;
  readonly source: Source;
}

/** The desired state as a whole. */
export interface Desired {
  /** Commit of the tree, or a digest of the directory; as given to the loader. */
  readonly revision: string;
  readonly settings: SettingsSpec;
  readonly recipes: ReadonlyMap<RecipeName, RecipeSpec>;
  readonly warmApps: ReadonlyMap<AppName, WarmAppSpec>;
  readonly canonicals: ReadonlyMap<AppName, CanonicalSpec>;
  readonly runs: ReadonlyMap<RunName, RunSpec>;
  readonly sweeps: ReadonlyMap<SweepName, SweepSpec>;
}
