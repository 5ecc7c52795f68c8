/**
 * What `--desired` may be: a directory, or a repository as `git+<url>#<branch>:<folder>`. Reads text alone; looks at
 * nothing.
 */
import { assertNever } from './assert-never.ts';

export interface GitLocation {
  readonly kind: 'git';
  /** What git is given: a URL without a password, or an absolute path. */
  readonly address: string;
  /** The repository's path where it is on this machine. */
  readonly localPath: string | undefined;
  /** Undefined: the repository's default branch. */
  readonly branch: string | undefined;
  /** Folder of the tree within the repository, with `/`; empty text for its root. */
  readonly folder: string;
  /** The repository for people, without credentials. */
  readonly shown: string;
  /** Absolute path or URL, without a password, that relative recipe URLs start from. */
  readonly base: string;
}

export type DesiredLocation =
  | { readonly kind: 'directory'; readonly path: string }
  | GitLocation
  /** `why` without credentials. */
  | { readonly kind: 'invalid'; readonly why: string };

const PREFIX = 'git+';
const SCHEMES = new Set(['https:', 'http:', 'ssh:', 'git:', 'file:']);
const FORM =
  'write git+https://git.example.org/ops.git#main:desired, git+ssh://… or git+/absolute/path';
const HOLDS_CREDENTIALS =
  'had a user or password in it, which everybody on this host can read in the list of processes';
/** As git-check-ref-format has it. */
const BRANCH =
  /^(?![-/.])(?!.*(?:\.\.|@\{|\/\/|\/\.|\.lock(?:\/|$)))[^\s~^:?*[\\\p{Cc}]+(?<![/.])$/u;

/** Whether a person means a repository. Everything else is a directory, as it always was. */
export function isGitLocation(text: string): boolean {
  return text.startsWith(PREFIX);
}

/** Never throws. */
export function parseDesiredLocation(text: string): DesiredLocation {
  if (!isGitLocation(text)) return { kind: 'directory', path: text };
  const [address = '', ...fragments] = text.slice(PREFIX.length).split('#');
  const wanted = parseFragment(fragments.join('#'));
  if (typeof wanted === 'string') {
    return { kind: 'invalid', why: `\`${masked(text)}\` ${wanted}; ${FORM}` };
  }
  const repository = parseAddress(address);
  if (typeof repository === 'string') {
    return { kind: 'invalid', why: `\`${masked(text)}\` ${repository}; ${FORM}` };
  }
  const { base, ...rest } = repository;
  const below = wanted.folder === '' ? base : `${base}/${wanted.folder}`;
  return { kind: 'git', ...rest, ...wanted, base: below };
}

/** How the place is called in logs and messages: as typed, without credentials. */
export function shownLocation(text: string): string {
  const location = parseDesiredLocation(text);
  switch (location.kind) {
    case 'directory':
      return text;
    case 'git': {
      const folder = location.folder === '' ? '' : `:${location.folder}`;
      const fragment = `${location.branch ?? ''}${folder}`;
      return `${PREFIX}${location.shown}${fragment === '' ? '' : `#${fragment}`}`;
    }
    case 'invalid':
      return masked(text);
    default:
      return assertNever(location, 'location');
  }
}

/** Of what is no URL nobody knows where a password ends: too much is taken out rather than too little. */
function masked(text: string): string {
  return text.replace(/(:\/\/).*@/, '$1');
}

/** A sentence where it cannot be used. */
function parseFragment(fragment: string): Pick<GitLocation, 'branch' | 'folder'> | string {
  const [branch = '', ...folders] = fragment.split(':');
  const folder = folders.join(':').replace(/\/+$/, '');
  if (branch !== '' && !BRANCH.test(branch)) return 'names no branch that git knows the form of';
  const isPlain =
    folder === '' ||
    (!/\p{Cc}/u.test(folder) &&
      folder.split('/').every((part) => !['', '.', '..', '.git'].includes(part)));
  if (!isPlain) return 'names no folder within a repository';
  return { branch: branch === '' ? undefined : branch, folder };
}

type Repository = Pick<GitLocation, 'address' | 'localPath' | 'shown' | 'base'>;

function parseAddress(address: string): Repository | string {
  if (address.startsWith('/')) return localRepository(address);
  const url = /\s/.test(address) ? null : URL.parse(address);
  if (url === null || !SCHEMES.has(url.protocol))
    return 'is no repository that git can be asked for';
  if (url.protocol === 'file:') return fileRepository(url);
  if (url.hostname === '' || url.hostname.startsWith('-') || url.username.startsWith('-')) {
    return 'names no host';
  }
  // Of https, a user is as often as not a token.
  if (url.password !== '' || (url.username !== '' && url.protocol !== 'ssh:')) {
    return `${HOLDS_CREDENTIALS}; leave it out and give it to git's credential helper (\`git credential approve\`, or GIT_ASKPASS)`;
  }
  const user = url.username === '' ? '' : `${url.username}@`;
  const shown = `${url.protocol}//${user}${url.host}${url.pathname}`;
  return { address, localPath: undefined, shown, base: shown.replace(/\/+$/, '') };
}

function fileRepository({ hostname, pathname }: URL): Repository | string {
  if (hostname !== '') return 'names a host, which a file URL must not';
  try {
    return localRepository(decodeURIComponent(pathname));
  } catch {
    return 'is no path';
  }
}

function localRepository(path: string): Repository {
  const plain = path.replace(/(?<=.)\/+$/, '');
  return { address: plain, localPath: plain, shown: plain, base: plain };
}
