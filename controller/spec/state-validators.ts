/**
 * The schemas of the state files as one check, which wire/ hands to the adapters: what we write is checked like what
 * we read. Each schema is compiled when the first file of its kind is met.
 */
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import alertLedger from '../../schema/state/alert-ledger.schema.json' with { type: 'json' };
import alertOutbox from '../../schema/state/alert-outbox.schema.json' with { type: 'json' };
import alert from '../../schema/state/alert.schema.json' with { type: 'json' };
import appliedDesired from '../../schema/state/applied-desired.schema.json' with { type: 'json' };
import common from '../../schema/state/common.schema.json' with { type: 'json' };
import controller from '../../schema/state/controller.schema.json' with { type: 'json' };
import journalRecord from '../../schema/state/journal-record.schema.json' with { type: 'json' };
import lastGood from '../../schema/state/last-good.schema.json' with { type: 'json' };
import objectStatus from '../../schema/state/object-status.schema.json' with { type: 'json' };
import orphan from '../../schema/state/orphan.schema.json' with { type: 'json' };
import quarantine from '../../schema/state/quarantine.schema.json' with { type: 'json' };
import request from '../../schema/state/request.schema.json' with { type: 'json' };
import snapshotManifest from '../../schema/state/snapshot-manifest.schema.json' with { type: 'json' };
import statusIndex from '../../schema/state/status-index.schema.json' with { type: 'json' };
import type { CheckState, StateFileKind } from '../model/state-file.ts';

const SCHEMAS: Readonly<Record<StateFileKind, object>> = {
  'last-good': lastGood,
  quarantine,
  request,
  orphan,
  'journal-record': journalRecord,
  'snapshot-manifest': snapshotManifest,
  'object-status': objectStatus,
  'status-index': statusIndex,
  controller,
  alert,
  'applied-desired': appliedDesired,
  'alert-ledger': alertLedger,
  'alert-outbox': alertOutbox,
};

/** How many mistakes of one file are told; the first shows what happened to it. */
const COMPLAINTS_MAX = 5;

/** A check of every kind of state file. It never throws for what a file holds. */
export function createStateCheck(): CheckState {
  const compiled = new Map<StateFileKind, ValidateFunction>();
  // Not optimised: tidier code takes longer to make, and checks no faster.
  const ajv = new Ajv2020({
    allErrors: true,
    strict: true,
    allowUnionTypes: true,
    logger: false,
    code: { optimize: false },
  });
  formats.default(ajv);
  ajv.addSchema(common);
  return (kind, value) => {
    const validate = compiled.get(kind) ?? ajv.compile(SCHEMAS[kind]);
    compiled.set(kind, validate);
    if (validate(value)) return [];
    // That a branch does not match says nothing beside what is wrong in it.
    const errors = (validate.errors ?? []).filter(({ keyword }) => keyword !== 'if');
    return errors.slice(0, COMPLAINTS_MAX).map(complaint);
  };
}

/** Where and what, without the value: a state file may hold what a log should not. */
function complaint({ instancePath, keyword, message, params }: ErrorObject): string {
  if (keyword === 'required') {
    return `${instancePath}/${String(params['missingProperty'])} is missing`;
  }
  const where = instancePath === '' ? 'the whole' : instancePath;
  const allowed = keyword === 'const' ? ` ${JSON.stringify(params['allowedValue'])}` : '';
  return `${where} ${message ?? 'is wrong'}${allowed}`;
}
