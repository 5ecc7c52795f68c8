import { expect, test } from 'vitest';
import { parseDomain } from '../../controller/model/names.ts';
import { leaseScopeOf } from '../../controller/reconcile/lease-scope.ts';

test.each([
  {
    name: 'an app without a domain of its own',
    domain: 'warm-blog.ci.example.org',
    scope: 'ci.example.org',
  },
  { name: 'another app beside it', domain: 'shop.ci.example.org', scope: 'ci.example.org' },
  { name: 'a name without dots', domain: 'localhost', scope: 'localhost' },
])('$name falls under the lease of $scope', ({ domain, scope }) => {
  const parsed = parseDomain(domain);

  expect(parsed === undefined ? undefined : leaseScopeOf(parsed)).toBe(scope);
});
