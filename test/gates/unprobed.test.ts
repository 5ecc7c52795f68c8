import { expect, test } from 'vitest';
import type { ProbeSpec } from '../../controller/model/desired.ts';
import type { RecipeReading, ServiceReading } from '../../controller/model/recipe.ts';
import { isLikelyUnprobed } from '../../controller/gates/unprobed.ts';

function reading(...services: readonly Partial<ServiceReading>[]): RecipeReading {
  const base = { name: 'app', replicas: 1, labels: {}, targetPorts: [], hasHealthcheck: false };
  return { services: services.map((one) => ({ ...base, ...one })) } as unknown as RecipeReading;
}

const docker = (service?: string): ProbeSpec => ({ kind: 'docker', service });

test.each([
  { name: 'a service app with a port', services: [{ targetPorts: [80] }], unprobed: false },
  { name: 'no port and no health check', services: [{}], unprobed: true },
  { name: 'a health check', services: [{}, { name: 'db', hasHealthcheck: true }], unprobed: false },
  {
    name: 'a health check of a service that is scaled to nothing',
    services: [{}, { name: 'job', replicas: 0, hasHealthcheck: true }],
    unprobed: true,
  },
] as const)('by the usual probes an app with $name: unprobed $unprobed', (row) => {
  expect(isLikelyUnprobed('default', reading(...row.services))).toBe(row.unprobed);
});

test.each([
  { name: 'of every service', probe: docker(), unprobed: false },
  { name: 'of the service with the check', probe: docker('db'), unprobed: false },
  { name: 'of one without', probe: docker('app'), unprobed: true },
])('a probe of the Docker health $name: unprobed $unprobed', ({ probe, unprobed }) => {
  const services = reading({}, { name: 'db', hasHealthcheck: true });
  expect(isLikelyUnprobed([probe], services)).toBe(unprobed);
});

test('any other probe asks somebody', () => {
  const tcp: ProbeSpec = { kind: 'tcp', service: 'app', port: 5432 };
  expect(isLikelyUnprobed([docker('app'), tcp], reading({}))).toBe(false);
});
