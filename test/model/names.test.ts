import { describe, expect, test } from 'vitest';
import {
  parseAppName,
  parseCommitSha,
  parseDomain,
  parseRecipeName,
  parseRunName,
  parseStackName,
  parseSweepName,
  RESERVED_APP_NAMES,
  stackNameOf,
} from '../../controller/model/names.ts';
import { read } from '../docs/markdown.ts';

describe('names of objects', () => {
  const good = ['a', '0', 'keycloak', 'custom-html', 'a--b', 'a'.repeat(40)];
  const bad = ['', '-a', 'a-', 'A', 'a_b', 'a.b', 'a b', 'ä', 'a/b', '..', 'a\n', 'a'.repeat(41)];
  const parsers = [parseAppName, parseRecipeName, parseRunName, parseSweepName];

  test.each(good)('"%s" is one', (text) => {
    expect(parsers.map((parse) => parse(text))).toEqual([text, text, text, text]);
  });

  test.each(bad)('"%s" is none', (text) => {
    expect(parsers.map((parse) => parse(text))).toEqual(parsers.map(() => undefined));
  });
});

describe('domains', () => {
  const good = ['localhost', 'ci.example.org', 'warm-a.ci.example.org', `${'a'.repeat(63)}.org`];
  const bad = ['', '.', 'a..b', 'a.', '.a', '-a.org', 'a-.org', 'A.org', 'a_b.org', 'a.org/'];
  const long = [`${'a'.repeat(64)}.org`, Array.from({ length: 85 }, () => 'aa').join('.')];

  test.each(good)('"%s" is one', (text) => {
    expect(parseDomain(text)).toBe(text);
  });

  test.each([...bad, ...long])('"%s" is none', (text) => {
    expect(parseDomain(text)).toBeUndefined();
  });
});

describe('names of stacks', () => {
  function stackOf(text: string): string | undefined {
    const domain = parseDomain(text);
    return domain === undefined ? undefined : stackNameOf(domain);
  }

  test('dots become underscores and hyphens stay', () => {
    expect(stackOf('warm-custom-html.ci.example.org')).toBe('warm-custom-html_ci_example_org');
  });

  test('45 characters are a name, 46 are none', () => {
    expect(stackOf(`${'a'.repeat(41)}.org`)).toHaveLength(45);
    expect(stackOf(`${'a'.repeat(42)}.org`)).toBeUndefined();
  });

  test('what a domain gives is read back, and nothing else', () => {
    expect(parseStackName('warm-a_ci_example_org')).toBe('warm-a_ci_example_org');
    expect(parseStackName('warm-a.ci.example.org')).toBeUndefined();
    expect(parseStackName('_x')).toBeUndefined();
    expect(parseStackName('a'.repeat(46))).toBeUndefined();
  });
});

describe('commits', () => {
  test('40 or 64 hex digits are one; an abbreviation, a branch and capitals are none', () => {
    const sha1 = '0123456789abcdef0123456789abcdef01234567';
    const sha256 = '0123456789abcdef'.repeat(4);

    expect(parseCommitSha(sha1)).toBe(sha1);
    expect(parseCommitSha(sha256)).toBe(sha256);
    expect(parseCommitSha('87a62a5')).toBeUndefined();
    expect(parseCommitSha('main')).toBeUndefined();
    expect(parseCommitSha(sha1.toUpperCase())).toBeUndefined();
    expect(parseCommitSha(`${sha1}0`)).toBeUndefined();
  });
});

describe('RESERVED_APP_NAMES', () => {
  test('has everything of the state directory’s own that could be taken for the folder of an app', () => {
    const [, listing = ''] = /```\n([^]*?)```/.exec(read('docs/on-disk-formats.md')) ?? [];
    const own = listing.match(/^[a-z][^\s/]*/gm)?.filter((name) => name !== 'guestbook') ?? [];

    const mistakable = own.filter((name) => parseAppName(name) !== undefined);

    expect(mistakable).toContain('lease-holder');
    expect(mistakable.filter((name) => !RESERVED_APP_NAMES.includes(name))).toEqual([]);
  });
});
