/**
 * Is what runs under an app's name what its recipe would make of it? Asked of services that somebody else deployed, before
 * they are adopted. Every difference is a reason with its evidence, all at once (G2, G3); none: a deploy of that release
 * would change nothing that a program could notice.
 *
 * Values of variables are compared by digest and never said: they may be secrets.
 */
import type { HoldReason } from '../model/alert.ts';
import { digestOf } from '../model/digest.ts';
import { parseImageReference } from '../model/image-reference.ts';
import type { RecipeStructure, WantedMount, WantedService } from '../model/structure.ts';
import type { FoundMount, FoundService, ServiceView, SwarmView } from '../model/swarm.ts';

export interface AdoptionQuestion {
  readonly stack: string;
  /** All that Swarm counts to the stack. */
  readonly services: readonly ServiceView[];
  readonly view: SwarmView;
  /** The recipe at the version that is taken to run. */
  readonly structure: RecipeStructure;
}

/** Who deploys the app says it of itself, each in its own words. */
const SAID_DIFFERENTLY: ReadonlySet<string> = new Set(['TYPE']);
/** An update that is under way, stopped or being undone leaves tasks of two specs (U3). */
const AT_REST: readonly (string | undefined)[] = [undefined, 'completed', 'rollback_completed'];

const nothing: FoundService = { environment: {}, mounts: [], secrets: [], configs: [] };

/** No reason: what runs may be adopted as this version. The same input gives the same reasons. */
export function judgeAdoption(question: AdoptionQuestion): readonly HoldReason[] {
  const { stack, services, structure } = question;
  const tag = structure.tag;
  const names = new Set(structure.services.map(({ name }) => `${stack}_${name}`));
  const extra = services.filter(({ name }) => !names.has(name));
  return [
    ...structure.problems.map(({ file, line, message }) => ({
      ...reason('ForeignRecipe', `recipe ${tag} cannot be read: ${message}`, null, null),
      file: file === '' ? null : file,
      line: line ?? null,
    })),
    ...extra.map(({ name }) =>
      reason('ForeignService', `service ${name} runs, and recipe ${tag} has none such`, name, null),
    ),
    ...structure.services.flatMap((wanted) => {
      const name = `${stack}_${wanted.name}`;
      const service = services.find((one) => one.name === name);
      const asWritten = structure.wanted.find((one) => one.name === wanted.name);
      if (service === undefined) {
        const message = `recipe ${tag} has service ${wanted.name}, and ${name} does not run`;
        return [reason('ForeignService', message, null, name)];
      }
      return [
        ...judgeImage(service, wanted, tag),
        ...judgeState(service),
        ...(asWritten === undefined ? [] : judgeService(question, service, asWritten)),
      ];
    }),
  ];
}

function judgeImage(
  service: ServiceView,
  wanted: RecipeStructure['services'][number],
  tag: string,
): readonly HoldReason[] {
  if (isImage(service.image, wanted.image)) return [];
  const { file, line } = wanted.imagePlace;
  const message = `service ${service.name} runs image ${withoutDigest(service.image)}, and recipe ${tag} has ${wanted.image}`;
  const found = reason('ForeignImage', message, service.image, wanted.image);
  return [{ ...found, file, line: line ?? null }];
}

/** Repository and tag; by digest where the recipe names one. */
function isImage(shown: string, written: string): boolean {
  const wanted = parseImageReference(written);
  const runs = parseImageReference(wanted.digest === undefined ? withoutDigest(shown) : shown);
  return runs.name === wanted.name && runs.tag === wanted.tag && runs.digest === wanted.digest;
}

function withoutDigest(image: string): string {
  return image.split('@')[0] ?? image;
}

function judgeState({ name, updateState }: ServiceView): readonly HoldReason[] {
  if (AT_REST.includes(updateState)) return [];
  const message = `an update of service ${name} is not over (${updateState ?? ''}): which spec its tasks run cannot be said`;
  return [reason('ForeignUpdate', message, updateState ?? null, null)];
}

function judgeService(
  { view, structure }: AdoptionQuestion,
  service: ServiceView,
  wanted: WantedService,
): readonly HoldReason[] {
  const { name, found = nothing } = service;
  const runs = { name, tag: structure.tag };
  const networks = service.networkIds.map(
    (id) => view.networks.find((network) => network.id === id)?.name ?? id,
  );
  return [
    ...judgeReplicas(service, wanted),
    ...judgeEnvironment(name, found, wanted, structure.environment),
    ...judgeMounts(runs, found.mounts, wanted.mounts),
    ...judgeVolumes(view, service, found.mounts),
    ...judgeSet('ForeignSecret', 'secret', runs, found.secrets, wanted.secrets),
    ...judgeSet('ForeignConfig', 'config', runs, found.configs, wanted.configs),
    ...judgeSet('ForeignNetwork', 'network', runs, networks, wanted.networks),
  ];
}

