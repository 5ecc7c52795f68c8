/**
 * What may go and what it would free: for every app that nothing asks for, and for what restores and rollbacks left of the
 * others. Says what the controller said last; whether a prune is done is decided by the pass that does it.
 */
import type { ObjectStatus } from '../model/condition.ts';
import type { KeptData } from '../model/kept-data.ts';
import type { AppRecord } from '../model/record.ts';
import { label, type SwarmView } from '../model/swarm.ts';
import { conditionOf } from './index-file.ts';
import type { Table } from './table.ts';
import { bytes } from './text.ts';

export interface Prunable {
  /** The app's name. */
  readonly name: string;
  /** `wanted`: only what is left over is listed. `kept`: not yet. `retired`: by name and `--yes`. */
  readonly state: 'wanted' | 'kept' | 'retired';
  /** Why, in a sentence that ends with what to do. */
  readonly message: string;
  readonly frees: number;
  readonly data: readonly KeptData[];
  /** In the Swarm, by their labels; undefined where Docker did not answer. */
  readonly secrets: readonly string[] | undefined;
  readonly configs: readonly string[] | undefined;
  readonly volumes: readonly string[] | undefined;
  /**
   * Secrets and volumes of the stack that were there before ci-warm: an app that was adopted has them. Nothing proves them
   * ours (R2), so they are not removed. Undefined where Docker did not answer.
   */
  readonly stays:
    { readonly secrets: readonly string[]; readonly volumes: readonly string[] } | undefined;
}

export interface PrunableInputs {
  readonly record: AppRecord;
  readonly status: ObjectStatus | undefined;
  readonly data: readonly KeptData[];
  readonly swarm: SwarmView | undefined;
}

/** Undefined where nothing of the app could go. */
export function prunableOf(name: string, inputs: PrunableInputs): Prunable | undefined {
  const { record, status, data, swarm } = inputs;
  const orphaned = status === undefined ? undefined : conditionOf(status, 'Orphaned');
  const nothing = { secrets: [], configs: [], volumes: [], stays: { secrets: [], volumes: [] } };
  if (orphaned === undefined) {
    const left = data.filter(({ kind }) => kind !== 'snapshot' && kind !== 'live');
    const message =
      'It is wanted: what is left beside its data is listed, and never removed by ci-warm prune.';
    if (left.length === 0) return undefined;
    return { name, state: 'wanted', message, frees: total(left), data: left, ...nothing };
  }
  const stack = record.lastGood?.stack ?? record.frozen?.app.stack;
  const isOurs = ({ labels }: Labelled): boolean =>
    labels[label.app] === name && labels[label.stack] === stack;
  const named = (list: readonly Labelled[]) => list.filter(isOurs).map((one) => one.name);
  const isOfStack = (one: Labelled): boolean =>
    stack !== undefined && (one.name.startsWith(`${stack}_`) || one.labels[label.stack] === stack);
  const foreign = (list: readonly Labelled[]) =>
    list
      // Another app of the same stack needs what is labelled as its own.
      .filter((one) => isOfStack(one) && !isOurs(one) && (one.labels[label.app] ?? name) === name)
      .map((one) => one.name);
  return {
    name,
    state: orphaned.reason === 'Retired' ? 'retired' : 'kept',
    message: orphaned.message,
    frees: total(data),
    data,
    secrets: swarm && named(swarm.secrets),
    configs: swarm && swarm.configs.filter((one) => one.stack === stack).map((one) => one.name),
    volumes: swarm && named(swarm.volumes),
    stays: swarm && { secrets: foreign(swarm.secrets), volumes: foreign(swarm.volumes) },
  };
}

interface Labelled {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

function total(data: readonly KeptData[]): number {
  return data.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

export function prunableTable(
  items: readonly Prunable[],
  { wide }: { readonly wide: boolean },
): Table {
  const columns = ['NAME', 'STATE', 'FREES', 'WHAT'];
  return {
    columns: wide ? [...columns, 'MESSAGE'] : columns,
    rows: items.map((item) => {
      const cells = [
        item.name,
        item.state,
        bytes(item.frees).replace(' ', ''),
        whatOf(item).join(', '),
      ];
      return wide ? [...cells, item.message] : cells;
    }),
  };
}

/** One app's part, line by line: everything that would go. */
export function prunableText(item: Prunable): string {
  const { name, message, frees, data, secrets, configs, volumes, stays } = item;
  const inSwarm = (kind: string, names: readonly string[] | undefined): readonly string[] =>
    names === undefined
      ? [`  ${kind}s: Docker did not answer`]
      : names.map((one) => `  ${kind} ${one}`);
  return [
    `${name}: ${message}`,
    `Frees ${bytes(frees)}:`,
    ...data.map(({ kind, path, sizeBytes }) => `  ${kind} ${path} (${bytes(sizeBytes)})`),
    ...inSwarm('volume', volumes),
    ...inSwarm('config', configs),
    ...inSwarm('secret', secrets),
    ...(item.state === 'wanted'
      ? []
      : [`  records: everything under ${name}/ in the state directory`]),
    ...staysText(stays),
  ].join('\n');
}

function staysText(stays: Prunable['stays']): readonly string[] {
  const { secrets = [], volumes = [] } = stays ?? {};
  if (secrets.length + volumes.length === 0) return [];
  return [
    'Stays, for it was there before ci-warm. Remove it by hand where nobody needs it:',
    ...volumes.map((one) => `  docker volume rm ${one}`),
    ...secrets.map((one) => `  docker secret rm ${one}`),
  ];
}

function whatOf({ data, secrets, configs, volumes }: Prunable): readonly string[] {
  const kinds = [...new Set(data.map(({ kind }) => kind))];
  const counted = (kind: string, names: readonly string[] | undefined): readonly string[] => {
    if (names === undefined) return [`${kind}s unknown`];
    if (names.length === 0) return [];
    return [`${String(names.length)} ${kind}${names.length === 1 ? '' : 's'}`];
  };
  return [
    ...kinds,
    ...counted('volume', volumes),
    ...counted('config', configs),
    ...counted('secret', secrets),
  ];
}
