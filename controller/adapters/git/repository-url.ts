/** What a recipe's URL may be, and how it is shown: never with the credentials that may stand in it. */
import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';

import { CiWarmError } from '../../model/failure.ts';

export type RepositorySource =
  /** A repository on this machine: whether it changed is told by `stat`. */
  | { readonly kind: 'local'; readonly path: string }
  | { readonly kind: 'remote'; readonly url: string };

const REMOTE = /^(?:https?|ssh|git):\/\/[^\s-]\S*$/;
/** `user@host:path`, as ssh writes it. */
const SCP_LIKE = /^[A-Za-z0-9_.-]+@[A-Za-z0-9][A-Za-z0-9.-]*:[^\s:]\S*$/;

/** Protocols that git may use, also for what a server redirects to. None of them runs a command of the URL's. */
export const PROTOCOLS = 'file:git:http:https:ssh';

/** Throws `recipe-invalid` for what git must not be given: options, commands, unknown protocols. */
export function repositorySourceOf(recipe: string, url: string): RepositorySource {
  if (isAbsolute(url)) return { kind: 'local', path: url };
  if (url.startsWith('file://')) {
    try {
      return { kind: 'local', path: fileURLToPath(url) };
    } catch (error) {
      throw invalid(recipe, url, error);
    }
  }
  if (REMOTE.test(url) || SCP_LIKE.test(url)) return { kind: 'remote', url };
  throw invalid(recipe, url);
}

/** The text with the user and password of every URL in it left out. */
export function withoutCredentials(text: string): string {
  return text.replace(/(?<=:\/\/)[^\s/@]*(?:@[^\s/@]*)*@/g, '');
}

function invalid(recipe: string, url: string, cause?: unknown): CiWarmError {
  return new CiWarmError(
    'recipe-invalid',
    `recipe ${recipe}: \`${withoutCredentials(url)}\` is no repository that git can be asked for; give an absolute path or a URL with https, ssh, http, git or file`,
    cause,
  );
}
