/** The names that a path is made of, each path taken apart once: the worlds ask for the same ones over and over. */
const known = new Map<string, readonly string[]>();
/** Most are of temporary files, and never asked for again. */
const KNOWN_MAX = 4000;

export function namesOf(path: string): readonly string[] {
  const found = known.get(path);
  if (found !== undefined) return found;
  const names = path.split('/').filter((name) => name !== '');
  if (known.size >= KNOWN_MAX) known.clear();
  known.set(path, names);
  return names;
}
