import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type SchemaObject } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import type { AlertKind } from '../../controller/model/alert.ts';
import type { ConditionType } from '../../controller/model/condition.ts';
import type { ProbeSpec } from '../../controller/model/desired.ts';
import type {
  JournalRecord,
  TransitionEnd,
  TransitionInput,
  TransitionKind,
} from '../../controller/model/journal.ts';
import type { StateFileKind } from '../../controller/model/state-file.ts';
import { probeOf } from '../../controller/spec/resolve-probe.ts';
import { createStateCheck } from '../../controller/spec/state-validators.ts';
import {
  alert,
  begin,
  end,
  failed,
  index,
  intent,
  lastGood,
  manifest,
  outboxState,
  ok,
  quarantine,
  request,
  status,
} from '../adapters/files/samples.ts';

const directory = join(import.meta.dirname, '..', '..', 'schema', 'state');
const head = { apiVersion: 'ci-warm.dev/v1', observedRevision: 'sha256:1' };
const check = createStateCheck();
const schemas = new Map(
  readdirSync(directory).map((file) => {
    const text = readFileSync(join(directory, file), 'utf8');
    return [file, JSON.parse(text) as SchemaObject];
  }),
);

function part(file: string, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, name) => (value as Readonly<Record<string, unknown>>)[name],
    schemas.get(file),
  );
}

/** As parsed back from the file: without members that are undefined. */
function written(value: object): object {
  return JSON.parse(JSON.stringify(value)) as object;
}

const sound: readonly { readonly kind: StateFileKind; readonly value: object }[] = [
  { kind: 'last-good', value: { ...head, ...lastGood() } },
  { kind: 'quarantine', value: { ...head, ...quarantine() } },
  { kind: 'request', value: { ...head, ...request() } },
  { kind: 'snapshot-manifest', value: { ...head, ...manifest() } },
  { kind: 'object-status', value: status('guestbook') },
  { kind: 'status-index', value: { ...head, ...index } },
  { kind: 'alert', value: { ...head, ...alert('f1') } },
  { kind: 'alert-ledger', value: { ...head, alerts: [] } },
  { kind: 'alert-outbox', value: { ...head, ...outboxState } },
  {
    kind: 'controller',
    value: {
      ...head,
      pid: 1,
      startedAt: '2026-11-21T09:00:00Z',
      lastPassAt: '2026-11-21T09:00:00Z',
      version: '1',
    },
  },
  {
    kind: 'applied-desired',
    value: {
      ...head,
      revision: 'sha256:1',
      origin: null,
      objects: ['WarmApp/guestbook'],
      appliedAt: '2026-11-21T09:00:00Z',
    },
  },
  { kind: 'orphan', value: { ...head, since: '2026-11-21T09:00:00Z' } },
  { kind: 'journal-record', value: begin('t1') },
  { kind: 'journal-record', value: intent('t1', 'deploy') },
  { kind: 'journal-record', value: ok('t1', 'deploy') },
  { kind: 'journal-record', value: failed('t1', 'deploy') },
  { kind: 'journal-record', value: end('t1', 'rolled-back') },
];

