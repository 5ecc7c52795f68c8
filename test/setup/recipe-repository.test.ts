import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { buildRecipeRepository } from '../../controller/setup/recipe-repository.ts';
import { readRecipeTags } from '../../controller/setup/recipe-sources.ts';

let place: string;
let into: string;

beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'ci-warm-recipe-'));
  into = join(place, 'guestbook.git');
});

afterEach(async () => {
  await rm(place, { recursive: true, force: true });
});

async function git(...command: readonly string[]): Promise<string> {
  return (await execa('git', ['--git-dir', into, ...command])).stdout;
}

describe('a sample recipe repository', () => {
  test('has one annotated tag and one commit for each release, on main', async () => {
    const tags = await readRecipeTags('guestbook');

    await buildRecipeRepository('guestbook', { tags, into });

    const kinds = await git('for-each-ref', '--format=%(objecttype) %(refname:short)', 'refs/tags');
    expect(kinds.split('\n').sort()).toEqual(tags.map((tag) => `tag ${tag}`).sort());
    expect(await git('rev-list', '--count', 'main')).toBe(String(tags.length));
    await git('fsck', '--strict');
  });

  test('is the same whoever builds it and when', async () => {
    const tags = ['1.0.0+1.0.0', '1.1.0+1.1.0'];
    await buildRecipeRepository('guestbook', { tags, into });
    const first = await git('show-ref');

    await buildRecipeRepository('guestbook', { tags, into });

    expect(await git('show-ref')).toBe(first);
  });

  test('says its own version in the image and in the label', async () => {
    await buildRecipeRepository('guestbook', { tags: ['1.6.0+2.0.0'], into });

    const compose = await git('show', '1.6.0+2.0.0:compose.yml');

    expect(compose).toContain('guestbook:2.0.0\n');
    expect(compose).toContain('coop-cloud.${STACK_NAME}.version=1.6.0+2.0.0');
    expect(compose).not.toContain('@');
  });

  test('what a release brought is in the later ones, and not in the earlier ones', async () => {
    await buildRecipeRepository('guestbook', { tags: ['1.0.1+1.0.1', '1.5.0+1.5.0'], into });

    expect(await git('show', '1.0.1+1.0.1:abra.sh')).toContain('GUESTBOOK_CONF_VERSION=v1');
    expect(await git('show', '1.5.0+1.5.0:abra.sh')).toContain('GUESTBOOK_CONF_VERSION=v2');
  });

  test('has no release notes of a release that it leaves out', async () => {
    await buildRecipeRepository('guestbook', { tags: ['1.1.0+1.1.0', '1.3.0+1.3.0'], into });

    const notes = await git('ls-tree', '-r', '--name-only', '1.3.0+1.3.0', 'release/');

    expect(notes.split('\n')).toEqual(['release/1.1.0+1.1.0', 'release/1.3.0+1.3.0']);
  });

  test('a tag that the recipe does not have is an error that lists those it has', async () => {
    const building = buildRecipeRepository('frontdoor', { tags: ['9.0.0+9.0.0'], into });

    await expect(building).rejects.toThrow(
      'the sample recipe frontdoor has no tag 9.0.0+9.0.0: it has 1.0.0+1.0.0',
    );
  });
});
