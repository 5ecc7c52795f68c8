import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { findManualWork } from '../../controller/gates/manual-migration.ts';
import {
  listRecipes,
  readRecipeAt,
  readRecipeTags,
} from '../../controller/setup/recipe-sources.ts';
import { registryAddress } from '../../controller/setup/registry.ts';
import { loadDesired } from '../../controller/spec/load.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

interface TagRow {
  readonly tag: string;
  readonly what: string;
}

describe('the sample recipes', async () => {
  const recipes = await listRecipes();

  test('there are two', () => {
    expect([...recipes].sort()).toEqual(['frontdoor', 'guestbook']);
  });

  test.each(recipes)('each release of %s runs an image that is built', async (recipe) => {
    for (const tag of await readRecipeTags(recipe)) {
      const compose = (await readRecipeAt(recipe, tag, [tag])).get('compose.yml') ?? '';
      const image = new RegExp(`image: ${registryAddress}/([a-z]+):(\\S+)`).exec(compose);
      const release = `${root}examples/images/${image?.[1] ?? ''}/releases/${image?.[2] ?? ''}.ts`;

      expect({ tag, built: existsSync(release) }).toEqual({ tag, built: true });
    }
  });

  test.each(recipes)('examples/README.md says of each release of %s what it is', async (recipe) => {
    const readme = await readFile(`${root}examples/README.md`, 'utf8');
    const text = await readFile(`${root}examples/recipes/${recipe}/tags.json`, 'utf8');

    const section = readme.split('\n## ').find((text) => text.startsWith(`\`${recipe}\``)) ?? '';
    const rows = section.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));

    for (const { tag, what } of JSON.parse(text) as readonly TagRow[]) {
      expect(rows.filter((row) => row[1] === `\`${tag}\`` && row.includes(what))).toHaveLength(1);
    }
  });

  test('the notes of guestbook 1.2.0 alone ask for work by hand', async () => {
    const tags = await readRecipeTags('guestbook');
    const files = await readRecipeAt('guestbook', tags.at(-1) ?? '', tags);

    const asking = tags.filter((tag) => findManualWork(files.get(`release/${tag}`) ?? ''));

    expect(asking).toEqual(['1.2.0+1.2.0']);
  });

  test('guestbook 1.0.1 has no release notes, as a real release may', async () => {
    const tags = await readRecipeTags('guestbook');

    const files = await readRecipeAt('guestbook', '1.0.1+1.0.1', tags);

    expect([...files.keys()].filter((path) => path.startsWith('release/'))).toEqual([
      'release/1.0.0+1.0.0',
    ]);
  });
});

describe('the sample tree', () => {
  test('is valid, and its repositories are those that the ground makes', async () => {
    const folder = `${root}desired/`;
    const entries = await readdir(folder, { recursive: true });
    const paths = entries.filter((path) => path.endsWith('.yaml'));
    const files = await Promise.all(
      paths.map(async (path) => ({
        path,
        text: await readFile(folder + path, 'utf8'),
        problem: undefined,
      })),
    );

    const loaded = loadDesired(files, { revision: 'x', baseDirectory: folder, tree: 'desired' });

    expect(loaded.problems).toEqual([]);
    const urls = [...(loaded.desired?.recipes.values() ?? [])].map(({ url }) => url);
    expect(urls.sort()).toEqual([
      `${root}.ground/recipes/frontdoor.git`,
      `${root}.ground/recipes/guestbook.git`,
    ]);
  });

  test('each file begins with the schema that editors check it against, which is there', async () => {
    const entries = await readdir(`${root}desired`, { recursive: true });
    for (const path of entries.filter((name) => name.endsWith('.yaml'))) {
      const [first = ''] = (await readFile(`${root}desired/${path}`, 'utf8')).split('\n');
      const schema = /^# yaml-language-server: \$schema=(\S+)$/.exec(first)?.[1] ?? 'none';

      expect({ path, there: existsSync(new URL(schema, `file://${root}desired/${path}`)) }).toEqual(
        { path, there: true },
      );
    }
  });
});
