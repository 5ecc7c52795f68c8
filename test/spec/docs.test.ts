import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { loadDesired } from '../../controller/spec/load.ts';
import { PROBLEM_CODES } from '../../controller/spec/problem.ts';
import { dereferenced, KINDS, schemaOf, type SchemaPart } from '../../controller/spec/schemas.ts';

const FOLDER = new URL('../../docs/spec/', import.meta.url);
const pages = new Map(
  await Promise.all(
    (await readdir(FOLDER)).map(
      async (name) => [name, await readFile(new URL(name, FOLDER), 'utf8')] as const,
    ),
  ),
);

const kinds = KINDS.map((kind) => ({
  kind,
  page: `${kind.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase()}.md`,
}));

interface Field {
  readonly path: string;
  /** What holds when it is not given. */
  readonly fallback: string;
}

/** The fields of the table of a page. */
function documented(page: string): readonly Field[] {
  const rows = (pages.get(page) ?? '').matchAll(/^\| `(spec[^`]*)` *\|[^|]*\| ([^|]*) \|/gm);
  return [...rows].map(([, path = '', cell = '']) => ({
    path,
    fallback: cell.trim().replace(/^`(.*)`$/, '$1'),
  }));
}

type Part = SchemaPart & {
  readonly required?: readonly string[];
  readonly default?: unknown;
  readonly items?: SchemaPart;
};

/** The fields of a schema that hold values, and what holds when they are not given. */
function defined(part: SchemaPart, path: string, isRequired: boolean): readonly Field[] {
  const own: Part = dereferenced(part);
  if (own.properties !== undefined) {
    return Object.entries(own.properties).flatMap(([name, below]) =>
      defined(
        typeof below === 'boolean' ? {} : below,
        `${path}.${name}`,
        own.required?.includes(name) ?? false,
      ),
    );
  }
  const items = own.items === undefined ? undefined : dereferenced(own.items);
  if (items?.properties !== undefined) return defined(items, `${path}[]`, false);
  const { default: value } = own;
  const stated = typeof value === 'string' ? value : JSON.stringify(value);
  const implied = value === undefined ? 'none' : stated;
  return [{ path, fallback: isRequired ? 'required' : implied }];
}

/** Defaults that the schema cannot state, because they come from other objects. */
const FROM_ELSEWHERE = ['Settings', 'warm-<name>.<baseDomain>'];

describe('the pages of the objects', () => {
  test('there is one for each kind, one for the problems, and a first one', () => {
    const expected = [...kinds.map(({ page }) => page), 'README.md', 'problems.md'];

    expect([...pages.keys()].sort()).toEqual(expected.sort());
  });

  test.each(kinds)('$page begins with an example of its kind', ({ kind, page }) => {
    const start = `\`\`\`yaml\napiVersion: ci-warm.dev/v1\nkind: ${kind}\n`;

    expect(pages.get(page)?.startsWith(`# ${kind}\n\n${start}`)).toBe(true);
  });

  test('the examples together are a tree without problems', () => {
    const files = kinds.map(({ page }) => ({
      path: page,
      text: /```yaml\n([^]*?)```/.exec(pages.get(page) ?? '')?.[1] ?? '',
      problem: undefined,
    }));
    const recipe = 'apiVersion: ci-warm.dev/v1\nkind: Recipe\nmetadata: { name: custom-html }\n';
    files.push({ path: 'more', text: `${recipe}spec: {}\n`, problem: undefined });

    const loaded = loadDesired(files, { revision: 'r', baseDirectory: '/srv', tree: '' });

    expect(loaded.problems).toEqual([]);
    expect(loaded.desired?.sweeps.size).toBe(1);
  });

  test.each(kinds)('$page lists every field of $kind with its default', ({ kind, page }) => {
    const spec = schemaOf(kind).properties?.['spec'];
    const fields = defined(typeof spec === 'object' ? spec : {}, 'spec', true);

    const shown = documented(page).map(({ path, fallback }) => ({
      path,
      fallback: FROM_ELSEWHERE.includes(fallback) ? 'none' : fallback,
    }));

    expect(shown).toEqual(fields);
  });

  test('every problem code is explained, in order', () => {
    const codes = (pages.get('problems.md') ?? '').matchAll(/^\| `([a-z-]+)` *\|/gm);

    expect([...codes].map(([, code]) => code)).toEqual(PROBLEM_CODES);
  });
});