function judgeReplicas(
  { name, replicas }: ServiceView,
  wanted: WantedService,
): readonly HoldReason[] {
  if (replicas === undefined || replicas === wanted.replicas) return [];
  const [from, to] = [String(replicas), String(wanted.replicas)];
  return [reason('ForeignReplicas', `service ${name} has ${from} replicas, not ${to}`, from, to)];
}

function judgeEnvironment(
  name: string,
  { environment }: FoundService,
  wanted: WantedService,
  ofApp: RecipeStructure['environment'],
): readonly HoldReason[] {
  const isOther = (variable: string, value: string): boolean =>
    environment[variable] !== digestOf(value);
  const set = [...wanted.environment]
    .filter(([variable, value]) => isOther(variable, value))
    .map(([variable]) => variable);
  // Other tools give a service every variable of the app, also those that the recipe gives to none.
  const given = Object.entries(ofApp)
    .filter(
      ([variable, value]) =>
        !wanted.environment.has(variable) &&
        !SAID_DIFFERENTLY.has(variable) &&
        Object.hasOwn(environment, variable) &&
        isOther(variable, value),
    )
    .map(([variable]) => variable);
  return [...set, ...given].sort().map((variable) => {
    const isGiven = Object.hasOwn(environment, variable);
    const message = isGiven
      ? `service ${name} runs with another value of ${variable} than desired state gives it`
      : `service ${name} runs without variable ${variable}, which desired state gives it`;
    const from = isGiven ? 'another value' : null;
    return reason('ForeignEnvironment', message, from, `${name} ${variable}`);
  });
}

interface Runs {
  readonly name: string;
  readonly tag: string;
}

function judgeMounts(
  { name, tag }: Runs,
  found: readonly FoundMount[],
  wanted: readonly WantedMount[],
): readonly HoldReason[] {
  const mounts = found.filter(({ kind }) => kind !== 'other');
  const targets = [...new Set([...mounts, ...wanted].map(({ target }) => target))].sort();
  return targets.flatMap((target) => {
    const [runs, asks] = [mounts, wanted].map((all) => all.find((one) => one.target === target));
    if (runs !== undefined && asks !== undefined && isSameMount(runs, asks)) return [];
    const [from, to] = [describeMount(runs), describeMount(asks)];
    const message = `service ${name} has ${from ?? 'nothing'} at ${target}, and recipe ${tag} ${to ?? 'nothing'}`;
    return [reason('ForeignVolume', message, from, to)];
  });
}

/** A path inside the recipe is another one on every host. */
function isSameMount(runs: FoundMount | WantedMount, asks: FoundMount | WantedMount): boolean {
  if (runs.kind !== asks.kind) return false;
  return runs.source === asks.source || (asks.kind === 'bind' && !asks.source.startsWith('/'));
}

function describeMount(mount: FoundMount | WantedMount | undefined): string | null {
  return mount === undefined ? null : `${mount.kind} ${mount.source}`.trim();
}

/** The data has to be on this node, in a volume that a deploy of ours takes as it is. */
function judgeVolumes(
  view: SwarmView,
  service: ServiceView,
  mounts: readonly FoundMount[],
): readonly HoldReason[] {
  const named = mounts.filter(({ kind, source }) => kind === 'volume' && source !== '');
  if (named.length === 0) return [];
  const elsewhere = view.tasks.find(
    (task) =>
      task.serviceId === service.id &&
      task.desiredState === 'running' &&
      view.nodes.some((node) => node.id === task.nodeId && !node.self),
  );
  if (elsewhere !== undefined) {
    const message = `service ${service.name} has its data on node ${elsewhere.nodeId}; ci-warm adopts it where the data is`;
    return [reason('ForeignNode', message, elsewhere.nodeId, null)];
  }
  return named.flatMap(({ source }) => {
    const volume = view.volumes.find((one) => one.name === source);
    const options = Object.entries(volume?.options ?? {}).map((pair) => pair.join('='));
    if (volume?.driver === 'local' && options.length === 0) return [];
    const what =
      volume === undefined
        ? 'is not on this node'
        : `has driver ${volume.driver}${options.length === 0 ? '' : ` with ${options.join(', ')}`}, and only plain local ones are adopted`;
    const from = volume === undefined ? null : [volume.driver, ...options].join(' ');
    return [reason('ForeignVolume', `volume ${source} ${what}`, from, 'local')];
  });
}

function judgeSet(
  word: string,
  what: string,
  { name, tag }: Runs,
  found: readonly string[],
  wanted: readonly string[],
): readonly HoldReason[] {
  const [runs, asks] = [new Set(found), new Set(wanted)];
  return [
    ...[...runs]
      .filter((one) => !asks.has(one))
      .map((one) =>
        reason(word, `service ${name} has ${what} ${one}, and recipe ${tag} does not`, one, null),
      ),
    ...[...asks]
      .filter((one) => !runs.has(one))
      .map((one) =>
        reason(word, `service ${name} is without ${what} ${one} of recipe ${tag}`, null, one),
      ),
  ];
}

function reason(word: string, message: string, from: string | null, to: string | null): HoldReason {
  return { kind: 'held-adoption', reason: word, message, file: null, line: null, from, to };
}
