/** What the suite of test/conformance/world.ts needs of a world, and what its steps tell one another. */
import { judgeUndeployed } from '../../controller/gates/undeployed.ts';
import type { AppIdentity } from '../../controller/model/app.ts';
import type { Release } from '../../controller/model/release.ts';
import type { SnapshotIdentity, VolumePlace } from '../../controller/model/snapshot.ts';
import type { ServiceView, SwarmView, TaskView } from '../../controller/model/swarm.ts';
import type { Driver } from '../../controller/ports/driver.ts';
import type { Engine } from '../../controller/ports/engine.ts';
import type { Images } from '../../controller/ports/images.ts';
import type { Secrets } from '../../controller/ports/secrets.ts';
import type { Snapshots } from '../../controller/ports/snapshots.ts';

/** Each has one service, `app`, with volume `data` and secret `key`, in a network of its stack. */
export interface WorldApp {
  readonly app: AppIdentity;
  readonly release: Release;
}

export interface ConformanceWorld {
  readonly engine: Engine;
  readonly driver: Driver;
  readonly secrets: Secrets;
  readonly images: Pick<Images, 'isPresent' | 'ofContainer'>;
  readonly snapshots: Snapshots;
  /** It runs, and ends when it is told to. */
  readonly main: WorldApp;
  /** Its next release: another image. */
  readonly next: Release;
  /** Nobody touches it. */
  readonly other: WorldApp;
  /** Its program runs for some seconds and dies, with exit code 134. */
  readonly crashing: WorldApp;
  /** Its image is nowhere. */
  readonly lacking: WorldApp;
  /** Writes something into a volume that was never there before. */
  change(place: VolumePlace): Promise<void>;
  /** The same text for the same content alone. */
  content(place: VolumePlace): Promise<string>;
  /** Lets time pass until `look` gives something; fails with `what` after a minute. */
  until<T>(what: string, look: () => Promise<T | undefined>): Promise<T>;
  dispose(): Promise<void>;
}

/** Never aborted. */
export const signal = new AbortController().signal;

/** The world, and what the tests of a group tell one another. */
export class Scene {
  readonly world: ConformanceWorld;
  readonly app: AppIdentity;
  place: VolumePlace | undefined;
  other: unknown;
  serviceId = '';
  networkIds: readonly string[] = [];

  constructor(world: ConformanceWorld) {
    this.world = world;
    this.app = world.main.app;
  }

  view(of: WorldApp = this.world.main): Promise<SwarmView> {
    return this.world.engine.observeStack(of.app.stack, signal);
  }

  async service(of?: WorldApp): Promise<ServiceView> {
    const [service] = (await this.view(of)).services;
    if (service === undefined) throw new Error('there is no service');
    return service;
  }

  data(): VolumePlace {
    if (this.place === undefined) throw new Error('it was never deployed');
    return this.place;
  }

  /** The task that runs as this release, once it does. */
  runs(of: WorldApp, release = of.release): Promise<TaskView> {
    return this.world.until(`${of.app.name} runs as ${release.version}`, async () =>
      (await this.view(of)).tasks.find(
        (task) =>
          task.specHash === release.specHash &&
          task.state === 'running' &&
          task.desiredState === 'running',
      ),
    );
  }

  async undeployed(): Promise<ReturnType<typeof judgeUndeployed>> {
    const view = await this.world.engine.observe(signal);
    return judgeUndeployed(view, this.app.stack, [this.data().name]);
  }

  isUndeployed(): Promise<true> {
    return this.world.until('it is undeployed', async () =>
      (await this.undeployed()).kind === 'undeployed' ? true : undefined,
    );
  }

  async identity(): Promise<SnapshotIdentity> {
    const { app, release } = this.world.main;
    const [self] = (await this.view()).nodes.filter((node) => node.self);
    const secrets = await this.world.secrets.list(app.stack, signal);
    return {
      app: app.name,
      recipe: app.recipe,
      version: release.version,
      commit: release.commit,
      specHash: release.specHash,
      env: {},
      domain: app.domain,
      stack: app.stack,
      nodeId: self?.id ?? '',
      images: release.images,
      secrets: Object.fromEntries(secrets),
    };
  }

  /** What nobody touches, as it is now. */
  async untouched(): Promise<unknown> {
    const { world } = this;
    const { services, tasks, volumes, networks } = await this.view(world.other);
    const [place] = await world.driver.volumes(world.other.app, world.other.release, signal);
    return {
      services: services.map(({ id, versionIndex }) => [id, versionIndex]),
      tasks: tasks.map(({ id, state }) => [id, state]),
      volumes: volumes.map(({ name }) => name),
      networks: networks.map(({ id }) => id),
      content: place === undefined ? undefined : await world.content(place),
    };
  }
}

/** The code of its failure, or `done`. */
export async function codeOf(act: Promise<unknown>): Promise<unknown> {
  return await act.then(
    () => 'done',
    (failure: unknown) => (failure as { readonly code?: unknown }).code,
  );
}
