/** What befalls a world from outside: machines, registries, and people with their hands on it. */
import { secretOf } from './asked.ts';
import { stateDir } from './disk.ts';
import type { Happening, Scenario } from './scenario.ts';
import type { Wanted, WantedApp } from './wanted.ts';
import { stackOf } from './wanted.ts';
import { startMs, type World } from './world.ts';

/** It is a task as others are. */
const PROXY_BACK_MS = 12_000;

/** Sets a timer for each; `kill` ends the controller's present incarnation. */
export function schedule(
  world: World,
  happenings: Scenario['happenings'],
  kill: (isPowerCut: boolean) => void,
): void {
  for (const { atMs, what } of happenings) {
    const run = (): void => {
      world.note('event', JSON.stringify(what));
      if (what.kind === 'kill') kill(false);
      else if (what.kind === 'power-cut') kill(true);
      else befall(world, what);
    };
    world.time.after(startMs + atMs - world.time.nowMs, run, true);
  }
}

function befall(world: World, what: Exclude<Happening, { kind: 'kill' | 'power-cut' }>): void {
  const { time, registry, disk, swarm, api, proxy } = world;
  switch (what.kind) {
    case 'engine-restart': {
      api.restartEngine();
      proxy.goAway(PROXY_BACK_MS);
      return;
    }
    case 'proxy-away':
      proxy.goAway(what.forMs);
      return;
    case 'leader-lost': {
      api.loseLeader();
      return;
    }
    case 'registry-down':
      registry.isDown = true;
      time.after(what.forMs, () => (registry.isDown = false));
      return;
    case 'git-down':
      world.isGitDown = true;
      time.after(what.forMs, () => (world.isGitDown = false));
      return;
    case 'disk-full':
      disk.foreignBytes = Math.max(0, disk.freeBytes - what.freeBytes);
      time.after(what.forMs, () => (disk.foreignBytes = 0));
      return;
    case 'stuck-removals':
      swarm.stuckMs = what.byMs;
      time.after(what.forMs, () => (swarm.stuckMs = 0));
      return;
    case 'image-vanishes':
      world.handsOnMs = time.nowMs;
      registry.present.clear();
      return;
    case 'hand-removes-service': {
      const service = swarm.serviceNamed(`${stackOf(what.app)}_app`);
      world.handsOnMs = time.nowMs;
      if (service !== undefined) swarm.removeService(service.id);
      return;
    }
    case 'hand-removes-stack':
      world.handsOnMs = time.nowMs;
      swarm.removeStack(stackOf(what.app));
      return;
    case 'node-cut-off': {
      const node = swarm.nodes[what.node];
      if (node === undefined) return;
      world.handsOnMs = time.nowMs;
      swarm.cutOff(node);
      time.after(what.forMs, () => swarm.reconnect(node));
      return;
    }
    case 'secret-replaced':
      world.handsOnMs = time.nowMs;
      world.secretsMs = time.nowMs;
      swarm.replaceSecret(`${stackOf(what.app)}_key_v1`);
      return;
    case 'state-damaged':
      world.handsOnMs = time.nowMs;
      world.damage.spoil(what.app, what.file, what.how, time.nowMs);
      return;
    case 'state-repaired':
      world.damage.repair();
      return;
    case 'person-retries':
      world.handsOnMs = time.nowMs;
      removeFile(world, `${stateDir}/${what.app}/quarantine.json`);
      world.onEdit();
      return;
    case 'person-restores':
      world.handsOnMs = time.nowMs;
      askFor(world, what.app, 'restore');
      world.onEdit();
      return;
    case 'person-prunes':
      askFor(world, what.app, 'prune');
      world.onEdit();
      return;
    case 'person-drills':
      askFor(world, what.app, 'drill');
      world.onEdit();
      return;
    case 'approve': {
      editApp(world, what.app, { approved: what.tag });
      return;
    }
    case 'pin': {
      editApp(world, what.app, { version: what.version });
      return;
    }
    case 'move': {
      editApp(world, what.app, { domain: what.domain });
      return;
    }
    case 'set-env': {
      editApp(world, what.app, { env: { ...envOf(world, what.app), COLOUR: what.value } });
      return;
    }
    case 'give': {
      give(world, what.app);
      return;
    }
    case 'suspend':
      editApp(world, what.app, { suspend: true });
      time.after(what.forMs, () => editApp(world, what.app, { suspend: false }), true);
      return;
    case 'removed':
      editApp(world, what.app, { isRemoved: true });
      time.after(what.forMs, () => bringBack(world, what.app), true);
      return;
    case 'branch-troubled':
      if (!world.branch.begin(what.trouble, time.nowMs)) return;
      world.onEdit();
      time.after(
        what.forMs,
        () => {
          world.branch.end();
          world.onEdit();
        },
        true,
      );
      return;
    case 'tree-damaged':
      damage(world, what.damage);
      time.after(what.forMs, () => damage(world, 'none'), true);
      return;
    default:
      what satisfies never;
  }
}

