/** Where a recipe's repository is: the recipe's name put in, a relative path made absolute. */

/**
 * The URL as it is, or an absolute path. `{recipe}` stands for the name; a relative path starts from
 * `baseDirectory`, an absolute path or, where the tree is in a repository elsewhere, a URL. Looks at no disk.
 */
export function repositoryUrl(pattern: string, recipe: string, baseDirectory: string): string {
  const url = pattern.replaceAll('{recipe}', recipe);
  if (/^(?:https|file):\/\//.test(url)) return url;
  if (url.startsWith('/')) return normalized(url);
  const host = /^[a-z]+:\/\/[^/]+/.exec(baseDirectory)?.[0] ?? '';
  return `${host}${normalized(`${baseDirectory.slice(host.length)}/${url}`)}`;
}

/** An absolute path without `.`, `..` and empty parts; `..` at the root stays there. */
function normalized(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}