describe('createStateCheck', () => {
  test.each(sound)('takes what we write as $kind', ({ kind, value }) => {
    expect(check(kind, written(value))).toEqual([]);
  });

  test.each(sound)(
    'of $kind every member that a reader relies on is required',
    ({ kind, value }) => {
      const members = Object.keys(value);

      const notMissed = members.filter((member) => {
        const rest = Object.entries(written(value)).filter(([name]) => name !== member);
        return check(kind, Object.fromEntries(rest)).length === 0;
      });

      expect(notMissed).toEqual([]);
    },
  );

  test('ignores what a newer version may add', () => {
    expect(check('quarantine', { ...head, ...quarantine(), later: 1 })).toEqual([]);
  });

  const askedBy: Readonly<Record<ProbeSpec['kind'], ProbeSpec>> = {
    http: probeOf({ http: {} }),
    proxy: probeOf({ proxy: {} }),
    tcp: probeOf({ tcp: { port: 80 } }),
    exec: probeOf({ exec: { command: ['true'] } }),
    docker: probeOf({ docker: {} }),
  };

  test.each(Object.values(askedBy))('an app that is asked by $kind can begin', (probe) => {
    const { input, ...record } = begin('t1') as JournalRecord & { input: TransitionInput };
    const health = { probes: [probe], stableForMs: 0 };
    const asking = { ...record, input: { ...input, policy: { ...input.policy, health } } };

    expect(check('journal-record', written(asking))).toEqual([]);
  });

  test.each([
    { name: 'another API version', kind: 'quarantine', over: { apiVersion: 'ci-warm.dev/v2' } },
    { name: 'a short commit', kind: 'last-good', over: { commit: '0123456' } },
    { name: 'a version as a number', kind: 'last-good', over: { version: 1.1 } },
    { name: 'a day that is none', kind: 'quarantine', over: { since: '2026-13-41T00:00:00Z' } },
  ] as const)('refuses $name', ({ kind, over }) => {
    const value = { ...(kind === 'quarantine' ? quarantine() : lastGood()) };

    expect(check(kind, { ...head, ...value, ...over })).toHaveLength(1);
  });

  test.each([
    { name: 'a beginning without its input', record: { ...begin('t1'), input: undefined } },
    { name: 'an outcome without a result', record: { ...ok('t1', 'deploy'), result: undefined } },
    {
      name: 'a failure without its reason',
      record: { ...ok('t1', 'x'), result: { kind: 'failed' } },
    },
    { name: 'an end that is none', record: { ...end('t1'), result: { kind: 'ok' } } },
    {
      name: 'a phase that ends the whole',
      record: { ...ok('t1', 'x'), result: { kind: 'succeeded' } },
    },
  ])('refuses $name in the journal', ({ record }) => {
    expect(check('journal-record', written(record))).not.toEqual([]);
  });

  test('says where it is wrong and never with which value', () => {
    const [complaint = ''] = check('last-good', {
      ...head,
      ...lastGood(),
      commit: 'canary-3f1c9d',
    });

    expect(complaint).toMatch(/^\/commit must match pattern/);
    expect(complaint).not.toContain('canary');
  });
});

