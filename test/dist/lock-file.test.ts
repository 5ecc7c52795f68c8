/** What `npm ci` asks of the lock file on somebody else's machine. */
import { readFile } from 'node:fs/promises';

import { expect, test } from 'vitest';

interface Locked {
  readonly resolved?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const lock = JSON.parse(
  await readFile(new URL('../../package-lock.json', import.meta.url), 'utf8'),
) as { readonly packages: Readonly<Record<string, Locked>> };
const packages = Object.entries(lock.packages);

test('every package that another may want is in it, those for other machines too', () => {
  const there = new Set(packages.map(([place]) => place.split('node_modules/').at(-1)));

  const missing = packages.flatMap(([place, { dependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...optionalDependencies })
      .filter((name) => !there.has(name))
      .map((name) => `${place} wants ${name}`),
  );

  expect(missing).toEqual([]);
});

test('it names no place to load from, so that each may use a registry of their own', () => {
  expect(packages.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
});

test('every direct dependency is pinned to one version', () => {
  const root = lock.packages[''];
  const wanted = {
    ...root?.dependencies,
    ...root?.optionalDependencies,
    ...root?.devDependencies,
  };

  expect(Object.values(wanted).filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
});
