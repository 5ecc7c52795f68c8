/** Builders of desired state: sane objects, of which a test names only what it is about. */
import type {
  Desired,
  RecipeSpec,
  SettingsSpec,
  WarmAppSpec,
} from '../../controller/model/desired.ts';
import {
  parseAppName,
  parseDomain,
  parseRecipeName,
  stackNameOf,
  type AppName,
  type Domain,
  type RecipeName,
  type StackName,
} from '../../controller/model/names.ts';

function given<Name>(name: Name | undefined, text: string): Name {
  if (name === undefined) throw new Error(`${text} is no such name`);
  return name;
}

export function appName(text: string): AppName {
  return given(parseAppName(text), text);
}

export function recipeName(text: string): RecipeName {
  return given(parseRecipeName(text), text);
}

export function domain(text: string): Domain {
  return given(parseDomain(text), text);
}

function stackName(text: string): StackName {
  return given(stackNameOf(domain(text)), text);
}

/** An app of the recipe of the same name, at `warm-<name>.ci.example.org`. */
export function warmApp(name: string, over: Partial<WarmAppSpec> = {}): WarmAppSpec {
  const host = `warm-${name}.ci.example.org`;
  return {
    name: appName(name),
    recipe: recipeName(name),
    domain: domain(host),
    stack: stackName(host),
    version: { kind: 'latest' },
    data: 'Stateful',
    gate: { minAgeMs: 0, onImageMajor: 'Hold', onNewConfiguration: 'Hold' },
    approved: undefined,
    env: {},
    suspend: false,
    providesRealmsMax: undefined,
    source: { file: `warm-apps/${name}.yaml`, line: 1 },
    ...over,
  };
}

export function recipeSpec(name: string, over: Partial<RecipeSpec> = {}): RecipeSpec {
  return {
    name: recipeName(name),
    url: `/srv/recipes/${name}.git`,
    driver: 'Stack',
    env: {},
    secrets: [],
    health: { probes: 'default', stableForMs: 10_000 },
    timeouts: { convergeMs: 600_000, bootMs: 300_000 },
    upgradeBase: { kind: 'previous' },
    dependsOn: [],
    tests: [],
    source: { file: `recipes/${name}.yaml`, line: 1 },
    ...over,
  };
}

function settings(over: Partial<SettingsSpec> = {}): SettingsSpec {
  return {
    name: 'host',
    baseDomain: domain('ci.example.org'),
    maxTests: 2,
    resyncMs: 60_000,
    driver: 'Stack',
    recipeUrl: '/srv/recipes/{recipe}.git',
    proxyNetwork: 'proxy',
    disk: {
      reserveBytes: 5 * 2 ** 30,
      warnBelowBytes: 15 * 2 ** 30,
      orphanGraceMs: 72 * 3_600_000,
    },
    snapshots: { driver: 'Tar' },
    alerts: { remindAfterMs: 24 * 3_600_000, sinks: [] },
    source: { file: 'settings.yaml', line: 1 },
    ...over,
  };
}

/** A whole desired state: the apps, a recipe for each, and what `over` adds. */
export function desiredOf(apps: readonly WarmAppSpec[], over: Partial<Desired> = {}): Desired {
  return {
    revision: 'sha256:0001',
    settings: settings(),
    recipes: new Map(apps.map((app) => [app.recipe, recipeSpec(app.recipe)])),
    warmApps: new Map(apps.map((app) => [app.name, app])),
    canonicals: new Map(),
    runs: new Map(),
    sweeps: new Map(),
    ...over,
  };
}