describe('schema/state', () => {
  test('every schema compiles by itself with what it shares, and says what it is', () => {
    for (const [file, schema] of schemas) {
      const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
      formats.default(ajv);
      ajv.addSchema(part('common.schema.json') as SchemaObject);

      expect(ajv.validateSchema(schema)).toBe(true);
      if (file !== 'common.schema.json') ajv.compile(schema);
      expect(schema['$id']).toBe(`https://ci-warm.dev/schema/v1/state/${file}`);
      expect([schema['title'], schema['description']]).not.toContain(undefined);
    }
  });

  test('knows the same words as the model', () => {
    const kinds = {
      'held-major': 1,
      'held-manual-migration': 1,
      'held-unparsable': 1,
      'held-image-major': 1,
      'held-volume': 1,
      'held-new-configuration': 1,
      'held-downgrade': 1,
      'held-domain': 1,
      'held-unhealthy': 1,
      'held-adoption': 1,
      rollback: 1,
      'rollback-failed': 1,
      unhealthy: 1,
      'desired-invalid': 1,
      'desired-stale': 1,
      'disk-low': 1,
      'realm-leak': 1,
      'sweep-red': 1,
      'canonical-lost': 1,
      'snapshot-invalid': 1,
      recovered: 1,
    } satisfies Record<AlertKind, 1>;
    const transitions = {
      install: 1,
      upgrade: 1,
      repair: 1,
      restore: 1,
      drill: 1,
      adopt: 1,
      retire: 1,
    } satisfies Record<TransitionKind, 1>;
    const ends = {
      succeeded: 1,
      'rolled-back': 1,
      abandoned: 1,
      undeployed: 1,
      stranded: 1,
    } satisfies Record<TransitionEnd, 1>;
    const conditions = {
      Ready: 1,
      Succeeded: 1,
      Reconciling: 1,
      Stalled: 1,
      UpgradeHeld: 1,
      Quarantined: 1,
      RolledBack: 1,
      SnapshotValid: 1,
      Healthy: 1,
      Orphaned: 1,
    } satisfies Record<ConditionType, 1>;

    const common = (name: string): unknown => part('common.schema.json', '$defs', name, 'enum');
    const condition = ['properties', 'conditions', 'items', 'properties', 'type', 'enum'];
    expect(common('alertKind')).toEqual(Object.keys(kinds));
    expect(common('transitionKind')).toEqual(Object.keys(transitions));
    expect(common('transitionEnd')).toEqual(Object.keys(ends));
    expect(part('object-status.schema.json', ...condition)).toEqual(Object.keys(conditions));
  });

  test.each([
    {
      file: 'canonical.schema.json',
      value: {
        ...head,
        recipe: 'custom-html',
        domain: 'warm-custom-html.ci.example.org',
        version: '1.11.0+1.29.0',
        commit: lastGood().commit,
        status: 'idle',
        snapshot: 'snap1',
        promotedBy: 'nightly-1',
        promotedAt: '2026-11-21T09:00:00Z',
      },
      wrong: { status: 'busy' },
    },
    {
      file: 'run-status.schema.json',
      value: {
        ...head,
        name: 'custom-html-418-1',
        recipe: 'custom-html',
        ref: '87a62a5',
        commit: lastGood().commit,
        mode: 'quick',
        confidence: 'lower',
        gatesMerge: false,
        phase: 'finished',
        verdict: 'pass',
        fellBackFrom: null,
        promoted: false,
        stages: [{ name: 'Upgrade', verdict: 'pass', seconds: 12.5, message: '' }],
        deployCount: 1,
        domain: 'warm-custom-html.ci.example.org',
        commitStatus: { context: 'ci-warm/quick', state: 'success', description: 'pass' },
        summaryMarkdown: '',
      },
      wrong: { gatesMerge: true },
    },
  ])(
    '$file takes the contract’s example, and not one that breaks a rule',
    ({ file, value, wrong }) => {
      const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
      formats.default(ajv);
      ajv.addSchema(part('common.schema.json') as SchemaObject);
      const validate = ajv.compile(part(file) as SchemaObject);

      expect([validate(value), validate({ ...value, ...wrong })]).toEqual([true, false]);
    },
  );
});

test('the schema of a journal names all that a transition is begun with', () => {
  const input = (begin('t1') as { readonly input: object }).input;
  const described = part('journal-record.schema.json', 'properties', 'input', 'properties');

  expect(Object.keys(described as object)).toEqual(expect.arrayContaining(Object.keys(input)));
});

/** Of a schema and everything below it. */
function membersOf(schema: unknown): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, below]: [string, unknown]) => {
    const isMembers = key === 'properties' && typeof below === 'object' && below !== null;
    return [...(isMembers ? Object.keys(below) : []), ...membersOf(below)];
  });
}

describe('docs/on-disk-formats.md', () => {
  const page = readFileSync(join(directory, '..', '..', 'docs', 'on-disk-formats.md'), 'utf8');
  const examples = [...page.matchAll(/<!-- schema: (\S+) -->\s+```json\n([^`]*)```/g)].map(
    ([, kind = '', text = '']) => ({ kind: kind as StateFileKind, text }),
  );

  test.each(examples)('its example of $kind conforms to the schema', ({ kind, text }) => {
    expect(check(kind, JSON.parse(text))).toEqual([]);
  });

  test.each(sound.map(({ kind }) => kind))(
    'names every member that the schema of %s has',
    (kind) => {
      const named = new Set(page.match(/\w+/g));

      expect(
        membersOf(schemas.get(`${kind}.schema.json`)).filter((name) => !named.has(name)),
      ).toEqual([]);
    },
  );

  test('has an example of every kind of file', () => {
    const kinds = new Set(examples.map(({ kind }) => kind));

    expect(kinds).toEqual(new Set(sound.map(({ kind }) => kind)));
  });
});
