/**
 * The objects of desired state as people write them, before defaulting.
 *
 * Generated from schema/desired by `npm run generate`; change the schemas instead.
 */

/**
 * Any object of desired state.
 */
export type DesiredObject = Settings | Recipe | WarmApp | Canonical | Run | Sweep;

/**
 * What holds for the host as a whole. A tree has exactly one.
 */
export interface Settings {
  /**
   * The version of the format.
   */
  apiVersion: 'ci-warm.dev/v1';
  /**
   * What the object is.
   */
  kind: 'Settings';
  metadata: Metadata;
  spec: SettingsSpec;
}
/**
 * Who the object is.
 */
export interface Metadata {
  /**
   * The name of the object, unique among its kind. WarmApps and Canonicals share one name space.
   */
  name: string;
  labels?: TextMap;
  annotations?: TextMap;
}
/**
 * Text by name.
 */
export interface TextMap {
  /**
   * Text
   */
  [k: string]: string;
}
/**
 * What is wanted.
 */
export interface SettingsSpec {
  /**
   * Apps live under it: warm-<name>.<baseDomain>, and <first 4>-<6 hex>.<baseDomain> for cold runs.
   */
  baseDomain: string;
  /**
   * Runs at a time, all modes together, 1 to 64
   */
  maxTests?: number;
  /**
   * A full pass is made at least this often; at most 24h.
   */
  resync?: string;
  /**
   * How recipes are deployed that do not say otherwise.
   */
  driver?: 'Stack' | 'Abra';
  /**
   * Where the repositories of recipes are that do not say otherwise; {recipe} stands for the name.
   */
  recipeUrl?: string;
  /**
   * The name of a Docker network: letters, digits, dots, underscores and hyphens
   */
  proxyNetwork?: string;
  disk?: Disk;
  snapshots?: Snapshots;
  alerts?: Alerts;
}
/**
 * How much room is kept free, and when to say so.
 */
export interface Disk {
  /**
   * Room that is never used: nothing is started that would leave less.
   */
  reserve?: string;
  /**
   * One alert when there is less room than this.
   */
  warnBelow?: string;
  /**
   * How long an app is kept whose object was removed.
   */
  orphanGrace?: string;
}
/**
 * How snapshots of apps are taken.
 */
export interface Snapshots {
  /**
   * Tar: an archive a volume, by tar and zstd. Reflink: a copy that shares its blocks with the data, where the file system of the state directory can; elsewhere as Tar. Whoever takes, both are restored.
   */
  driver?: 'Tar' | 'Reflink';
}
/**
 * Who is told.
 */
export interface Alerts {
  /**
   * An alert that still stands is sent again after this time.
   */
  remindAfter?: string;
  /**
   * Where alerts are sent besides the files under alerts/, which are always written.
   */
  sinks?: Sink[];
}
/**
 * One place that alerts are sent to.
 */
export interface Sink {
  /**
   * Unique among the sinks.
   */
  name: string;
  /**
   * Webhook: the alert as JSON by POST. Command: the alert as JSON on standard input. Ntfy: a message to a topic of an ntfy server.
   */
  kind: 'Webhook' | 'Command' | 'Ntfy';
  urlFrom?: URLSource;
  secretFrom?: SigningSecretSource;
  tokenFrom?: AccessTokenSource;
  /**
   * What a Command runs.
   *
   * Items: Text; numbers in quotes
   */
  command?: string[];
}
/**
 * Where the URL of a Webhook, or of the topic of an Ntfy, is read from: it is a secret, so it stands in a file.
 */
export interface URLSource {
  /**
   * The file that holds the URL.
   */
  file: string;
}
/**
 * Where the secret is read from that a Webhook is signed with; without it, it is not signed.
 */
export interface SigningSecretSource {
  /**
   * The file that holds the secret.
   */
  file: string;
}
/**
 * Where the access token of an Ntfy is read from; without it, none is sent.
 */
export interface AccessTokenSource {
  /**
   * The file that holds the token.
   */
  file: string;
}
/**
 * Something that can be deployed: a git repository of compose files with tags, and how its health is judged.
 */
export interface Recipe {
  /**
   * The version of the format.
   */
  apiVersion: 'ci-warm.dev/v1';
  /**
   * What the object is.
   */
  kind: 'Recipe';
  metadata: Metadata;
  spec: RecipeSpec;
}
/**
 * What is wanted.
 */
export interface RecipeSpec {
  /**
   * Where the recipe's git repository is. Default: Settings.recipeUrl.
   */
  url?: string;
  /**
   * How the recipe is deployed. Default: Settings.driver.
   */
  driver?: 'Stack' | 'Abra';
  env?: Environment;
  /**
   * Secrets that people give; all others are generated when missing.
   */
  secrets?: GivenSecret[];
  health?: Health;
  timeouts?: Timeouts;
  /**
   * What a cold run installs first: previous (the release before), or a release tag such as "10.7.1+26.6.2"
   */
  upgradeBase?: string;
  /**
   * What runs of the recipe need.
   */
  dependsOn?: Dependency[];
  /**
   * The recipe's own tests.
   */
  tests?: Test[];
}
/**
 * Variables by name. Every value is a string: numbers and booleans are quoted. No secrets: those are given by file.
 */
