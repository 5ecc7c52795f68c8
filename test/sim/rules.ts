/**
 * When the rules are asked: at every effect, every record and every call. The first one that is broken ends the world, and
 * everything that it found is in `violations`.
 */
import type { Alert } from '../../controller/model/alert.ts';
import type {
  JournalRecord,
  TransitionEnd,
  TransitionInput,
} from '../../controller/model/journal.ts';
import {
  RESTORED_BY_HAND,
  type LastGood,
  type Quarantine,
} from '../../controller/model/release.ts';
import { g1Ripe, lackingOf } from './asked.ts';
import { isGood } from './catalogue.ts';
import { appOf, isData } from './disk.ts';
import { stateDir } from './disk.ts';
import { drillEnd, drilledAt, drilledIn } from './drilled.ts';
import { Durable } from './durable.ts';
import { HoldsTold } from './holds-told.ts';
import {
  deployedOf,
  g3Gate,
  l1Damaged,
  isBlamed,
  p2Data,
  releaseIn,
  rewritten,
  runsAs,
  s1Undeployed,
  s2KnownGood,
  s2Saved,
  s3Belongs,
  u1Aside,
  u1Proved,
  u1Stable,
  u2Images,
} from './invariants.ts';
import { Looked } from './looked.ts';
import { volumePath } from './port-driver.ts';
import type { Told, Violation, Watched } from './seen.ts';
import { missingOfStrangers } from './strangers.ts';
import { g1Touch, type Touch } from './touches.ts';
import type { SimContainer } from './swarm-objects.ts';
import { sameTree, type Tree } from './tree.ts';
import type { World } from './world.ts';
import { stackOf } from './wanted.ts';

/** From a pass's look to its last step, where every call takes its time. */
const SLOW_PRUNE_MS = 60_000;

export class Rules {
  readonly violations: Violation[] = [];
  begins = 0;
  readonly #world: World;
  readonly #watched = new Map<string, Watched>();
  readonly #hadSnapshot = new Set<string>();
  readonly #holdsTold = new HoldsTold();
  readonly #told = new Map<string, Told>();
  readonly #alertsTold = new Set<Alert>();
  readonly durable = new Durable();
  readonly looked = new Looked();
  /** Apps of which nothing was to be kept. */
  readonly pruned = new Set<string>();

  constructor(world: World) {
    this.#world = world;
  }

