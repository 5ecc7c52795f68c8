import { describe, expect, test } from 'vitest';
import { findAuth } from '../../../controller/adapters/docker/registry-auth.ts';

const encoded = (pair: string): string => Buffer.from(pair).toString('base64');

describe('findAuth', () => {
  test.each([
    {
      name: "a registry's own entry",
      auths: { 'images.example.org': { auth: encoded('me:se:cret') } },
      registry: 'images.example.org',
      expected: { username: 'me', password: 'se:cret', serveraddress: 'images.example.org' },
    },
    {
      name: "Docker's hub under its old address",
      auths: { 'https://index.docker.io/v1/': { auth: encoded('me:secret') } },
      registry: 'docker.io',
      expected: {
        username: 'me',
        password: 'secret',
        serveraddress: 'https://index.docker.io/v1/',
      },
    },
    {
      name: 'an entry that is a whole URL',
      auths: { 'https://images.example.org/v2/': { auth: encoded('me:secret') } },
      registry: 'images.example.org',
      expected: {
        username: 'me',
        password: 'secret',
        serveraddress: 'https://images.example.org/v2/',
      },
    },
    {
      name: 'a token instead of a password',
      auths: { 'images.example.org': { auth: encoded('me:'), identitytoken: 'tok' } },
      registry: 'images.example.org',
      expected: { username: 'me', identitytoken: 'tok', serveraddress: 'images.example.org' },
    },
    {
      name: 'another port is another registry',
      auths: { 'images.example.org:5000': { auth: encoded('me:secret') } },
      registry: 'images.example.org',
      expected: undefined,
    },
    {
      name: 'an entry whose credentials a helper keeps has none',
      auths: { 'images.example.org': {} },
      registry: 'images.example.org',
      expected: undefined,
    },
    { name: 'nobody logged in', auths: undefined, registry: 'docker.io', expected: undefined },
  ])('$name', ({ auths, registry, expected }) => {
    expect(findAuth(JSON.stringify({ auths }), registry)).toEqual(expected);
  });
});
