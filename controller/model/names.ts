/**
 * Branded names: a recipe, an app, a domain and a stack are all text, and a mix-up deletes the wrong
 * thing. The parsers here are the only places that make one; each answers `undefined` for text that
 * is no such name and never throws.
 *
 * Not here: whether a name is taken, reserved or known (spec/link.ts).
 */

declare const brand: unique symbol;

/** Text of one meaning, which the compiler will not take for another's. */
export type Brand<Text extends string, Meaning extends string> = Text & {
  readonly [brand]: Meaning;
};

/** Name of a WarmApp or a Canonical; also the name of its folder in the state directory. */
export type AppName = Brand<string, 'AppName'>;
/** Name of a Recipe. */
export type RecipeName = Brand<string, 'RecipeName'>;
/** Name of a Run; also the name of its folder under `runs/`. */
export type RunName = Brand<string, 'RunName'>;
/** Name of a Sweep. */
export type SweepName = Brand<string, 'SweepName'>;
/** A lower-case DNS name. */
export type Domain = Brand<string, 'Domain'>;
/** Name of a Swarm stack: a domain with underscores for dots, at most `STACK_NAME_MAX` characters. */
export type StackName = Brand<string, 'StackName'>;
/** A whole commit id, SHA-1 (40) or SHA-256 (64 hex digits), lower case. */
export type CommitSha = Brand<string, 'CommitSha'>;

/** Characters that a name of an object may have. */
const OBJECT_NAME_MAX = 40;
/** Characters that a stack name may have, so that `<stack>_<secret>_<version>` has room in Docker's 64. */
export const STACK_NAME_MAX = 45;
/** Characters that Docker takes in the name of a secret or a config. */
export const DOCKER_NAME_MAX = 64;

/** Names that no app may have: the state directory has something of its own there, beside the folders of the apps. */
export const RESERVED_APP_NAMES: readonly string[] = [
  'alerts',
  'inbox',
  'runs',
  'status',
  'lock',
  'lease-holder',
];

const OBJECT_NAME = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;
const DOMAIN = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;
const DOMAIN_MAX = 253;
const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

function isObjectName(text: string): boolean {
  return text.length <= OBJECT_NAME_MAX && OBJECT_NAME.test(text);
}

/** The text as an app's name, or undefined. */
export function parseAppName(text: string): AppName | undefined {
  return isObjectName(text) ? (text as AppName) : undefined;
}

/** The text as a recipe's name, or undefined. */
export function parseRecipeName(text: string): RecipeName | undefined {
  return isObjectName(text) ? (text as RecipeName) : undefined;
}

/** The text as a run's name, or undefined. */
export function parseRunName(text: string): RunName | undefined {
  return isObjectName(text) ? (text as RunName) : undefined;
}

/** The text as a sweep's name, or undefined. */
export function parseSweepName(text: string): SweepName | undefined {
  return isObjectName(text) ? (text as SweepName) : undefined;
}

/** The text as a domain, or undefined. */
export function parseDomain(text: string): Domain | undefined {
  return text.length <= DOMAIN_MAX && DOMAIN.test(text) ? (text as Domain) : undefined;
}

/** The name of a domain's stack, dots as underscores, or undefined when it would be too long. */
export function stackNameOf(domain: Domain): StackName | undefined {
  return domain.length <= STACK_NAME_MAX ? (domain.replaceAll('.', '_') as StackName) : undefined;
}

/** The stack that a drill of an app runs in: never one of `stackNameOf`'s that is the app's own. */
export function drillStackOf(stack: StackName): StackName {
  return `drill-${stack}` as StackName;
}

/** The text as the name of a stack of ours, or undefined. */
export function parseStackName(text: string): StackName | undefined {
  const domain = text.includes('.') ? undefined : parseDomain(text.replaceAll('_', '.'));
  return domain === undefined ? undefined : stackNameOf(domain);
}

/** The text as a whole commit id, or undefined; an abbreviated one is none. */
export function parseCommitSha(text: string): CommitSha | undefined {
  return COMMIT.test(text) ? (text as CommitSha) : undefined;
}
