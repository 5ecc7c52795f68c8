import { describe, expect, test } from 'vitest';
import type { RawService } from '../../../controller/adapters/docker/raw.ts';
import { writtenDigest } from '../../../controller/adapters/docker/written-spec.ts';

type Spec = NonNullable<RawService['Spec']>;

const container = {
  Image: 'images.example.org/book@sha256:1',
  Env: ['A=1', 'B=2'],
  Mounts: [{ Type: 'volume', Source: 'book_data', Target: '/data' }],
  Secrets: [{ SecretName: 'book_key_v1', File: { Name: 'key' } }],
};
const spec: Spec = {
  Name: 'book_app',
  Labels: { a: 'b' },
  TaskTemplate: { ContainerSpec: container, Networks: [{ Target: 'n1' }] },
  Mode: { Replicated: { Replicas: 1 } },
  EndpointSpec: { Mode: 'dnsrr', Ports: [{ TargetPort: 80, PublishedPort: 8080 }] },
};

function withContainer(over: Partial<typeof container> & { readonly User?: string }): Spec {
  return {
    ...spec,
    TaskTemplate: { ...spec.TaskTemplate, ContainerSpec: { ...container, ...over } },
  };
}

describe('the digest of what a service was written with', () => {
  test.each<{ readonly name: string; readonly other: Spec }>([
    { name: 'the order of its variables', other: withContainer({ Env: ['B=2', 'A=1'] }) },
    { name: 'its image, which is compared by itself', other: withContainer({ Image: 'other' }) },
    {
      name: 'the ids of its networks',
      other: { ...spec, TaskTemplate: { ...spec.TaskTemplate, Networks: [{ Target: 'n2' }] } },
    },
    {
      name: 'defaults that an Engine spells out',
      other: {
        ...spec,
        TaskTemplate: {
          ...spec.TaskTemplate,
          RestartPolicy: { Condition: 'any', MaxAttempts: 0 },
          Resources: { Limits: null },
        },
        EndpointSpec: {
          Mode: 'dnsrr',
          Ports: [{ Protocol: 'tcp', TargetPort: 80, PublishedPort: 8080, PublishMode: 'ingress' }],
        },
      },
    },
    { name: 'its labels and its replicas', other: { ...spec, Labels: {}, Mode: {} } },
  ])('does not change with $name', ({ other }) => {
    expect(writtenDigest(other)).toBe(writtenDigest(spec));
  });

  test.each<{ readonly name: string; readonly other: Spec }>([
    { name: 'a variable', other: withContainer({ Env: ['A=1', 'B=3'] }) },
    { name: 'a mount', other: withContainer({ Mounts: [] }) },
    { name: 'a secret', other: withContainer({ Secrets: [] }) },
    { name: 'its user', other: withContainer({ User: 'root' }) },
    { name: 'a published port', other: { ...spec, EndpointSpec: { Mode: 'dnsrr', Ports: [] } } },
    {
      name: 'where it may run',
      other: {
        ...spec,
        TaskTemplate: { ...spec.TaskTemplate, Placement: { Constraints: ['node.id==x'] } },
      },
    },
    {
      name: 'what it may use',
      other: {
        ...spec,
        TaskTemplate: { ...spec.TaskTemplate, Resources: { Limits: { MemoryBytes: 1024 } } },
      },
    },
  ])('changes with $name', ({ other }) => {
    expect(writtenDigest(other)).not.toBe(writtenDigest(spec));
  });
});
