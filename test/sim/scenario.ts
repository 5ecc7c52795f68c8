/** What a simulated world is made of and what befalls it: drawn from a seed, or written down by a test. */
import type { Trouble } from './branch.ts';
import type { Behaviour, ReleaseDraft, Surprise } from './catalogue.ts';
import type { DamagedFile, DamageKind } from './damage.ts';
import { withMore } from './draw-more.ts';
import type { FoundAs } from './found.ts';
import { createRng, type Rng } from './rng.ts';

export interface AppOptions {
  readonly name: string;
  readonly data: 'Stateful' | 'Stateless';
  /** `latest` or a tag. */
  readonly version: string;
  readonly releases: readonly ReleaseDraft[];
  /** It runs already, deployed by a person at its first release. */
  readonly found?: FoundAs;
  /** How old a release has to be. */
  readonly minAgeMs?: number;
  /** Whether it works is asked through the proxy. */
  readonly isBehindProxy?: boolean;
}

/** Something that happens at a moment after the start, whatever the controller does. */
export type Happening =
  | { readonly kind: 'engine-restart' }
  | { readonly kind: 'leader-lost' }
  | { readonly kind: 'proxy-away'; readonly forMs: number }
  | { readonly kind: 'registry-down'; readonly forMs: number }
  | { readonly kind: 'git-down'; readonly forMs: number }
  | { readonly kind: 'disk-full'; readonly forMs: number; readonly freeBytes: number }
  | { readonly kind: 'stuck-removals'; readonly forMs: number; readonly byMs: number }
  | { readonly kind: 'image-vanishes' }
  | { readonly kind: 'hand-removes-service'; readonly app: string }
  | { readonly kind: 'person-retries'; readonly app: string }
  | { readonly kind: 'person-restores'; readonly app: string }
  | { readonly kind: 'person-drills'; readonly app: string }
  /** Nothing is to be kept of it; refused while it is wanted, or not retired. */
  | { readonly kind: 'person-prunes'; readonly app: string }
  | { readonly kind: 'approve'; readonly app: string; readonly tag: string }
  | { readonly kind: 'pin'; readonly app: string; readonly version: string }
  /** To a domain of another name: what is deployed there is in a stack that no app of this world has. */
  | { readonly kind: 'move'; readonly app: string; readonly domain: string }
  | { readonly kind: 'suspend'; readonly app: string; readonly forMs: number }
  /** Its object goes from the tree, and comes back; for long enough it is retired meanwhile. */
  | { readonly kind: 'removed'; readonly app: string; readonly forMs: number }
  | { readonly kind: 'set-env'; readonly app: string; readonly value: string }
  /** What its releases ask people for. */
  | { readonly kind: 'give'; readonly app: string }
  | {
      readonly kind: 'tree-damaged';
      readonly forMs: number;
      readonly damage: 'unparsable-app' | 'invalid-app' | 'empty' | 'unreadable-app';
    }
  | { readonly kind: 'branch-troubled'; readonly forMs: number; readonly trouble: Trouble }
  | {
      readonly kind: 'state-damaged';
      readonly app: string;
      readonly file: DamagedFile;
      readonly how: DamageKind;
    }
  | { readonly kind: 'state-repaired' }
  | { readonly kind: 'secret-replaced'; readonly app: string }
  | { readonly kind: 'hand-removes-stack'; readonly app: string }
  | { readonly kind: 'node-cut-off'; readonly node: number; readonly forMs: number }
  | { readonly kind: 'kill' }
  | { readonly kind: 'power-cut' };

export interface Scenario {
  readonly seed: number;
  readonly apps: readonly AppOptions[];
  readonly happenings: readonly { readonly atMs: number; readonly what: Happening }[];
  /** For each call, the chances of a kill, a failure and a delay. */
  readonly rates: { readonly kill: number; readonly fail: number; readonly slow: number };
  /** Faults begin when the first releases are installed. */
  readonly isWarm: boolean;
  readonly safetyMs: number;
  /** Of the Swarm; 1 where nothing is said. */
  readonly nodes?: number;
}

export const draft: ReleaseDraft = {
  version: '1.0.0',
  behaviour: 'good',
  migrates: false,
  hasWorker: false,
  addsVolume: false,
  asksForWork: false,
  surprise: 'none',
  appearsAtMs: 0,
};

const behaviours: readonly Behaviour[] = [
  'good',
  'good',
  'good',
  'good',
  'slow',
  'ignores-term',
  'stumbles',
  'migrates-then-ill',
  'destroys',
  'crashes',
  'dies-soon',
  'dies-late',
  'deaf',
];

const surprises: readonly Surprise[] = ['image-major', 'image-elsewhere', 'mount-moved'];

