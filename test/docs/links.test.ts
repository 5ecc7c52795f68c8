import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { anchorsOf, linksOf, pages, prose, read, root } from './markdown.ts';

/** What is wrong with a link of a page, or undefined. Links to other sites are theirs to keep. */
function problemOf(page: string, link: string): string | undefined {
  if (/^[a-z]+:/.test(link)) return undefined;
  const [file = '', anchor] = link.split('#');
  const target = file === '' ? page : path.posix.join(path.posix.dirname(page), file);
  if (!existsSync(`${root}${target}`)) return `${link}: there is no ${target}`;
  if (anchor === undefined || anchorsOf(read(target)).has(anchor)) return undefined;
  return `${link}: ${target} has no such heading`;
}

/** Paths in backticks that begin with one of our folders and name one thing; NNNN stands for any number. */
function pathsIn(text: string): readonly string[] {
  return [...prose(text).matchAll(/`((?:controller|docs|examples|schema|test)\/[\w./-]+)`/g)]
    .map(([, found = '']) => found)
    .filter((found) => !found.includes('NNNN'));
}

describe.each(pages())('%s', (page) => {
  test('every link leads to a file and a heading that are there', () => {
    const links = linksOf(read(page));

    expect(links.flatMap((link) => problemOf(page, link) ?? [])).toEqual([]);
  });

  test('every path of ours that it names is there', () => {
    const missing = pathsIn(read(page)).filter((name) => !existsSync(`${root}${name}`));

    expect(missing).toEqual([]);
  });

  test('has one title, at its top', () => {
    const titles = prose(read(page)).match(/^# .*$/gm);

    expect(titles).toHaveLength(1);
    expect(read(page).startsWith('# ')).toBe(true);
  });
});

describe('anchorsOf', () => {
  test('makes what forges make of headings', () => {
    const text =
      '# A `b` title: "c", d\n```\n# none\n```\n## S2 The known-good\n## Twice\n## Twice\n';

    expect([...anchorsOf(text)]).toEqual([
      'a-b-title-c-d',
      's2-the-known-good',
      'twice',
      'twice-1',
    ]);
  });
});
