/**
 * What of an observation is fit to leave the host. Left out is what no plan reads and what may hold a secret: labels of
 * others, passwords in the options of volumes, and what apps wrote before they died. Nothing that decides is (L3).
 */
import type { JournalRecord, PhaseFailure } from '../model/journal.ts';
import type { AppRecord } from '../model/record.ts';
import type { SwarmView } from '../model/swarm.ts';

/** Whoever else labels a service may put a password there, as for Traefik's basic authentication. */
const KEPT_LABELS = /^(?:dev\.ci-warm\.|com\.docker\.stack\.|coop-cloud\.)/;

/** As in the options of a CIFS mount, up to the comma. */
const PASSWORD = /(?<=pass(?:word|wd)?=)[^,]+/gi;

export function swarmToRecord(view: SwarmView): SwarmView {
  return {
    ...view,
    services: view.services.map(withoutForeignLabels),
    volumes: view.volumes.map(({ options, ...volume }) => ({
      ...withoutForeignLabels(volume),
      options: withoutPasswords(options),
    })),
    networks: view.networks.map(withoutForeignLabels),
    secrets: view.secrets.map(withoutForeignLabels),
    configs: view.configs.map(withoutForeignLabels),
  };
}

function withoutForeignLabels<T extends { readonly labels: Readonly<Record<string, string>> }>(
  one: T,
): T {
  const kept = Object.entries(one.labels).filter(([name]) => KEPT_LABELS.test(name));
  return { ...one, labels: Object.fromEntries(kept) };
}

function withoutPasswords(
  options: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [
      name,
      /^pass(?:word|wd)?$/i.test(name) ? '(left out)' : value.replaceAll(PASSWORD, '(left out)'),
    ]),
  );
}

export function stateToRecord(record: AppRecord): AppRecord {
  return {
    ...record,
    open: record.open.map(withoutLogs),
    history: record.history.map((summary) => ({
      ...summary,
      failure: summary.failure === null ? null : speechless(summary.failure),
    })),
  };
}

function withoutLogs(record: JournalRecord): JournalRecord {
  if (record.event !== 'outcome' || record.result.kind !== 'failed') return record;
  return { ...record, result: { ...record.result, failure: speechless(record.result.failure) } };
}

function speechless(failure: PhaseFailure): PhaseFailure {
  return { ...failure, lastLogs: [] };
}