export interface Environment {
  /**
   * Text; numbers, true and false in quotes
   */
  [k: string]: string;
}
/**
 * A secret by the file that holds it.
 */
export interface GivenSecret {
  /**
   * The secret's name in the recipe's compose files
   */
  name: string;
  /**
   * The file that holds the value. The value itself never stands in the tree.
   */
  file: string;
}
/**
 * How the health of the app is judged.
 */
export interface Health {
  /**
   * All of them have to be green. Default: Docker's own health, and GET / of service app with 200 to 399.
   */
  probes?: Probe[];
  /**
   * How long everything has to stay healthy before a change counts as done.
   */
  stableFor?: string;
}
/**
 * One question that is asked of a deployed app: exactly one of http, proxy, tcp, exec and docker.
 */
export interface Probe {
  http?: HTTPProbe;
  proxy?: ProxyProbe;
  tcp?: TCPProbe;
  exec?: ExecProbe;
  docker?: DockerProbe;
}
/**
 * GET of a path at a service.
 */
export interface HTTPProbe {
  /**
   * The name of a service in the recipe's compose files
   */
  service?: string;
  /**
   * Default: the port of Traefik's loadbalancer.server.port label, else the service's first target port.
   */
  port?: number;
  /**
   * Begins with / and has no spaces or control characters
   */
  path?: string;
  /**
   * Answers that count as healthy: status codes, or ranges such as "200-399".
   *
   * Items: A status code, 100 to 599, or a range in quotes such as "200-399"
   */
  status?: (number | string)[];
  /**
   * Text that the body has to contain, in its first 256 KiB
   */
  body?: string;
  headers?: Headers;
}
/**
 * Headers that the answer has to have, each with text that its value contains; an empty text for any value.
 */
export interface Headers {
  /**
   * Text that the value contains
   */
  [k: string]: string;
}
/**
 * GET of a path at the app's domain, through the proxy of this node. The proxy's certificate is not verified.
 */
export interface ProxyProbe {
  /**
   * How the proxy is spoken to
   */
  scheme?: 'https' | 'http';
  /**
   * The port that the proxy publishes on this node. Default: 443, or 80 with scheme http.
   */
  port?: number;
  /**
   * Begins with / and has no spaces or control characters
   */
  path?: string;
  /**
   * Answers that count as healthy: status codes, or ranges such as "200-399".
   *
   * Items: A status code, 100 to 599, or a range in quotes such as "200-399"
   */
  status?: (number | string)[];
  /**
   * Text that the body has to contain, in its first 256 KiB
   */
  body?: string;
  headers?: Headers;
}
/**
 * A connection to a port of a service.
 */
export interface TCPProbe {
  /**
   * The name of a service in the recipe's compose files
   */
  service?: string;
  /**
   * A port inside the container, 1 to 65535
   */
  port: number;
}
/**
 * A command in a container of a service.
 */
export interface ExecProbe {
  /**
   * The name of a service in the recipe's compose files
   */
  service?: string;
  /**
   * Exit code 0 is healthy.
   *
   * Items: Text; numbers in quotes
   */
  command: string[];
}
/**
 * Docker's own health.
 */
export interface DockerProbe {
  /**
   * Default: every service that has a health check.
   */
  service?: string;
}
/**
 * How long a deploy may take.
 */
export interface Timeouts {
  /**
   * Within this time after a deploy all tasks run.
   */
  converge?: string;
  /**
   * Within this time after that all probes are green.
   */
  boot?: string;
}
/**
 * One need.
 */
export interface Dependency {
  /**
   * A WarmApp that provides realms: each run gets a realm and a client on it.
   */
  sso: string;
}
/**
 * One test; exit code 0 passes.
 */
export interface Test {
  /**
   * Unique among the recipe's tests.
   */
  name: string;
  /**
   * When it runs.
   */
  stage?: 'Install' | 'Upgrade' | 'Custom';
  /**
   * In a container of which service it runs. Default: app, unless host is true.
   */
  service?: string;
  /**
   * Run on the host instead of in a container.
   */
  host?: boolean;
  /**
   * A program and its arguments, each an element of its own; no shell reads it
   *
   * Items: Text; numbers in quotes
   */
  command: string[];
  /**
   * Longer than this is a failure.
   */
  timeout?: string;
}
/**
 * An app that is deployed and running all the time, and upgraded only when it is safe.
 */
export interface WarmApp {
  /**
   * The version of the format.
   */
  apiVersion: 'ci-warm.dev/v1';
  /**
   * What the object is.
   */
  kind: 'WarmApp';
  metadata: Metadata;
  spec: WarmAppSpec;
}
/**
 * What is wanted.
 */