  fail(rule: string, message: string): void {
    this.violations.push({ rule, message, atMs: this.#world.time.nowMs });
    this.#world.note('event', `BROKEN ${rule}: ${message}`);
  }

  #expect(rule: string, of: string, problem: string | undefined): void {
    if (problem !== undefined) this.fail(rule, `${of}: ${problem}`);
  }

  /** G1, R2: a stack is touched only in a phase of an open transition that is there for it, and only if it is ours. */
  mayTouch(stack: string, touch: Touch): void {
    const drilled = drilledIn(this.#world, stack);
    if (drilled !== undefined) {
      this.mayTouchApp(drilled, touch, true);
      return;
    }
    const app = this.#world.wanted.apps.find(({ name }) => stackOf(name) === stack);
    if (app === undefined) this.fail('R2', `${touch} on ${stack}, which is not ours`);
    else this.mayTouchApp(app.name, touch);
  }

  mayTouchApp(app: string, touch: Touch, isDrilled = false): void {
    this.#expect('G1', app, g1Touch(this.#world.state.of(app).view, touch, isDrilled));
  }

  /** R2: only what nobody wants any more, and only when a person said so. */
  mayPrune(app: string): void {
    const wanted = this.#world.wanted.apps.find(({ name }) => name === app);
    // A pass that looked before may be at it still.
    const isWanted = this.#world.time.nowMs > this.#world.wantedAgainMs + SLOW_PRUNE_MS;
    if (wanted?.isRemoved !== true && isWanted) this.fail('R2', `${app} is pruned, and is wanted`);
    const asked = this.#world.disk.files.file(`${stateDir}/${app}/request.json`);
    if (asked === undefined) this.fail('R2', `${app} is pruned, and nobody asked for it`);
    this.noWriter(app, []);
  }

  /** S2: from now on nothing of it has to be there any more. */
  onForget(app: string): void {
    this.mayPrune(app);
    this.pruned.add(app);
    this.#hadSnapshot.delete(app);
    this.durable.forget(app);
  }

  noWriter(app: string, paths: readonly string[]): void {
    this.#expect('S1', app, s1Undeployed(this.#world, app, paths));
  }

  onStart(container: SimContainer): void {
    const { app, release } = container.task.spec;
    if (this.#world.wanted.apps.find(({ name }) => name === app)?.approved === release.tag) {
      // A person lets an older version have the data: from now on it is its own.
      for (const inode of container.inodes.values()) {
        const touchedBy = Math.min(inode.tree.touchedBy, release.order);
        this.#world.disk.files.writeTree(inode, { ...inode.tree, touchedBy });
      }
      return;
    }
    this.#expect('P2', app, p2Data(container));
  }

  onLastGood(app: string, lastGood: LastGood): void {
    this.#expect('U1', app, u1Proved(this.#world, this.#world.state.of(app).view.open, lastGood));
  }

  /** L1, U3: a version that is good is never quarantined for what the machine or a person did. */
  onQuarantine(app: string, quarantine: Quarantine | null): void {
    if (quarantine === null) return;
    const { open } = this.#world.state.of(app).view;
    const phase = open.at(-1)?.phase ?? 'none';
    if (quarantine.reason === RESTORED_BY_HAND) {
      if (phase !== 'commit') this.fail('U1', `${app} is left in phase ${phase}`);
      return;
    }
    if (!phase.startsWith('conclude')) this.fail('U1', `${app} is quarantined in phase ${phase}`);
    if (phase === 'conclude-strand') return;
    const watched = this.#watched.get(app);
    if (watched !== undefined && this.#world.handsOnMs >= watched.beganMs) return;
    // A downgrade that a person approved may find data that it refuses.
    const wanted = this.#world.wanted.apps.find(({ name }) => name === app);
    if (wanted?.approved === quarantine.version) return;
    const release = releaseIn(this.#world, app, quarantine.commit);
    // A first install is not judged by what it adds: that people have to give something shows when it is prepared.
    const lacks =
      release && lackingOf(this.#world, app, { from: { ...release, asks: [] }, to: release });
    if (quarantine.reason === 'RecipeInvalid' && lacks?.length !== 0) return;
    if (release?.services.every(({ behaviour }) => isGood(behaviour)) === true) {
      this.fail(
        'U3',
        `${app}: ${quarantine.version} is good and is quarantined: ${quarantine.reason}`,
      );
    }
  }

  onAlert(alert: Alert): void {
    this.#world.note('event', `ALERT ${alert.kind} ${alert.app}: ${alert.title}`);
    this.#expect('A1', alert.app, this.#holdsTold.onAlert(alert, this.#world.time.nowMs));
  }

  onRecord(record: JournalRecord): void {
    const { app, phase } = record;
    this.#world.note('record', `${app} ${record.transition} ${phase} ${record.event}`, {
      ...(record.event === 'outcome' ? record.result : {}),
    });
    if (record.event === 'intent' && record.input !== undefined) {
      this.#onBegin(record.id, record.input, record.transition);
      return;
    }
    const watched = this.#watched.get(app);
    const [begin] = this.#world.state.of(app).records.filter(({ id }) => id === record.id);
    if (watched === undefined || begin?.event !== 'intent' || begin.input === undefined) return;
    if (record.event === 'intent') {
      if (phase === 'back-deploy' && !watched.isOnWayBack) this.#onWayBack(watched, begin.input);
      if (phase === 'back-deploy') watched.isOnWayBack = true;
      return;
    }
    const { result } = record;
    if (result.kind === 'ok' && phase === 'undeploy') watched.trees = this.#treesOf(begin.input);
    if (result.kind === 'ok' && (phase === 'judge' || phase === 'back-judge')) {
      this.#expect('U1', app, u1Stable(this.#world, record));
    }
    if (result.kind === 'ok' && phase === 'prepare' && this.#world.handsOnMs < watched.beganMs) {
      const images = [result.data?.release?.images ?? {}, begin.input.from?.images ?? {}];
      this.#expect(
        'U2',
        app,
        u2Images(
          this.#world,
          images.flatMap((one) => Object.values(one)),
        ),
      );
    }
    if (result.kind !== 'ok' && result.kind !== 'failed') {
      this.#onEnd(result.kind, begin.transition, begin.input, watched);
    }
  }

  #onBegin(id: string, input: TransitionInput, transition: JournalRecord['transition']): void {
    const app = input.app.name;
    this.begins += 1;
    this.#watched.set(app, {
      id,
      beganMs: this.#world.time.nowMs,
      deployedBefore: deployedOf(this.#world, app),
      trees: undefined,
      isOnWayBack: false,
    });
    this.#expect('L1', app, l1Damaged(this.#world, app));
    if (transition === 'upgrade') this.#expect('G3', app, g3Gate(this.#world, input));
    this.#expect('G1', app, g1Ripe(this.#world, transition, input));
  }

