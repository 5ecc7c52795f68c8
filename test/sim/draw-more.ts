/**
 * Lives that a drawn world may live besides, each by a chance of its own: what else a seed draws stays as it was, whatever
 * is added here.
 */
import { isGood, type ReleaseDraft } from './catalogue.ts';
import { createRng } from './rng.ts';
import type { AppOptions, Happening, Scenario } from './scenario.ts';

export function withMore(scenario: Scenario): Scenario {
  return withProxy(
    withFlapping(withTroubles(withPrunes(withDrills(withAsking(withAges(withFound(scenario))))))),
  );
}

/** What is ill is not adopted, and never comes to rest. */
function withFound(scenario: Scenario): Scenario {
  const rng = createRng(scenario.seed + 13);
  const apps = scenario.apps.map((app) => {
    const [first] = app.releases;
    if (first === undefined || !isGood(first.behaviour) || !rng.chance(0.15)) return app;
    return { ...app, found: rng.pick(['pinned', 'by-tag'] as const) };
  });
  return { ...scenario, apps };
}

/** Some apps take no release that is too young. */
function withAges(scenario: Scenario): Scenario {
  const rng = createRng(scenario.seed + 17);
  const apps = scenario.apps.map((app) => {
    if (!rng.chance(0.12)) return app;
    const releases = onNewer(app, (release) =>
      rng.chance(0.2) ? { ...release, isUndated: true } : release,
    );
    return { ...app, releases, minAgeMs: rng.pick([20_000, 90_000, 240_000]) };
  });
  return { ...scenario, apps };
}

/** Some releases ask for what only people can give, who do it later or never. */
function withAsking(scenario: Scenario): Scenario {
  const rng = createRng(scenario.seed + 19);
  const given: { atMs: number; what: Happening }[] = [];
  const apps = scenario.apps.map((app) => {
    if (!rng.chance(0.12)) return app;
    const releases = onNewer(app, (release) =>
      rng.chance(0.6)
        ? { ...release, asksFor: rng.pick(['variable', 'secret'] as const) }
        : release,
    );
    const atMs = rng.int(scenario.safetyMs);
    if (rng.chance(0.6)) given.push({ atMs, what: { kind: 'give', app: app.name } });
    return { ...app, releases };
  });
  return withHappenings({ ...scenario, apps }, given);
}

/** People try out snapshots. */
function withDrills(scenario: Scenario): Scenario {
  const rng = createRng(scenario.seed + 29);
  const drills = scenario.apps.flatMap(({ name }) =>
    rng.chance(0.15)
      ? [{ atMs: rng.int(scenario.safetyMs), what: { kind: 'person-drills', app: name } as const }]
      : [],
  );
  return withHappenings(scenario, drills);
}

/**
 * Of an app that nobody wants for a while, nothing is to be kept, as somebody has it. Here what a person deployed has its
 * data in the app's own folder, where no real one has it: a prune would take it away.
 */
function withPrunes(scenario: Scenario): Scenario {
  const rng = createRng(scenario.seed + 31);
  const isFound = (app: string): boolean =>
    scenario.apps.some(({ name, found }) => name === app && found !== undefined);
  const prunes = scenario.happenings.flatMap(({ atMs, what }) =>
    what.kind === 'removed' && rng.chance(0.6) && !isFound(what.app)
      ? [
          {
            atMs: atMs + rng.between(15_000, what.forMs + 5000),
            what: { kind: 'person-prunes', app: what.app } as const,
          },
        ]
      : [],
  );
  return withHappenings(scenario, prunes);
}

/** Something is wrong with the branch for a while. */
function withTroubles(scenario: Scenario): Scenario {
  const rng = createRng(scenario.seed + 37);
  if (!rng.chance(0.1)) return scenario;
  const trouble = rng.pick(['rewritten', 'away', 'half-gone'] as const);
  const what = { kind: 'branch-troubled', forMs: rng.between(5000, 150_000), trouble } as const;
  return withHappenings(scenario, [{ atMs: rng.int(scenario.safetyMs), what }]);
}

/** Some releases answer and do not answer in turn. */
function withFlapping(scenario: Scenario): Scenario {
  const rng = createRng(scenario.seed + 41);
  const apps = scenario.apps.map((app) =>
    rng.chance(0.1)
      ? {
          ...app,
          releases: onNewer(app, (release) =>
            rng.chance(0.5) ? { ...release, behaviour: 'flaps' } : release,
          ),
        }
      : app,
  );
  return { ...scenario, apps };
}

/** Some apps are asked through the proxy, which may be away. */
function withProxy(scenario: Scenario): Scenario {
  const rng = createRng(scenario.seed + 43);
  const away: { atMs: number; what: Happening }[] = [];
  const apps = scenario.apps.map((app) => {
    if (!rng.chance(0.1)) return app;
    const forMs = rng.between(1000, 60_000);
    const atMs = rng.int(scenario.safetyMs);
    if (rng.chance(0.5)) away.push({ atMs, what: { kind: 'proxy-away', forMs } });
    return { ...app, isBehindProxy: true };
  });
  return withHappenings({ ...scenario, apps }, away);
}

function onNewer(
  { releases }: AppOptions,
  change: (release: ReleaseDraft) => ReleaseDraft,
): readonly ReleaseDraft[] {
  return releases.map((release, index) => (index === 0 ? release : change(release)));
}

function withHappenings(scenario: Scenario, more: Scenario['happenings']): Scenario {
  const happenings = [...scenario.happenings, ...more].sort((a, b) => a.atMs - b.atMs);
  return { ...scenario, happenings };
}
