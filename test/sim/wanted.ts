/** What the people of a simulated world want, and the files that they write for it. */
import type { DesiredFile } from '../../controller/model/desired-file.ts';

/** Where they are told of alerts. */
export const sinkNames: readonly string[] = ['ops', 'page'];

export interface WantedApp {
  readonly name: string;
  readonly data: 'Stateful' | 'Stateless';
  /** `latest` or a tag. */
  readonly version: string;
  readonly approved: string | undefined;
  readonly suspend: boolean;
  /** Its object is gone from the tree; its recipe stays. */
  readonly isRemoved?: boolean;
  readonly env: Readonly<Record<string, string>>;
  /** What people write as its domain; its default, where nothing is written. */
  readonly domain?: string;
  /** How old a release has to be; 0: it may be any age. */
  readonly minAgeMs: number;
  /** Its recipe asks it through the proxy alone. */
  readonly isBehindProxy?: boolean;
}

export interface Wanted {
  readonly apps: readonly WantedApp[];
  /** How the tree is damaged right now. */
  readonly damage: 'none' | 'unparsable-app' | 'invalid-app' | 'empty' | 'unreadable-app';
}

function domainOf(app: string): string {
  return `warm-${app}.ci.example.org`;
}

export function stackOf(app: string): string {
  return domainOf(app).replaceAll('.', '_');
}

/** How long an app has to be healthy before that counts. */
export const stableForMs = 5000;

/** Health limits are short, so that a world that waits them out is soon over. */
export function filesOf({ apps, damage }: Wanted): readonly DesiredFile[] {
  if (damage === 'empty') return [];
  const head = (kind: string, name: string): object => ({
    apiVersion: 'ci-warm.dev/v1',
    kind,
    metadata: { name },
  });
  const file = (path: string, object: object): DesiredFile => ({
    path,
    text: JSON.stringify(object),
    problem: undefined,
  });
  const settings = {
    ...head('Settings', 'host'),
    spec: {
      baseDomain: 'ci.example.org',
      recipeUrl: '/srv/{recipe}.git',
      disk: { reserve: '1Gi', orphanGrace: '20s' },
      alerts: { sinks: sinkNames.map((name) => ({ name, kind: 'Command', command: ['x'] })) },
    },
  };
  const appFiles = apps.flatMap((app, index): readonly DesiredFile[] => {
    const recipe = {
      ...head('Recipe', app.name),
      spec: {
        timeouts: { converge: '60s', boot: '30s' },
        health: {
          stableFor: `${String(stableForMs / 1000)}s`,
          ...(app.isBehindProxy === true ? { probes: [{ proxy: {} }] } : {}),
        },
      },
    };
    const { name, data, version, suspend, env, approved, minAgeMs, domain } = app;
    const gate = minAgeMs === 0 ? {} : { gate: { minAge: `${String(minAgeMs / 1000)}s` } };
    const at = domain === undefined ? {} : { domain };
    const spec = { recipe: name, data, version, suspend, env, ...gate, ...at };
    const whole = {
      ...head('WarmApp', name),
      spec: approved === undefined ? spec : { ...spec, approved },
    };
    const path = `warm-apps/${name}.yaml`;
    const damaged: Readonly<Record<Wanted['damage'], DesiredFile>> = {
      none: file(path, whole),
      empty: file(path, whole),
      'unparsable-app': { path, text: 'kind: [', problem: undefined },
      'invalid-app': file(path, { ...whole, spec: { ...spec, colour: 'red' } }),
      'unreadable-app': { path, text: undefined, problem: 'permission denied' },
    };
    const ofRecipe = file(`recipes/${name}.yaml`, recipe);
    if (app.isRemoved === true) return [ofRecipe];
    return [ofRecipe, damaged[index === 0 ? damage : 'none']];
  });
  return [file('settings.yaml', settings), ...appFiles];
}
