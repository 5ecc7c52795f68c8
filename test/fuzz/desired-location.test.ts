import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { parseDesiredLocation, shownLocation } from '../../controller/model/desired-location.ts';
import { fuzz } from './fuzz.ts';

const scheme = fc.constantFrom('https', 'http', 'ssh', 'git', 'file', 'ext', '');
const password = fc
  .string({ unit: 'grapheme-ascii', maxLength: 12 })
  .map((tail) => `canary${tail}`);
const rest = fc
  .string({ unit: 'grapheme-ascii', maxLength: 20 })
  .filter((text) => !text.includes('canary'));

const typed = fc
  .tuple(scheme, password, rest, rest)
  .map(
    ([name, secret, path, fragment]) =>
      `git+${name}://me:${secret}@git.example.org/${path}#${fragment}`,
  );

describe('whatever is typed as a repository', () => {
  fuzz('nothing of a password is shown', typed, (text) => {
    const location = parseDesiredLocation(text);

    expect(shownLocation(text)).not.toContain('canary');
    const told = location.kind === 'git' ? [location.shown, location.base] : location;
    expect(JSON.stringify(told)).not.toContain('canary');
  });

  fuzz(
    'it is a repository, or a sentence says why not',
    fc.string().map((text) => `git+${text}`),
    (text) => {
      const location = parseDesiredLocation(text);

      expect(['git', 'invalid']).toContain(location.kind);
      if (location.kind === 'git') expect(location.folder.split('/')).not.toContain('..');
    },
  );
});