/** The same seed gives the same scenario. */
export function drawScenario(seed: number, beganMs: number): Scenario {
  const rng = createRng(seed);
  const safetyMs = rng.between(2, 6) * 60_000;
  const names = ['alpha', 'beta', 'gamma'].slice(0, rng.pick([1, 1, 1, 2, 2, 3]));
  const apps = names.map((name) => drawApp(name, rng, beganMs, safetyMs));
  const isRough = rng.chance(0.6);
  return withMore({
    seed,
    apps,
    happenings: drawHappenings(apps, rng, safetyMs),
    rates: {
      kill: isRough ? rng.pick([0, 0.002, 0.01]) : 0,
      fail: isRough ? rng.pick([0, 0.005, 0.03, 0.15]) : 0,
      slow: rng.pick([0, 0, 0.05]),
    },
    isWarm: rng.chance(0.7),
    safetyMs,
    nodes: rng.pick([1, 1, 2]),
  });
}

function drawApp(name: string, rng: Rng, beganMs: number, safetyMs: number): AppOptions {
  const count = rng.between(1, 4);
  let minor = 0;
  let major = 1;
  const releases: ReleaseDraft[] = [];
  for (let index = 0; index < count; index += 1) {
    if (index > 0 && rng.chance(0.12)) {
      major += 1;
      minor = 0;
    } else if (index > 0) minor += 1;
    releases.push({
      version: `${String(major)}.${String(minor)}.0`,
      behaviour: index === 0 && rng.chance(0.85) ? 'good' : rng.pick(behaviours),
      migrates: rng.chance(0.4),
      hasWorker: rng.chance(0.3),
      addsVolume: index > 0 && rng.chance(0.2),
      asksForWork: index > 0 && rng.chance(0.1),
      surprise: index > 0 && rng.chance(0.15) ? rng.pick(surprises) : 'none',
      appearsAtMs: index === 0 ? 0 : beganMs + rng.int(safetyMs),
    });
  }
  const data = rng.chance(0.75) ? 'Stateful' : 'Stateless';
  return { name, data, version: 'latest', releases };
}

function drawHappenings(
  apps: readonly AppOptions[],
  rng: Rng,
  safetyMs: number,
): Scenario['happenings'] {
  const count = rng.pick([0, 1, 2, 3, 6]);
  return Array.from({ length: count }, () => ({
    atMs: rng.int(safetyMs),
    what: drawHappening(apps, rng),
  })).sort((a, b) => a.atMs - b.atMs);
}

function drawHappening(apps: readonly AppOptions[], rng: Rng): Happening {
  const { name: app, releases } = rng.pick(apps);
  const forMs = rng.between(1000, 90_000);
  const { version } = rng.pick(releases);
  const tag = `${version}+${version}`;
  return rng.pick<() => Happening>([
    () => ({ kind: 'engine-restart' }),
    () => ({ kind: 'leader-lost' }),
    () => ({ kind: 'registry-down', forMs }),
    () => ({ kind: 'git-down', forMs }),
    () => ({ kind: 'disk-full', forMs, freeBytes: rng.pick([0, 4096, 2 ** 30]) }),
    () => ({ kind: 'stuck-removals', forMs, byMs: rng.pick([5000, 40_000, 700_000]) }),
    () => ({ kind: 'image-vanishes' }),
    () => ({ kind: 'hand-removes-service', app }),
    () => ({ kind: 'person-retries', app }),
    () => ({ kind: 'approve', app, tag }),
    () => ({ kind: 'pin', app, version: rng.chance(0.5) ? tag : 'latest' }),
    () => ({ kind: 'suspend', app, forMs }),
    () => ({ kind: 'removed', app, forMs: rng.pick([forMs, 60_000 + 2 * forMs]) }),
    () => ({ kind: 'set-env', app, value: String(rng.int(3)) }),
    () => ({
      kind: 'tree-damaged',
      forMs,
      damage: rng.pick(['unparsable-app', 'invalid-app', 'empty', 'unreadable-app']),
    }),
    () => ({
      kind: 'state-damaged',
      app,
      file: rng.pick(['journal.jsonl', 'last_good.json', 'manifest.json', 'archive']),
      how: rng.pick(['cut', 'flipped', 'zeros']),
    }),
    () => ({ kind: 'state-repaired' }),
    () => ({ kind: 'secret-replaced', app }),
    () => ({ kind: 'hand-removes-stack', app }),
    () => ({ kind: 'node-cut-off', node: rng.int(2), forMs }),
    () => ({ kind: 'kill' }),
    () => ({ kind: 'power-cut' }),
  ])();
}
