import { describe, expect, test } from 'vitest';
import { isImageId, parseImageReference } from '../../controller/model/image-reference.ts';

const digest = `sha256:${'a'.repeat(64)}`;

describe('parseImageReference', () => {
  test.each([
    { reference: 'nginx', name: 'nginx', tag: 'latest', registry: 'docker.io' },
    { reference: 'nginx:1.29', name: 'nginx', tag: '1.29', registry: 'docker.io' },
    { reference: 'docker.io/library/nginx:1', name: 'nginx', tag: '1', registry: 'docker.io' },
    { reference: 'index.docker.io/org/web:1', name: 'org/web', tag: '1', registry: 'docker.io' },
    { reference: 'org/web', name: 'org/web', tag: 'latest', registry: 'docker.io' },
    {
      reference: '127.0.0.1:5055/web',
      name: '127.0.0.1:5055/web',
      tag: 'latest',
      registry: '127.0.0.1:5055',
    },
    {
      reference: 'quay.example.org/a/b/c:2.0',
      name: 'quay.example.org/a/b/c',
      tag: '2.0',
      registry: 'quay.example.org',
    },
    { reference: 'localhost/web:1', name: 'localhost/web', tag: '1', registry: 'localhost' },
    { reference: `nginx@${digest}`, name: 'nginx', digest, registry: 'docker.io' },
    {
      reference: `127.0.0.1:5055/web:1.0@${digest}`,
      name: '127.0.0.1:5055/web',
      digest,
      registry: '127.0.0.1:5055',
    },
  ])('$reference', ({ reference, name, tag, registry, digest: pinned }) => {
    expect(parseImageReference(reference)).toEqual({ name, tag, registry, digest: pinned });
  });
});

describe('isImageId', () => {
  test.each([
    { reference: digest, expected: true },
    { reference: `nginx@${digest}`, expected: false },
    { reference: 'sha256:latest', expected: false },
  ])('$reference: $expected', ({ reference, expected }) => {
    expect(isImageId(reference)).toBe(expected);
  });
});
