/**
 * A recipe's stack made fit to run a second time beside itself, for a drill: without published ports, labels for a
 * proxy, and networks, volumes or configs that are the app's or others'. What it cannot be made fit for is refused.
 *
 * The variables are filled in as for the app itself, so the app finds its own domain and its own secrets, which cannot
 * be read back and are used by name. Services reach one another by the names that the app's stack gives them, on
 * networks of the drill alone: nothing of it can speak to the app by mistake, or be spoken to in its place.
 */
import { label } from '../model/swarm.ts';
import type { LoadedProject } from './load-project.ts';
import { renderOverride, type OverrideInput } from './override.ts';
import type { Project } from './project.ts';
import type { StackReading } from './read-recipe.ts';
import { stackFileTree, type StackFile } from './stack-file.ts';
import { isTreeMap, showTree, type TreeMap } from './yaml-tree.ts';
import { listOf, memberOf, membersOf, textOf } from './yaml-value.ts';

/** Why the stack cannot run a second time, as the end of a sentence; undefined: it can. */
export function whyNotApart({ loaded }: StackReading): string | undefined {
  const { project, parsed } = loaded;
  for (const secret of project.secrets.values()) {
    if (!secret.isExternal) return `secret ${secret.key} is made from a file by Docker`;
  }
  for (const service of project.services.values()) {
    const shared = service.mounts.find(
      ({ kind, source }) => kind === 'volume' && project.volumes.get(source)?.isExternal === true,
    );
    if (shared !== undefined) {
      return `service ${service.name} uses the volume ${shared.source} of others`;
    }
  }
  for (const { content } of parsed) {
    for (const [name, service] of membersOf(memberOf(content, 'services'))) {
      const host = listOf(memberOf(service, 'volumes')).find(writesOnHost);
      if (host !== undefined) return `service ${name} may write on the host`;
      if (memberOf(service, 'network_mode') !== undefined) {
        return `service ${name} asks for a network of the host`;
      }
    }
  }
  return undefined;
}

/** A bind that is not read-only; and Docker's own socket, which is a way to everything. */
function writesOnHost(mount: unknown): boolean {
  const short = textOf(mount);
  if (short === undefined) {
    if (textOf(memberOf(mount, 'type')) !== 'bind') return false;
    const source = textOf(memberOf(mount, 'source')) ?? '';
    return source.includes('docker.sock') || memberOf(mount, 'read_only') !== true;
  }
  const [source = '', target, options = ''] = short.split(':');
  if (target === undefined || !/^[./~]/.test(source)) return false;
  return source.includes('docker.sock') || !options.split(',').includes('ro');
}

/** The one file that Docker is given for it, made from that of the app. The same input gives the same text. */
export function renderApart(input: OverrideInput): StackFile {
  const { app, release, stack, files } = input;
  const { loaded } = stack;
  const { project } = loaded;
  const { path, tree } = stackFileTree({ loaded, files, override: renderOverride(input) });
  const ours = treeOf({ [label.app]: app.name, [label.spec]: release.specHash });
  const apart: TreeMap = new Map([
    ...tree,
    ...mapSection(tree, 'services', (service, name) => {
      const kept = without(service, 'ports', 'links', 'external_links');
      const deploy = kept.get('deploy');
      return new Map([
        ...kept,
        ['labels', ours],
        ['deploy', new Map([...(isTreeMap(deploy) ? deploy : []), ['labels', ours]])],
        ['networks', networksOf(name, app.stack, loaded)],
      ]);
    }),
    // Docker names them after the stack: they are the drill's own.
    ...mapSection(tree, 'volumes', (volume, key) =>
      project.volumes.get(key)?.isExternal === true ? volume : new Map(),
    ),
    ...mapSection(tree, 'configs', (config, key) =>
      project.configs.get(key)?.isExternal === true
        ? config
        : new Map([...without(config, 'name'), ['labels', treeOf({ [label.app]: app.name })]]),
    ),
    ['networks', ownNetworks(project)],
  ]);
  return { path, text: showTree(apart) };
}

function treeOf(texts: Readonly<Record<string, string>>): TreeMap {
  return new Map(Object.entries(texts));
}

function without(tree: TreeMap, ...keys: readonly string[]): TreeMap {
  return new Map([...tree].filter(([key]) => !keys.includes(key)));
}

/** As an entry of the file; none where it has no such section. */
function mapSection(
  file: TreeMap,
  section: string,
  map: (member: TreeMap, name: string) => TreeMap,
): readonly (readonly [string, TreeMap])[] {
  const before = file.get(section);
  if (!isTreeMap(before)) return [];
  const members = [...before].map(([name, member]): [string, TreeMap] => [
    name,
    map(isTreeMap(member) ? member : new Map(), name),
  ]);
  return [[section, new Map(members)]];
}

/** Under the names that the app's own stack gives it, and those that the recipe adds. */
function networksOf(name: string, stack: string, { parsed, project }: LoadedProject): TreeMap {
  const networks = project.services.get(name)?.networks ?? [];
  const keys = networks.length === 0 ? ['default'] : networks;
  return new Map(
    keys.map((key) => {
      const added = parsed.flatMap(({ content }) =>
        listOf(memberOf(content, 'services', name, 'networks', key, 'aliases')).flatMap(
          (alias) => textOf(alias) ?? [],
        ),
      );
      return [key, new Map([['aliases', [...new Set([name, `${stack}_${name}`, ...added])]]])];
    }),
  );
}

function ownNetworks({ services }: Project): TreeMap {
  const keys = [...services.values()].flatMap(({ networks }) =>
    networks.length === 0 ? ['default'] : networks,
  );
  return new Map([...new Set(keys)].map((key) => [key, treeOf({ driver: 'overlay' })]));
}
