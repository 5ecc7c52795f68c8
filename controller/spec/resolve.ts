/**
 * Written objects to the specs that planning uses: defaults filled in, durations in milliseconds,
 * sizes in bytes, names branded, domains and URLs computed.
 *
 * Only for objects that have passed validation: text that is not of its form here is a mistake in
 * this program, and throws.
 */
import type * as written from '../model/desired-types.gen.ts';
import type {
  AlertSinkSpec,
  CanonicalSpec,
  RecipeSpec,
  RunSpec,
  SettingsSpec,
  Source,
  SweepSpec,
  TestSpec,
  WarmAppSpec,
} from '../model/desired.ts';
import {
  parseAppName,
  parseDomain,
  parseRecipeName,
  parseRunName,
  parseSweepName,
  stackNameOf,
  type Domain,
  type RecipeName,
  type StackName,
} from '../model/names.ts';
import { parseDurationMs, parseSizeBytes } from '../model/quantity.ts';
import { DEFAULTS } from './defaults.ts';
import { repositoryUrl } from './repository-url.ts';
import { probeOf } from './resolve-probe.ts';

/** The host's settings. */
export function resolveSettings(
  { metadata, spec }: written.Settings,
  source: Source,
): SettingsSpec {
  const disk = { ...DEFAULTS.disk, ...spec.disk };
  return {
    name: metadata.name,
    baseDomain: sure(parseDomain(spec.baseDomain), spec.baseDomain),
    maxTests: spec.maxTests ?? DEFAULTS.maxTests,
    resyncMs: durationMs(spec.resync ?? DEFAULTS.resync),
    driver: spec.driver ?? DEFAULTS.driver,
    recipeUrl: spec.recipeUrl ?? DEFAULTS.recipeUrl,
    proxyNetwork: spec.proxyNetwork ?? DEFAULTS.proxyNetwork,
    disk: {
      reserveBytes: sizeBytes(disk.reserve),
      warnBelowBytes: sizeBytes(disk.warnBelow),
      orphanGraceMs: durationMs(disk.orphanGrace),
    },
    snapshots: { ...DEFAULTS.snapshots, ...spec.snapshots },
    alerts: {
      remindAfterMs: durationMs(spec.alerts?.remindAfter ?? DEFAULTS.alerts.remindAfter),
      sinks: (spec.alerts?.sinks ?? []).map(sinkOf),
    },
    source,
  };
}

function sinkOf(sink: written.Sink): AlertSinkSpec {
  const { name, kind, urlFrom, secretFrom, tokenFrom, command } = sink;
  switch (kind) {
    case 'Webhook':
      return {
        kind: 'webhook',
        name,
        urlFile: sure(urlFrom, 'urlFrom').file,
        secretFile: secretFrom?.file ?? null,
      };
    case 'Ntfy':
      return {
        kind: 'ntfy',
        name,
        urlFile: sure(urlFrom, 'urlFrom').file,
        tokenFile: tokenFrom?.file ?? null,
      };
    case 'Command':
      return { kind: 'command', name, command: sure(command, 'command') };
  }
}

/** A recipe under these settings; `baseDirectory` is where relative paths start. */
export function resolveRecipe(
  { metadata, spec }: written.Recipe,
  source: Source,
  settings: SettingsSpec,
  baseDirectory: string,
): RecipeSpec {
  const name = recipeName(metadata.name);
  const timeouts = { ...DEFAULTS.timeouts, ...spec.timeouts };
  const base = spec.upgradeBase ?? DEFAULTS.upgradeBase;
  return {
    name,
    url: repositoryUrl(spec.url ?? settings.recipeUrl, name, baseDirectory),
    driver: spec.driver ?? settings.driver,
    env: spec.env ?? {},
    secrets: (spec.secrets ?? []).map(({ name: secret, file }) => ({ name: secret, file })),
    health: {
      probes: spec.health?.probes?.map(probeOf) ?? 'default',
      stableForMs: durationMs(spec.health?.stableFor ?? DEFAULTS.stableFor),
    },
    timeouts: { convergeMs: durationMs(timeouts.converge), bootMs: durationMs(timeouts.boot) },
    upgradeBase: base === 'previous' ? { kind: 'previous' } : { kind: 'tag', tag: base },
    dependsOn: (spec.dependsOn ?? []).map(({ sso }) => ({ sso: sure(parseAppName(sso), sso) })),
    tests: (spec.tests ?? []).map(testOf),
    source,
  };
}

function testOf(test: written.Test): TestSpec {
  return {
    name: test.name,
    stage: test.stage ?? DEFAULTS.test.stage,
    where:
      test.host === true
        ? { kind: 'host' }
        : { kind: 'service', service: test.service ?? DEFAULTS.service },
    command: test.command,
    timeoutMs: durationMs(test.timeout ?? DEFAULTS.test.timeout),
  };
}

