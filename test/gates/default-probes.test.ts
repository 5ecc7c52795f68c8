import { describe, expect, test } from 'vitest';
import { defaultProbes, probesApart, probesFor } from '../../controller/gates/default-probes.ts';
import type { RecipeReading, ServiceReading } from '../../controller/model/recipe.ts';
import { commitOf } from '../build/recipe.ts';

function serviceReading(over: Partial<ServiceReading> = {}): ServiceReading {
  return {
    name: 'app',
    image: 'web:1',
    replicas: 1,
    mounts: [],
    networks: [],
    labels: {},
    targetPorts: [],
    hasHealthcheck: false,
    updateOrder: undefined,
    mayEnd: false,
    ...over,
  };
}

function reading(...services: readonly ServiceReading[]): RecipeReading {
  return {
    version: '1.0.0+1.0.0',
    commit: commitOf('1'),
    composeFiles: ['compose.yml'],
    env: {},
    services,
    volumes: [],
    secrets: [],
    configs: [],
    externalNetworks: [],
    problems: [],
  };
}

const docker = { kind: 'docker', service: undefined };
const traefik = { 'traefik.http.services.warm_blog.loadbalancer.server.port': '8080' };

describe('defaultProbes', () => {
  test.each([
    { name: "Traefik's port", service: { labels: traefik, targetPorts: [3000] }, port: 8080 },
    { name: 'the first target port', service: { targetPorts: [3000, 9000] }, port: 3000 },
    {
      name: 'the first target port where the label is no number',
      service: {
        labels: { 'traefik.http.services.x.loadbalancer.server.port': '$PORT' },
        targetPorts: [3000],
      },
      port: 3000,
    },
  ])("asks Docker's own health and GET / of service app at $name", ({ service, port }) => {
    expect(defaultProbes(reading(serviceReading(service)))).toEqual([
      docker,
      {
        kind: 'http',
        service: 'app',
        port,
        path: '/',
        status: [{ from: 200, to: 399 }],
        body: undefined,
        headers: {},
      },
    ]);
  });

  test.each([
    { name: 'without a port', service: serviceReading() },
    { name: 'without a service app', service: serviceReading({ name: 'web', targetPorts: [80] }) },
    {
      name: 'with none of its tasks wanted',
      service: serviceReading({ replicas: 0, targetPorts: [80] }),
    },
  ])("asks Docker's own health alone $name", ({ service }) => {
    expect(defaultProbes(reading(service))).toEqual([docker]);
  });
});

const http = {
  kind: 'http',
  service: 'app',
  port: undefined,
  path: '/ready',
  status: [200],
  body: undefined,
  headers: {},
} as const;

describe('probesFor', () => {
  test('an http probe without a port gets the one of its service', () => {
    expect(probesFor([http], reading(serviceReading({ labels: traefik })))).toEqual([
      { ...http, port: 8080 },
    ]);
  });

  test('what a person wrote is left as it is', () => {
    const written = [
      { ...http, port: 99 },
      { kind: 'tcp', service: 'db', port: 5432 },
    ] as const;

    expect(probesFor(written, reading(serviceReading({ labels: traefik })))).toEqual(written);
  });

  test('default means the usual ones', () => {
    const read = reading(serviceReading({ targetPorts: [80] }));

    expect(probesFor('default', read)).toEqual(defaultProbes(read));
  });
});

describe('probesApart', () => {
  const proxy = { ...http, kind: 'proxy', scheme: 'https', port: 443 } as const;
  const tcp = { kind: 'tcp', service: 'db', port: 5432 } as const;

  test.each([
    {
      name: 'the proxy is not asked, for it knows the app alone',
      wanted: [proxy, tcp],
      apart: [tcp],
    },
    { name: 'where it alone was asked, the usual probes are', wanted: [proxy], apart: 'default' },
    { name: 'all others stay', wanted: [http, tcp], apart: [http, tcp] },
    { name: 'the usual ones stay', wanted: 'default', apart: 'default' },
  ] as const)('$name', ({ wanted, apart }) => {
    expect(probesApart(wanted)).toEqual(apart);
  });
});