  /** U1: the prior version goes back to the data of before, byte for byte. */
  #onWayBack(watched: Watched, input: TransitionInput): void {
    if (input.app.data === 'Stateless') return;
    for (const [path, tree] of watched.trees ?? []) {
      if (!sameTree(this.#world.disk.folder(path)?.tree, tree)) {
        this.fail('U1', `${input.app.name}: ${path} is not as it was before the upgrade`);
      }
    }
  }

  #onEnd(
    how: TransitionEnd,
    transition: JournalRecord['transition'],
    input: TransitionInput,
    watched: Watched,
  ): void {
    const world = this.#world;
    const app = input.app.name;
    if (transition === 'drill') {
      this.#expect('R2', app, drillEnd(world, input, watched, world.state.of(app).records));
      return;
    }
    const isLeftAlone = world.handsOnMs < watched.beganMs;
    const { lastGood } = world.state.of(app);
    const deployed = deployedOf(world, app);
    const isTold = world.state.alerts.some(({ alert }) => alert.fingerprint.endsWith(watched.id));
    const isUntold = how === 'rolled-back' || how === 'undeployed' || how === 'stranded';
    if (isUntold && !isTold) this.fail('A1', `${app}: ${how}, and nobody was told`);
    const isTurnedRound = how === 'rolled-back' || how === 'undeployed';
    if (isTurnedRound && isBlamed(world.state.of(app).records, watched.id)) {
      const quarantined = world.state.of(app).quarantine?.specHash;
      if (quarantined !== input.to.specHash && isLeftAlone) {
        this.fail('P6', `${app}: ${input.to.version} failed its gate and is not quarantined`);
      }
    }
    const isUnmoved = how === 'succeeded' && transition !== 'repair' && transition !== 'restore';
    const back = how === 'succeeded' ? input.from : (input.leaves ?? input.from);
    const good = isUnmoved ? input.to.specHash : back?.specHash;
    if (lastGood?.specHash !== good) this.fail('U1', `${app}: ${how}, and last_good is another`);
    if (transition === 'restore' && how === 'succeeded') {
      this.#expect('U1', app, u1Aside(world, input, watched.id));
    }
    if (!isLeftAlone) return;
    if (transition === 'adopt') this.#expect('G1', app, rewritten(world, app));
    if (transition === 'retire' && how === 'succeeded') {
      if (deployed.size > 0) this.fail('S1', `${app}: retired, and services are there`);
    } else if (how === 'succeeded') {
      const release = isUnmoved ? input.to : input.from;
      if (release !== null) this.#expect('U1', app, runsAs(world, app, release, input.app.recipe));
    }
    if (how === 'rolled-back' && input.from !== null) {
      this.#expect('U1', app, runsAs(world, app, input.from, input.app.recipe));
    }
    const isGone = how === 'undeployed' || (how === 'stranded' && input.app.data === 'Stateful');
    if (isGone && deployed.size > 0) this.fail('U1', `${app}: ${how}, and services are there`);
    if (how === 'abandoned' && transition !== 'repair' && transition !== 'retire') {
      const before = JSON.stringify([...watched.deployedBefore]);
      if (JSON.stringify([...deployed]) !== before)
        this.fail('G1', `${app}: abandoned, and touched`);
    }
  }

  #treesOf({ app, from }: TransitionInput): ReadonlyMap<string, Tree> {
    const release = from === null ? undefined : releaseIn(this.#world, app.recipe, from.commit);
    const paths = (release?.volumes ?? []).map((volume) => volumePath(app.name, volume));
    return new Map(
      paths.flatMap((path): [string, Tree][] => {
        const folder = this.#world.disk.folder(path);
        return folder === undefined ? [] : [[path, folder.tree]];
      }),
    );
  }

  /** What a write has left in an app's files, step by step. */
  lookAt(app: string): void {
    const told = this.#told.get(app) ?? { records: 0, lastGood: null, quarantine: null };
    this.#told.set(app, told);
    const { records, lastGood, quarantine } = this.#world.state.of(app);
    // Its journal begins anew.
    if (this.pruned.has(app) && records.length < told.records) told.records = 0;
    for (; told.records < records.length; told.records += 1) {
      const record = records[told.records];
      if (record !== undefined) this.onRecord(record);
    }
    if (lastGood !== null && lastGood.specHash !== told.lastGood?.specHash) {
      this.onLastGood(app, lastGood);
    }
    if (quarantine?.since !== told.quarantine?.since) this.onQuarantine(app, quarantine);
    told.lastGood = lastGood;
    told.quarantine = quarantine;
  }

  lookAtAlerts(): void {
    for (const { alert } of this.#world.state.alerts) {
      if (this.#alertsTold.has(alert)) continue;
      this.#alertsTold.add(alert);
      this.onAlert(alert);
    }
  }

  /** S2, L2: the power was cut; what was said to be safe is there. */
  onPowerCut(): void {
    for (const { name } of this.#world.wanted.apps) {
      const files = this.#world.state.of(name);
      this.#expect('L2', name, this.durable.missing(name, files));
      const told = this.#told.get(name);
      if (told !== undefined) told.records = Math.min(told.records, files.records.length);
    }
    this.afterCall();
  }

  /** S1, G1: a volume's folder is copied. */
  mayCopy(directory: string): void {
    const app = appOf(directory);
    this.mayTouchApp(app, 'snapshot');
    this.noWriter(app, [directory]);
  }

  onMakeDirectory(path: string): void {
    if (path.includes('/.snapshots/')) this.mayTouchApp(appOf(path), 'snapshot');
  }

  /** S1, G1: a volume's data is moved, or something is moved into its place. */
  onRename(from: string, to: string): void {
    const drilled = drilledAt(to);
    if (drilled !== undefined) {
      if (isData(to)) this.mayTouchApp(drilled, 'restore', true);
      return;
    }
    // Under the name of trash it may be deleted at any time, also by a later operation.
    if (from.includes('/displaced-')) this.mayTouchApp(appOf(from), 'drop-displaced');
    if (!isData(from) && !isData(to)) return;
    const app = appOf(to);
    if (to.includes('/.trash-')) {
      this.mayTouchApp(app, 'drop-data');
      this.#expect('S2', app, s2Saved(this.#world, app, from));
    } else this.mayTouchApp(app, 'restore');
    this.noWriter(app, [from, to]);
  }

  /** S2: what a restore displaced goes only when the app is healthy again. */
  onDelete(path: string): void {
    if (path.includes('/displaced-')) this.fail('S2', `${path} is deleted under that name`);
  }

  /** S2: from now on there is one. */
  onSnapshot(app: string): void {
    this.#hadSnapshot.add(app);
  }

  /** S3: what is unpacked was bound to the secrets that the app has now. Only a change that nobody could see yet is none. */
  onUnpack(archive: string, askedMs: number): void {
    const app = appOf(archive);
    if (this.#world.secretsMs >= askedMs) return;
    this.#expect('S3', app, s3Belongs(this.#world, app));
  }

  /** R2: others' services, networks, secrets, volumes and data. */
  lookAtStrangers(): void {
    const gone = missingOfStrangers(this.#world.swarm, this.#world.disk);
    if (gone !== undefined) this.fail('R2', `${gone} is not ours, and is gone or changed`);
  }

  /** After every call. */
  afterCall(): void {
    const { wanted, state, disk } = this.#world;
    this.#holdsTold.lookAt(wanted.apps, this.#world.time.nowMs);
    for (const name of disk.files.takeChanged()) {
      const app = wanted.apps.find((one) => one.name === name);
      if (app === undefined || app.data === 'Stateless') continue;
      if (this.#world.damage.isSnapshotDamaged(name)) continue;
      const had = this.#hadSnapshot.has(name);
      this.#expect('S2', name, s2KnownGood(this.#world, name, state.of(name).lastGood, had));
    }
  }
}