/** Where an app is: its domain, and the stack that is named for it. */
export interface Address {
  readonly domain: Domain;
  /** Undefined when the domain is too long to name a stack. */
  readonly stack: StackName | undefined;
}

/** The address of an app as written, or its default below the host's domain. */
export function addressOf(
  { name, domain }: { readonly name: string | undefined; readonly domain: string | undefined },
  baseDomain: Domain | undefined,
): Address | undefined {
  const isNamed = name !== undefined && baseDomain !== undefined;
  const parsed = parseDomain(domain ?? (isNamed ? `warm-${name}.${baseDomain}` : ''));
  return parsed === undefined ? undefined : { domain: parsed, stack: stackNameOf(parsed) };
}

/** What an app is an instance of, and where it is. */
export interface Home {
  readonly recipe: RecipeSpec;
  readonly domain: Domain;
  readonly stack: StackName;
}

/** A warm app. */
export function resolveWarmApp(
  { metadata, spec }: written.WarmApp,
  source: Source,
  { recipe, domain, stack }: Home,
): WarmAppSpec {
  const version = spec.version ?? DEFAULTS.version;
  const gate = { ...DEFAULTS.gate, ...spec.gate };
  const realms = spec.provides?.realms;
  return {
    name: sure(parseAppName(metadata.name), metadata.name),
    recipe: recipe.name,
    domain,
    stack,
    version: version === 'latest' ? { kind: 'latest' } : { kind: 'pinned', tag: version },
    data: spec.data ?? DEFAULTS.data,
    gate: {
      minAgeMs: durationMs(gate.minAge),
      onImageMajor: gate.onImageMajor,
      onNewConfiguration: gate.onNewConfiguration,
    },
    approved: spec.approved,
    env: { ...recipe.env, ...spec.env },
    suspend: spec.suspend ?? false,
    providesRealmsMax: realms === undefined ? undefined : (realms.max ?? DEFAULTS.realmsMax),
    source,
  };
}

/** A canonical. */
export function resolveCanonical(
  { metadata, spec }: written.Canonical,
  source: Source,
  { recipe, domain, stack }: Home,
): CanonicalSpec {
  return {
    name: sure(parseAppName(metadata.name), metadata.name),
    recipe: recipe.name,
    domain,
    stack,
    env: { ...recipe.env, ...spec.env },
    suspend: spec.suspend ?? false,
    source,
  };
}

/** A run. */
export function resolveRun({ metadata, spec }: written.Run, source: Source): RunSpec {
  const by = spec.requestedBy;
  return {
    name: sure(parseRunName(metadata.name), metadata.name),
    recipe: recipeName(spec.recipe),
    mode: spec.mode ?? DEFAULTS.run.mode,
    ref: spec.ref ?? DEFAULTS.run.ref,
    url: spec.url,
    stages: spec.stages ?? 'all',
    timeoutMs: durationMs(spec.timeout ?? DEFAULTS.run.timeout),
    keepAfterMs: durationMs(spec.keepAfter ?? DEFAULTS.run.keepAfter),
    requestedBy: {
      forge: by?.forge,
      repo: by?.repo,
      pr: by?.pr,
      comment: by?.comment,
      build: by?.build,
      user: by?.user,
    },
    source,
  };
}

/** A sweep; `*` stands for all of `enrolled`. */
export function resolveSweep(
  { metadata, spec }: written.Sweep,
  source: Source,
  enrolled: readonly RecipeName[],
): SweepSpec {
  const named: readonly string[] = spec.recipes ?? DEFAULTS.sweepRecipes;
  const rebuild = spec.rebuild;
  return {
    name: sure(parseSweepName(metadata.name), metadata.name),
    schedule: spec.schedule,
    timeZone: spec.timeZone ?? DEFAULTS.timeZone,
    rebuild:
      rebuild === undefined
        ? undefined
        : {
            command: rebuild.command,
            timeoutMs: durationMs(rebuild.timeout ?? DEFAULTS.rebuild.timeout),
            onFailure: rebuild.onFailure ?? DEFAULTS.rebuild.onFailure,
          },
    recipes: enrolled.filter((recipe) => named.includes('*') || named.includes(recipe)).sort(),
    budgetMs: durationMs(spec.budget ?? DEFAULTS.sweepBudget),
    source,
  };
}

function recipeName(text: string): RecipeName {
  return sure(parseRecipeName(text), text);
}

function durationMs(text: string): number {
  return sure(parseDurationMs(text), text);
}

function sizeBytes(text: string): number {
  return sure(parseSizeBytes(text), text);
}

function sure<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new Error(`validated text is not of its form: ${what}`);
  return value;
}