/** Faults stop: what broke is whole again, what people want stays. */
export function mend(world: World): void {
  world.registry.isDown = false;
  world.proxy.comeBack();
  world.isGitDown = false;
  world.branch.end();
  world.disk.foreignBytes = 0;
  world.swarm.stuckMs = 0;
  world.wantedAgainMs = world.time.nowMs;
  for (const node of world.swarm.nodes) world.swarm.reconnect(node);
  const apps = world.wanted.apps.map((app) => ({ ...app, suspend: false, isRemoved: false }));
  world.edit({ apps, damage: 'none' });
  // Without it nothing can be installed, and a first install is tried for as long as it takes.
  for (const { name } of apps) if (world.state.of(name).lastGood === null) give(world, name);
}

/** While something is wrong with the branch nobody pushes to it. */
function editApp(world: World, name: string, change: Partial<WantedApp>): void {
  if (world.branch.isTroubled) return;
  if (!('suspend' in change)) world.intentMs = world.time.nowMs;
  const apps = world.wanted.apps.map((app) => (app.name === name ? { ...app, ...change } : app));
  world.edit({ ...world.wanted, apps });
}

/** Everything that any release of the app asks people for. */
function give(world: World, app: string): void {
  const asks = (world.recipes.get(app)?.releases ?? []).flatMap((release) => release.asks);
  for (const { kind, name } of asks) {
    if (kind === 'secret') world.swarm.ensureSecret(secretOf(stackOf(app), name));
  }
  const variables = asks.filter(({ kind }) => kind === 'variable');
  const given = Object.fromEntries(variables.map(({ name }) => [name, 'given']));
  editApp(world, app, { env: { ...envOf(world, app), ...given } });
}

function bringBack(world: World, app: string): void {
  world.wantedAgainMs = world.time.nowMs;
  editApp(world, app, { isRemoved: false });
}

function envOf(world: World, app: string): WantedApp['env'] {
  return world.wanted.apps.find(({ name }) => name === app)?.env ?? {};
}

/** As the control socket's end writes it down, before it answers. */
function askFor(world: World, app: string, kind: 'restore' | 'drill' | 'prune'): void {
  const { disk, time } = world;
  const snapshotId = kind === 'prune' ? null : disk.current(app)?.manifest?.id;
  if (snapshotId === undefined || disk.folder(`${stateDir}/${app}`) === undefined) return;
  const request = {
    apiVersion: 'ci-warm.dev/v1',
    observedRevision: 'unknown',
    id: world.newId(),
    kind,
    snapshotId,
    at: new Date(time.nowMs).toISOString(),
  };
  const path = `${stateDir}/${app}/request.json`;
  // One after the other: the second is told to come back.
  if (disk.files.file(path) !== undefined) return;
  const file = disk.files.createFile(path, false);
  disk.files.setContent(file, Buffer.from(JSON.stringify(request)));
  disk.files.syncAll();
}

function removeFile({ disk }: World, path: string): void {
  if (disk.files.file(path) === undefined) return;
  disk.files.remove(path);
  disk.files.syncAll();
}

function damage(world: World, how: Wanted['damage']): void {
  if (world.branch.isTroubled) return;
  world.edit({ ...world.wanted, damage: how });
}
