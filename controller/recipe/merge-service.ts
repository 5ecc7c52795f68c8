/**
 * What two compose files say of one service, put together by the rules of today's `docker stack deploy`.
 *
 * Debian's Docker has others: it appends one command to the other, and mounts two volumes in one place, which Swarm then
 * refuses. So Docker is not asked to put anything together, and every command line makes the same of a recipe.
 */
import { isList, isTreeMap, leafText, type Tree, type TreeMap } from './yaml-tree.ts';

type Merge = (base: Tree, over: Tree) => Tree;

/** By the key's path in the service. What is not here: maps key by key, lists appended, other values replaced. */
const RULES: ReadonlyMap<string, Merge> = new Map<string, Merge>([
  ['command', replaced],
  ['entrypoint', replaced],
  ['environment', mergeVariables],
  ['labels', mergePairs],
  ['deploy.labels', mergePairs],
  ['sysctls', mergePairs],
  ['extra_hosts', (base, over) => joined(hosts(base), hosts(over))],
  ['dns', appended],
  ['dns_search', appended],
  ['tmpfs', appended],
  ['healthcheck.test', (base, over) => [...test(base), ...test(over)]],
  ['logging', mergeLogging],
  ['networks', (base, over) => mergeMaps(names(base), names(over), 'networks')],
  ['ulimits', (base, over) => (isTreeMap(base) && isTreeMap(over) ? laidOver(base, over) : over)],
  ['volumes', (base, over) => keyed(base, over, mountTarget)],
  ['secrets', (base, over) => keyed(base, over, sourceOf)],
  ['configs', (base, over) => keyed(base, over, sourceOf)],
  ['ports', (base, over) => keyed(base, over, publishedPorts)],
]);
/** Under `networks`, a later file's aliases are instead of the earlier's. */
const NETWORK_ALIASES = /^networks\.[^.]+\.aliases$/;

/** Neither is changed. Never throws: what has an unexpected shape is left to Docker, which refuses it. */
export function mergeService(base: TreeMap, over: TreeMap): TreeMap {
  return mergeMaps(base, over, '');
}

function mergeMaps(base: TreeMap, over: TreeMap, path: string): TreeMap {
  const result = new Map(base);
  for (const [key, member] of over) {
    const at = path === '' ? key : `${path}.${key}`;
    const before = result.get(key);
    result.set(key, before === undefined || before === null ? member : merge(before, member, at));
  }
  return result;
}

function merge(base: Tree, over: Tree, path: string): Tree {
  if (isNothing(over) && path !== 'environment') return base;
  const rule = RULES.get(path);
  if (rule !== undefined) return rule(base, over);
  if (isTreeMap(base) && isTreeMap(over)) return mergeMaps(base, over, path);
  if (isList(base) && isList(over) && !NETWORK_ALIASES.test(path)) {
    // All lists right in a service are sets to Docker; those further in are none.
    return path.includes('.') ? [...base, ...over] : joined(base, over);
  }
  return over;
}

/** Docker cannot tell it from a key that is not there. */
function isNothing(tree: Tree): boolean {
  if (isList(tree)) return tree.length === 0;
  return !isTreeMap(tree) && ['', 'null', '~', 'false'].includes(leafText(tree) ?? '');
}

function replaced(_: Tree, over: Tree): Tree {
  return over;
}

function appended(base: Tree, over: Tree): Tree {
  return joined(asList(base), asList(over));
}

/** What both say is there once: two files may say it, and of one file Docker refuses what it says twice. */
function joined(base: readonly Tree[], over: readonly Tree[]): readonly Tree[] {
  const there = new Set(base.map(identity));
  return [...base, ...over.filter((member) => !there.has(identity(member)))];
}

function identity(member: Tree): string {
  return JSON.stringify(member, (_, inner: unknown) =>
    inner instanceof Map ? [...(inner as TreeMap)].sort() : inner,
  );
}

/** An empty value is none: it takes nothing away. */
function mergeVariables(base: Tree, over: Tree): Tree {
  const result = new Map(pairsOf(base, null));
  for (const [name, value] of pairsOf(over, null)) {
    if (!isNothing(value) || leafText(value) === 'false' || isNothing(result.get(name) ?? null)) {
      const isUnsaid = value === null && result.has(name);
      if (!isUnsaid) result.set(name, value);
    }
  }
  return result;
}

function mergePairs(base: Tree, over: Tree): Tree {
  return laidOver(pairsOf(base, ''), pairsOf(over, ''));
}

/** `unsaid`: what a name without a value means. */
function pairsOf(tree: Tree, unsaid: Tree): TreeMap {
  if (isTreeMap(tree)) return new Map([...tree].map(([name, value]) => [name, value ?? unsaid]));
  return new Map(
    asList(tree).map((one): [string, Tree] => {
      const text = leafText(one) ?? '';
      const equals = text.indexOf('=');
      return equals < 0 ? [text, unsaid] : [text.slice(0, equals), text.slice(equals + 1)];
    }),
  );
}

function hosts(tree: Tree): readonly Tree[] {
  if (!isTreeMap(tree)) return asList(tree);
  return [...tree].map(([name, address]) => `${name}:${leafText(address) ?? ''}`);
}

function test(tree: Tree): readonly Tree[] {
  return isList(tree) ? tree : ['CMD-SHELL', tree];
}

/** Options add up as long as they are the same driver's. */
function mergeLogging(base: Tree, over: Tree): Tree {
  if (!isTreeMap(base) || !isTreeMap(over)) return over;
  const [before, after] = [base, over].map((one) => leafText(one.get('driver')));
  const isSame = before === undefined || after === undefined || before === after;
  return isSame ? mergeMaps(base, over, 'logging.') : over;
}

function names(tree: Tree): TreeMap {
  if (isTreeMap(tree)) return tree;
  return new Map(asList(tree).map((name) => [leafText(name) ?? '', null]));
}

function laidOver(base: TreeMap, over: TreeMap): TreeMap {
  return new Map([...base, ...over]);
}

function asList(tree: Tree): readonly Tree[] {
  return isList(tree) ? tree : [tree];
}

/** Members of the later list stand instead of those of the earlier with the same key; the others stay. */
function keyed(base: Tree, over: Tree, keysOf: (member: Tree) => readonly string[]): Tree {
  const taken = new Set(asList(over).flatMap(keysOf));
  const kept = asList(base).filter((member) => !keysOf(member).some((key) => taken.has(key)));
  return joined(kept, asList(over));
}

function mountTarget(mount: Tree): readonly string[] {
  if (isTreeMap(mount)) return [leafText(mount.get('target')) ?? ''];
  const [first = '', second] = (leafText(mount) ?? '').split(':');
  return [second ?? first];
}

function sourceOf(use: Tree): readonly string[] {
  return [(isTreeMap(use) ? leafText(use.get('source')) : leafText(use)) ?? ''];
}

/** None where Docker chooses the port. Each of a range counts. */
function publishedPorts(port: Tree): readonly string[] {
  if (isTreeMap(port)) {
    const published = leafText(port.get('published'));
    return published === undefined ? [] : [published];
  }
  const parts = (leafText(port) ?? '').split('/')[0]?.split(':') ?? [];
  const published = parts.length > 1 ? parts.at(-2) : undefined;
  const [first = '', last = first] = (published ?? '').split('-');
  if (!/^\d{1,5}$/.test(first) || !/^\d{1,5}$/.test(last)) return [];
  const count = Math.min(Math.max(Number(last) - Number(first), 0), 65_535);
  return Array.from({ length: count + 1 }, (_, index) => String(Number(first) + index));
}
