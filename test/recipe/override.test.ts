import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

import type { AppIdentity } from '../../controller/model/app.ts';
import type { Release } from '../../controller/model/release.ts';
import { renderOverride } from '../../controller/recipe/override.ts';
import { readStack } from '../../controller/recipe/read-recipe.ts';
import { corpusApp, corpusRelease } from './corpus.ts';

interface Service {
  readonly image?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly deploy: {
    readonly labels: Readonly<Record<string, string>>;
    readonly update_config: Readonly<Record<string, string>>;
    readonly placement?: { readonly constraints: readonly string[] };
  };
}

function overrideOf(
  files: Readonly<Record<string, string>>,
  change: { readonly app?: Partial<AppIdentity>; readonly release?: Partial<Release> } = {},
): {
  readonly text: string;
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: unknown;
} {
  const all = new Map(Object.entries(files));
  const app = { ...corpusApp, ...change.app };
  const release = { ...corpusRelease, ...change.release };
  const stack = readStack(all, app, release);
  const text = renderOverride({ app, release, stack, files: all, nodeId: 'node-1' });
  const parsed = parse(text) as { services: Readonly<Record<string, Service>>; networks?: unknown };
  return { text, services: parsed.services, networks: parsed.networks };
}

const one = (service: string, more = ''): Readonly<Record<string, string>> => ({
  'compose.yml': `services:\n  app: ${service}\n${more}`,
});

describe('renderOverride', () => {
  test('the same input gives the same text', () => {
    const files = one('{image: "x:1", volumes: ["data:/data"]}', 'volumes: {data: }');

    expect(overrideOf(files).text).toBe(overrideOf(files).text);
  });

  test.each([
    { name: 'its own volume', service: '{image: "x:1", volumes: ["data:/d"]}', isPinned: true },
    { name: 'no volume', service: '{image: "x:1"}', isPinned: false },
    {
      name: 'an external volume',
      service: '{image: "x:1", volumes: ["other:/d"]}',
      isPinned: false,
    },
    {
      name: 'a folder of the host',
      service: '{image: "x:1", volumes: ["/data:/d"]}',
      isPinned: false,
    },
    { name: 'an anonymous volume', service: '{image: "x:1", volumes: ["/data"]}', isPinned: false },
  ])('a service with $name is bound to the node: $isPinned', ({ service, isPinned }) => {
    const { app } = overrideOf(one(service, 'volumes: {data: , other: {external: true}}')).services;

    expect(app?.deploy.placement?.constraints).toEqual(isPinned ? ['node.id==node-1'] : undefined);
    expect(app?.deploy.update_config).toEqual({
      failure_action: 'pause',
      ...(isPinned ? { order: 'stop-first' } : {}),
    });
  });

  test('a release that is no tag is called chaos, with its commit for a version', () => {
    const { app } = overrideOf(one('{image: "x:1"}'), { release: { version: '87a62a5' } }).services;

    expect(app?.deploy.labels).toMatchObject({
      [`coop-cloud.${corpusApp.stack}.chaos`]: 'true',
      [`coop-cloud.${corpusApp.stack}.chaos-version`]: '01234567',
    });
    expect(app?.deploy.labels).not.toHaveProperty(`coop-cloud.${corpusApp.stack}.version`);
  });

  test('dollar signs of values are doubled, for Docker takes them for variables', () => {
    const { app } = overrideOf(one('{image: "x:1"}'), {
      release: { env: { A: 'a$b$$' } },
    }).services;

    expect(app?.environment?.['A']).toBe('a$$b$$$$');
  });

  test('the public service gets the variables of the app that it does not set, in itself or by file', () => {
    const files = {
      ...one('{image: "x:1", env_file: [own.env], environment: {A: own, B: }}'),
      'own.env': 'C=from the file\n',
    };
    const { app } = overrideOf(files, {
      release: { env: { A: '1', B: '2', C: '3', D: '4' } },
    }).services;

    expect(app?.environment).toEqual({
      B: '2',
      D: '4',
      DOMAIN: corpusApp.domain,
      STACK_NAME: corpusApp.stack,
      TYPE: `${corpusApp.recipe}:${corpusRelease.version}`,
    });
  });

  test('any other service gets only what it names without a value', () => {
    const files = { 'compose.yml': 'services: {db: {image: "x:1", environment: [A, NOT_SET]}}' };
    const { db } = overrideOf(files, { release: { env: { A: '1', B: '2' } } }).services;

    expect(db?.environment).toEqual({ A: '1' });
  });

  test('the proxy`s network is the one that the host says, for Docker and for Traefik', () => {
    const files = one(
      '{image: "x:1", networks: [proxy], deploy: {labels: ["traefik.docker.network=proxy"]}}',
      'networks: {proxy: {external: true}, other: {external: true, name: proxy}}',
    );
    const renamed = overrideOf(files, { app: { proxyNetwork: 'public' } });

    expect(renamed.networks).toEqual({
      proxy: { external: true, name: 'public' },
      other: { external: true, name: 'public' },
    });
    expect(renamed.services['app']?.deploy.labels['traefik.docker.network']).toBe('public');
    expect(overrideOf(files).networks).toBeUndefined();
  });
});
