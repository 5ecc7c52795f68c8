/** Paths that compose files name, as paths inside the recipe. */

/** The folder that Docker takes relative paths from: that of the first compose file. Empty: the recipe's own. */
export function workingFolder(composePaths: readonly string[]): string {
  return (composePaths[0] ?? '').split('/').slice(0, -1).join('/');
}

/** The path inside the recipe, or undefined when it leads out of it: files of the host's are none of a recipe's. */
export function pathInRecipe(folder: string, path: string): string | undefined {
  if (/^[/~\\]/.test(path)) return undefined;
  const parts: string[] = [];
  for (const part of `${folder}/${path}`.split('/')) {
    if (part === '..' && parts.pop() === undefined) return undefined;
    if (part !== '' && part !== '.' && part !== '..') parts.push(part);
  }
  return parts.join('/');
}
