/**
 * What every driver keeps, whatever it deploys by: the suite for the port `Driver`, on a real Swarm.
 *
 * The recipe has two releases. Service `app` mounts volume `data`, uses secret `token` (20 hex digits) and the templated
 * config `page`, which shows the variable GREETING; service `off` is scaled to nothing. The second release has another
 * image, and no `off`. `spoiled` is a third, with another text in the config under its old name.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { AppIdentity } from '../../controller/model/app.ts';
import { CiWarmError } from '../../controller/model/failure.ts';
import type { Release } from '../../controller/model/release.ts';
import { label } from '../../controller/model/swarm.ts';
import type { Driver } from '../../controller/ports/driver.ts';

export interface DriverWorld {
  readonly driver: Driver;
  readonly app: AppIdentity;
  readonly first: Release;
  readonly second: Release;
  readonly spoiled: Release;
  readonly nodeId: string;
  services(): Promise<readonly ServiceFact[]>;
  /** Full name → id. */
  secrets(): Promise<ReadonlyMap<string, string>>;
  /** The device of the volume's bind options; undefined where there is no such volume. */
  volumeDevice(name: string): Promise<string | undefined>;
  /** Runs a command in the running container of a service, waiting until there is one. */
  exec(service: string, command: readonly string[]): Promise<string>;
  /** What files the driver left behind from deploys. */
  leftovers(): readonly string[];
  remove(): Promise<void>;
}

export interface ServiceFact {
  readonly name: string;
  readonly version: number;
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly containerLabels: Readonly<Record<string, string>>;
  readonly constraints: readonly string[];
  readonly failureAction: string | undefined;
  readonly order: string | undefined;
  readonly networks: number;
}

const signal = new AbortController().signal;

/** The tests go on from one another: a deploy takes seconds. */
export function describeDriver(name: string, make: () => Promise<DriverWorld>): void {
  describe(name, () => {
    let world: DriverWorld;
    beforeAll(async () => {
      world = await make();
    });
    afterAll(async () => {
      await world.remove();
    });

    test('reads what the release asks for before anything is deployed', async () => {
      const reading = await world.driver.read(world.app, world.first, signal);

      expect(reading.problems).toEqual([]);
      expect(reading.services.map((service) => service.name).sort()).toEqual(['app', 'off']);
      expect(reading.volumes).toEqual(['data']);
      expect(reading.secrets.map((secret) => secret.fullName)).toEqual([
        `${world.app.stack}_token_v1`,
      ]);
      expect(await world.services()).toEqual([]);
      expect((await world.secrets()).size).toBe(0);
    });

    test('says where the volumes will be, before they are there', async () => {
      const places = await world.driver.volumes(world.app, world.first, signal);

      expect(places.map((place) => [place.volume, place.name])).toEqual([
        ['data', `${world.app.stack}_data`],
      ]);
      expect(await world.volumeDevice(`${world.app.stack}_data`)).toBeUndefined();
    });

    test('deploys every service with pinned images and with labels that say whose it is', async () => {
      await world.driver.deploy(world.app, world.first, signal);

      const { app, first } = world;
      const services = await world.services();
      expect(services.map((service) => service.name).sort()).toEqual([
        `${app.stack}_app`,
        `${app.stack}_off`,
      ]);
      for (const service of services) {
        expect(service.image).toBe(first.images[service.name.slice(app.stack.length + 1)]);
        expect(service.labels).toMatchObject({
          [label.app]: app.name,
          [label.spec]: first.specHash,
          [`coop-cloud.${app.stack}.version`]: first.version,
          [`coop-cloud.${app.stack}.chaos`]: 'false',
          [`coop-cloud.${app.stack}.recipe`]: app.recipe,
        });
        expect(service.containerLabels).toMatchObject({
          [label.app]: app.name,
          [label.spec]: first.specHash,
        });
        expect(service.failureAction).toBe('pause');
      }
    });

    test('keeps a service with a volume on the node that holds it, and to one task at a time', async () => {
      const services = await world.services();

      const [app, off] = ['app', 'off'].map((key) =>
        services.find((service) => service.name === `${world.app.stack}_${key}`),
      );
      expect(app?.constraints).toContain(`node.id==${world.nodeId}`);
      expect(app?.order).toBe('stop-first');
      expect(off?.constraints).toEqual([]);
    });

    test('makes volumes as binds onto the folder that it names', async () => {
      const [place] = await world.driver.volumes(world.app, world.first, signal);

      expect(place?.path).toBe(await world.volumeDevice(`${world.app.stack}_data`));
      await world.exec('app', ['touch', '/data/written']);
      expect(await world.exec('app', ['ls', '/data'])).toBe('written');
    });

    test('makes a missing secret by the rule of the recipe', async () => {
      const value = await world.exec('app', ['cat', '/run/secrets/token']);

      expect(value).toMatch(/^[0-9a-f]{20}$/);
    });

    test('lets Swarm fill in a templated config with the variables of the app', async () => {
      expect(await world.exec('app', ['cat', '/page'])).toBe('greeting: costs $5 & "more"');
    });

    test('changes no service when the same release is deployed again', async () => {
      const before = await world.services();

      await world.driver.deploy(world.app, world.first, signal);

      expect(await world.services()).toEqual(before);
    });

    test('deploys another release with the same secrets and the same data', async () => {
      const secrets = await world.secrets();

      await world.driver.deploy(world.app, world.second, signal);

      const app = (await world.services()).find(({ name }) => name === `${world.app.stack}_app`);
      expect(app?.image).toBe(world.second.images['app']);
      expect(app?.labels[label.spec]).toBe(world.second.specHash);
      expect(await world.secrets()).toEqual(secrets);
    });

    test('leaves services alone that the new release no longer has: removing is another step', async () => {
      const names = (await world.services()).map((service) => service.name);

      expect(names).toContain(`${world.app.stack}_off`);
    });

    test('says so when a config changed and its name did not', async () => {
      const failure: unknown = await world.driver
        .deploy(world.app, world.spoiled, signal)
        .catch((error: unknown) => error);

      expect(failure).toBeInstanceOf(CiWarmError);
      expect(failure).toMatchObject({ code: 'recipe-invalid' });
      expect(String(failure)).toContain(`${world.app.stack}_page_v1`);
    });

    test('leaves no files of a deploy behind, not even of one that failed', () => {
      expect(world.leftovers()).toEqual([]);
    });
  });
}
