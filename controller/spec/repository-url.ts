/** Where a recipe's repository is: the recipe's name put in, a relative path made absolute. */

/**
 * The URL as it is, or an absolute path. `{recipe}` stands for the name; a relative path starts from
 * the absolute `baseDirectory`. Looks at no disk.
 */
export function repositoryUrl(pattern: string, recipe: string, baseDirectory: string): string {
  const url = pattern.replaceAll('{recipe}', recipe);
  if (/^(?:https|file):\/\//.test(url)) return url;
  return normalized(url.startsWith('/') ? url : `${baseDirectory}/${url}`);
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
