/**
 * Every JSON Schema there is, by the word that people ask for it: kinds of objects under `desired/`, files of the state
 * directory, and messages on the controller's socket. For `ci-warm schema`; nothing is validated here, so that no validator is loaded.
 */
import answer from '../../schema/control/answer.schema.json' with { type: 'json' };
import controlRequest from '../../schema/control/request.schema.json' with { type: 'json' };
import desiredCommon from '../../schema/desired/common.schema.json' with { type: 'json' };
import alertLedger from '../../schema/state/alert-ledger.schema.json' with { type: 'json' };
import alertOutbox from '../../schema/state/alert-outbox.schema.json' with { type: 'json' };
import alert from '../../schema/state/alert.schema.json' with { type: 'json' };
import appliedDesired from '../../schema/state/applied-desired.schema.json' with { type: 'json' };
import canonicalState from '../../schema/state/canonical.schema.json' with { type: 'json' };
import stateCommon from '../../schema/state/common.schema.json' with { type: 'json' };
import controller from '../../schema/state/controller.schema.json' with { type: 'json' };
import journalRecord from '../../schema/state/journal-record.schema.json' with { type: 'json' };
import lastGood from '../../schema/state/last-good.schema.json' with { type: 'json' };
import objectStatus from '../../schema/state/object-status.schema.json' with { type: 'json' };
import orphan from '../../schema/state/orphan.schema.json' with { type: 'json' };
import quarantine from '../../schema/state/quarantine.schema.json' with { type: 'json' };
import request from '../../schema/state/request.schema.json' with { type: 'json' };
import runStatus from '../../schema/state/run-status.schema.json' with { type: 'json' };
import snapshotManifest from '../../schema/state/snapshot-manifest.schema.json' with { type: 'json' };
import statusIndex from '../../schema/state/status-index.schema.json' with { type: 'json' };
import recordedWorld from '../../schema/world/recorded-world.schema.json' with { type: 'json' };
import { desiredSchemas } from './desired-schemas.ts';

interface Schema {
  readonly $id: string;
  readonly description: string;
}

interface CatalogEntry {
  /** `WarmApp`, or `last-good`: a kind as people write it, a state file by its own name. */
  readonly name: string;
  readonly of: 'desired' | 'state' | 'control' | 'world';
  readonly schema: Schema;
}

/** In the order of the documentation. */
export const schemaCatalog: readonly CatalogEntry[] = [
  ...Object.entries(desiredSchemas).map(
    ([name, schema]) => ({ name, of: 'desired', schema }) as const,
  ),
  ...Object.entries({
    'object-status': objectStatus,
    'status-index': statusIndex,
    controller,
    'last-good': lastGood,
    quarantine,
    orphan,
    'journal-record': journalRecord,
    'snapshot-manifest': snapshotManifest,
    alert,
    'alert-ledger': alertLedger,
    'alert-outbox': alertOutbox,
    'applied-desired': appliedDesired,
    request,
    'canonical-state': canonicalState,
    'run-status': runStatus,
  }).map(([name, schema]) => ({ name, of: 'state', schema }) as const),
  { name: 'recorded-world', of: 'world', schema: recordedWorld },
  { name: 'control-request', of: 'control', schema: controlRequest },
  { name: 'control-answer', of: 'control', schema: answer },
];

/** State files that a recorded world has parts of. */
const inWorlds = { appliedDesired, journalRecord, orphan, quarantine, request, snapshotManifest };

/**
 * The entry that was meant: in any case, one or many, with or without hyphens; `canonical` is the kind that people
 * write. Undefined when there is none.
 */
export function findSchema(typed: string): CatalogEntry | undefined {
  const word = fold(typed);
  return schemaCatalog.find(({ name }) => word === fold(name) || word === `${fold(name)}s`);
}

/** The schema in one piece: what several share is in its `$defs`, under the `$id` by which it is referred to. */
export function wholeSchema({ of, schema }: CatalogEntry): Readonly<Record<string, unknown>> {
  const own: Readonly<Record<string, unknown>> = { ...schema };
  if (of === 'control') return own;
  const common = of === 'desired' ? desiredCommon : stateCommon;
  const defs = own['$defs'] as Readonly<Record<string, unknown>> | undefined;
  return { ...own, $defs: { ...defs, common, ...(of === 'world' && inWorlds) } };
}

function fold(text: string): string {
  return text.toLowerCase().replaceAll(/[-_]/g, '');
}
