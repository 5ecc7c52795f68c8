/**
 * A recipe's stack made fit to run a second time beside itself, for a drill: without published ports, labels for a
 * proxy, and networks, volumes or configs that are the app's or others'. What it cannot be made fit for is refused.
 *
 * The variables are filled in as for the app itself, so the app finds its own domain and its own secrets, which cannot
 * be read back and are used by name. Services reach one another by the names that the app's stack gives them, on
 * networks of the drill alone: nothing of it can speak to the app by mistake, or be spoken to in its place.
 */
import { parse, stringify } from 'yaml';

import { label } from '../model/swarm.ts';
import type { LoadedProject } from './load-project.ts';
import { renderOverride, type OverrideInput } from './override.ts';
import type { Project } from './project.ts';
import type { StackReading } from './read-recipe.ts';
import { renderStackFile, type StackFile } from './stack-file.ts';
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
  const usual = renderStackFile({ loaded, files, override: renderOverride(input) });
  const { networks: _, ...whole } = members(parse(usual.text, { maxAliasCount: ALIAS_COUNT_MAX }));
  const ours = { [label.app]: app.name, [label.spec]: release.specHash };
  const text = stringify(
    {
      ...whole,
      ...mapSection(whole, 'services', (service, name) => {
        const { ports: _ports, links: _links, ...kept } = service;
        return {
          ...kept,
          labels: ours,
          deploy: { ...members(kept['deploy']), labels: ours },
          networks: networksOf(name, app.stack, loaded),
        };
      }),
      // Docker names them after the stack: they are the drill's own.
      ...mapSection(whole, 'volumes', (volume) => ('external' in volume ? volume : {})),
      ...mapSection(whole, 'configs', (config) => {
        if ('external' in config) return config;
        const { name: _name, ...kept } = config;
        return { ...kept, labels: { [label.app]: app.name } };
      }),
      networks: ownNetworks(loaded.project),
    },
    yamlStyle,
  );
  return { path: usual.path, text };
}

const ALIAS_COUNT_MAX = 1000;
const yamlStyle = {
  defaultStringType: 'QUOTE_DOUBLE',
  defaultKeyType: 'QUOTE_DOUBLE',
  lineWidth: 0,
  aliasDuplicateObjects: false,
} as const;

type Members = Readonly<Record<string, unknown>>;

function mapSection(
  file: Members,
  section: string,
  map: (member: Members, name: string) => Members,
): Readonly<Record<string, Members>> {
  if (!(section in file)) return {};
  const entries = Object.entries(members(file[section]));
  return {
    [section]: Object.fromEntries(entries.map(([name, one]) => [name, map(members(one), name)])),
  };
}

/** Under the names that the app's own stack gives it, and those that the recipe adds. */
function networksOf(
  name: string,
  stack: string,
  { parsed, project }: LoadedProject,
): Readonly<Record<string, unknown>> {
  const networks = project.services.get(name)?.networks ?? [];
  const keys = networks.length === 0 ? ['default'] : networks;
  return Object.fromEntries(
    keys.map((key) => {
      const added = parsed.flatMap(({ content }) =>
        listOf(memberOf(content, 'services', name, 'networks', key, 'aliases')).flatMap(
          (alias) => textOf(alias) ?? [],
        ),
      );
      return [key, { aliases: [...new Set([name, `${stack}_${name}`, ...added])] }];
    }),
  );
}

function ownNetworks({ services }: Project): Readonly<Record<string, unknown>> {
  const keys = [...services.values()].flatMap(({ networks }) =>
    networks.length === 0 ? ['default'] : networks,
  );
  return Object.fromEntries([...new Set(keys)].map((key) => [key, { driver: 'overlay' }]));
}

function members(value: unknown): Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Members)
    : {};
}
