import { describe, expect, test } from 'vitest';
import {
  isGitLocation,
  parseDesiredLocation,
  shownLocation,
} from '../../controller/model/desired-location.ts';

describe('what --desired may be', () => {
  test.each(['./desired', 'desired#main', '/srv/desired', 'https://git.example.org/ops.git'])(
    'a directory: %s',
    (typed) => {
      expect(isGitLocation(typed)).toBe(false);
      expect(parseDesiredLocation(typed)).toEqual({ kind: 'directory', path: typed });
      expect(shownLocation(typed)).toBe(typed);
    },
  );

  test.each([
    {
      typed: 'git+https://git.example.org/ops.git#main:desired',
      address: 'https://git.example.org/ops.git',
      localPath: undefined,
      branch: 'main',
      folder: 'desired',
    },
    {
      typed: 'git+https://git.example.org:8443/ops.git',
      address: 'https://git.example.org:8443/ops.git',
      localPath: undefined,
      branch: undefined,
      folder: '',
    },
    {
      typed: 'git+ssh://git@git.example.org/ops.git#release/2',
      address: 'ssh://git@git.example.org/ops.git',
      localPath: undefined,
      branch: 'release/2',
      folder: '',
    },
    {
      typed: 'git+file:///srv/my%20ops.git#:clusters/one/',
      address: '/srv/my ops.git',
      localPath: '/srv/my ops.git',
      branch: undefined,
      folder: 'clusters/one',
    },
    {
      typed: 'git+/srv/ops.git/#main',
      address: '/srv/ops.git',
      localPath: '/srv/ops.git',
      branch: 'main',
      folder: '',
    },
  ])('a repository: $typed', ({ typed, ...parts }) => {
    expect(parseDesiredLocation(typed)).toMatchObject({ kind: 'git', ...parts });
  });

  test.each([
    { typed: 'git+', why: 'no repository' },
    { typed: 'git+ops.git', why: 'no repository' },
    { typed: 'git+ext::sh -c id', why: 'no repository' },
    { typed: 'git+--upload-pack=id', why: 'no repository' },
    { typed: 'git+ssh://-oProxyCommand=id/x', why: 'no host' },
    { typed: 'git+https://me:hunter2@git.example.org/ops.git', why: 'git.s credential helper' },
    { typed: 'git+https://hunter2@git.example.org/ops.git', why: 'a user or password' },
    { typed: 'git+ssh://git:hunter2@git.example.org/ops.git', why: 'a user or password' },
    { typed: 'git+file://elsewhere/srv/ops.git', why: 'names a host' },
    { typed: 'git+/srv/ops.git#-x', why: 'no branch' },
    { typed: 'git+/srv/ops.git#a..b', why: 'no branch' },
    { typed: 'git+/srv/ops.git#main:../etc', why: 'no folder' },
    { typed: 'git+/srv/ops.git#main:/etc', why: 'no folder' },
    { typed: 'git+/srv/ops.git#main:a//b', why: 'no folder' },
    { typed: 'git+/srv/ops.git#main:.git', why: 'no folder' },
  ])('neither: $typed', ({ typed, why }) => {
    const location = parseDesiredLocation(typed);

    expect(location).toMatchObject({ kind: 'invalid' });
    expect(location.kind === 'invalid' ? location.why : '').toMatch(
      new RegExp(`${why}.*; write git\\+https://`),
    );
  });
});

describe('how it is shown', () => {
  test.each([
    {
      typed: 'git+https://me:hunter2@git.example.org/ops.git#main:desired',
      shown: 'git+https://git.example.org/ops.git#main:desired',
    },
    {
      typed: 'git+ssh://git:hunter2@git.example.org/ops.git#:desired',
      shown: 'git+ssh://git.example.org/ops.git#:desired',
    },
    {
      typed: 'git+ssh://git@git.example.org/ops.git',
      shown: 'git+ssh://git@git.example.org/ops.git',
    },
    { typed: 'git+/srv/ops.git', shown: 'git+/srv/ops.git' },
    { typed: 'git+https://me:hun/ter2@git.example.org/x', shown: 'git+https://git.example.org/x' },
    { typed: 'git+https://me:hun#ter2@git.example.org/x', shown: 'git+https://git.example.org/x' },
  ])('without credentials: $shown', ({ typed, shown }) => {
    expect(shownLocation(typed)).toBe(shown);
    const location = parseDesiredLocation(typed);
    if (location.kind === 'invalid') expect(location.why).not.toMatch(/hun|ter2|me:/);
  });
});