export interface WarmAppSpec {
  /**
   * The Recipe that it is an instance of.
   */
  recipe: string;
  /**
   * At most 45 characters, unique in the tree. Default: warm-<name>.<baseDomain>. The stack is named for it, dots as underscores.
   */
  domain?: string;
  /**
   * latest, or a release tag such as "10.7.1+26.6.2"
   */
  version?: string;
  /**
   * Stateful: undeployed, snapshotted and restored around an upgrade. Stateless: rolls back by version alone.
   */
  data?: 'Stateful' | 'Stateless';
  gate?: Gate;
  /**
   * A person lets exactly this target through the safety gate. It does not choose the target.
   */
  approved?: string;
  env?: Environment;
  provides?: Provides;
  /**
   * Leave it as it is: nothing is deployed, upgraded or removed.
   */
  suspend?: boolean;
}
/**
 * When an upgrade may be tried without a person.
 */
export interface Gate {
  /**
   * A release has to be this old; one without a date never is. Waiting for it raises no alert.
   */
  minAge?: string;
  /**
   * When the image of a service moves by a major, to a tag that says nothing, or to another repository.
   */
  onImageMajor?: 'Hold' | 'Allow';
  /**
   * When the recipe asks for a variable that it did not ask for before, or for another version of a secret.
   */
  onNewConfiguration?: 'Hold' | 'Allow';
}
/**
 * What runs may use of it.
 */
export interface Provides {
  realms?: Realms;
}
/**
 * Realms of a Keycloak, one for each run.
 */
export interface Realms {
  /**
   * How many runs may have one at a time, 1 to 1000
   */
  max?: number;
}
/**
 * An app that is kept undeployed with known-good data, so that a quick run can start from it.
 */
export interface Canonical {
  /**
   * The version of the format.
   */
  apiVersion: 'ci-warm.dev/v1';
  /**
   * What the object is.
   */
  kind: 'Canonical';
  metadata: Metadata;
  spec: CanonicalSpec;
}
/**
 * What is wanted.
 */
export interface CanonicalSpec {
  /**
   * The Recipe that it is an instance of.
   */
  recipe: string;
  /**
   * At most 45 characters, unique in the tree. Default: warm-<name>.<baseDomain>. The stack is named for it, dots as underscores.
   */
  domain?: string;
  env?: Environment;
  /**
   * Leave it as it is: nothing is deployed, upgraded or removed.
   */
  suspend?: boolean;
}
/**
 * One test of one recipe at one ref. It runs once; the same name again is refused unless the content is the same.
 */
export interface Run {
  /**
   * The version of the format.
   */
  apiVersion: 'ci-warm.dev/v1';
  /**
   * What the object is.
   */
  kind: 'Run';
  metadata: Metadata;
  spec: RunSpec;
}
/**
 * What is wanted.
 */
export interface RunSpec {
  /**
   * An enrolled Recipe.
   */
  recipe: string;
  /**
   * Cold: everything from nothing, the authority. Quick: on a copy of known-good data, lower confidence.
   */
  mode?: 'Cold' | 'Quick';
  /**
   * latest, a tag, a branch or a commit
   */
  ref?: string;
  /**
   * https://… or file:///…, without user or password; only with a commit
   */
  url?: string;
  /**
   * What is run. Default: all that apply.
   *
   * Items: A part of a run.
   */
  stages?: ('Install' | 'Upgrade' | 'Custom')[];
  /**
   * Longer than this is an error.
   */
  timeout?: string;
  /**
   * How long a failed cold run's stack is kept.
   */
  keepAfter?: string;
  requestedBy?: RequestedBy;
}
/**
 * Who asked for it; taken over into the result.
 */
export interface RequestedBy {
  /**
   * The software of the forge, on one line, at most 40 characters
   */
  forge?: string;
  /**
   * Owner and repository, on one line, at most 200 characters
   */
  repo?: string;
  /**
   * The number of the pull request
   */
  pr?: number;
  /**
   * The comment that asked for it, at most 4000 characters
   */
  comment?: string;
  /**
   * The number of the build
   */
  build?: number;
  /**
   * Who asked, on one line, at most 200 characters
   */
  user?: string;
}
/**
 * The nightly: rebuild the host, let warm apps roll to latest, then cold runs of recipes.
 */
export interface Sweep {
  /**
   * The version of the format.
   */
  apiVersion: 'ci-warm.dev/v1';
  /**
   * What the object is.
   */
  kind: 'Sweep';
  metadata: Metadata;
  spec: SweepSpec;
}
/**
 * What is wanted.
 */
export interface SweepSpec {
  /**
   * Five cron fields: minute, hour, day of month, month, day of week
   */
  schedule: string;
  /**
   * An IANA time zone
   */
  timeZone?: string;
  rebuild?: Rebuild;
  /**
   * Names of enrolled recipes, or "*" for all of them.
   *
   * Items: The name of a Recipe, or "*"
   */
  recipes?: string[];
  /**
   * No run is started after this time.
   */
  budget?: string;
}
/**
 * How the host is rebuilt before the runs. Default: it is not.
 */
export interface Rebuild {
  /**
   * A program and its arguments, each an element of its own; no shell reads it
   *
   * Items: Text; numbers in quotes
   */
  command: string[];
  /**
   * Longer than this is a failure.
   */
  timeout?: string;
  /**
   * SweepAnyway: test on the host as it is. SkipSweep: no runs this time.
   */
  onFailure?: 'SweepAnyway' | 'SkipSweep';
}
