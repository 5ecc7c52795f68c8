import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createStateJson } from '../../controller/adapters/files/state-json.ts';
import { createStateStore } from '../../controller/adapters/files/state-store.ts';
import type { StateFileKind, StateFiles } from '../../controller/model/state-file.ts';
import { createStateCheck } from '../../controller/spec/state-validators.ts';
import * as sample from '../adapters/files/samples.ts';
import { byteDamage, damageBytes, damagedJson, deepJson } from './damage.ts';
import { fuzz, fuzzAsync } from './fuzz.ts';
import { memoryFileSystem } from './memory-fs.ts';

const check = createStateCheck();
const json = createStateJson(check, () => 'sha256:1');

/** One sound value of each kind of state file. */
const sound: StateFiles = {
  'last-good': sample.lastGood(),
  quarantine: sample.quarantine(),
  request: sample.request(),
  orphan: { since: '2026-11-21T09:30:00.000Z' },
  'journal-record': sample.begin('t1', 'notes'),
  'snapshot-manifest': sample.manifest(),
  'object-status': sample.status('guestbook'),
  'status-index': sample.index,
  controller: {
    pid: 1,
    startedAt: '2026-11-21T09:30:00.000Z',
    lastPassAt: '2026-11-21T09:30:00.000Z',
    version: '0.1.0',
  },
  alert: sample.alert('held/1'),
  'applied-desired': {
    revision: 'sha256:1',
    origin: null,
    objects: ['WarmApp/guestbook'],
    appliedAt: '2026-11-21T09:30:00.000Z',
  },
  'alert-ledger': {
    alerts: [
      { id: 'a', app: 'guestbook', kind: 'held-major', fingerprint: 'held/1', settled: false },
    ],
  },
  'alert-outbox': sample.outboxState,
};
const kinds = Object.keys(sound) as readonly StateFileKind[];
const texts = new Map(kinds.map((kind) => [kind, json.encode(kind, sound[kind])]));

function textOf(kind: StateFileKind): string {
  return texts.get(kind) ?? '';
}

/** What is read is sound all through, or it is said that it is not, and where. */
function expectSaid(kind: StateFileKind, content: Buffer): void {
  const read = json.decode(kind, '/state/file.json', content);

  if (read.known) {
    expect(read.value).toBeTypeOf('object');
    // What was read can be written: nothing that breaks the schema has got in.
    expect(() => json.encode(kind, read.value)).not.toThrow();
  } else {
    expect(read.why).toMatch(/^\/state\/file\.json is damaged: ./);
    expect(read.why.length).toBeLessThan(10_000);
  }
}

const damagedFile = fc.constantFrom(...kinds).chain((kind) =>
  fc.tuple(
    fc.constant(kind),
    fc.oneof(
      damagedJson(JSON.parse(textOf(kind))).map((value) => Buffer.from(JSON.stringify(value))),
      byteDamage.map((damage) => damageBytes(Buffer.from(textOf(kind)), damage)),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      fc.constantFrom(...kinds).map((other) => Buffer.from(textOf(other))),
    ),
  ),
);

describe('whatever a state file holds', () => {
  fuzz('it is read as what it says, or said to be damaged', damagedFile, ([kind, content]) => {
    expectSaid(kind, content);
  });

  test.each(kinds)('a %s that is nested without end is said to be damaged', (kind) => {
    expectSaid(kind, Buffer.from(deepJson(200_000)));
    expectSaid(kind, Buffer.from(`{"apiVersion":${deepJson(100_000)}}`));
  });
});

const directory = '/state/guestbook';
const places = {
  'last-good': `${directory}/last_good.json`,
  quarantine: `${directory}/quarantine.json`,
  'snapshot-manifest': `${directory}/snapshot/manifest.json`,
} as const;
const journal = [sample.begin('t1'), sample.ok('t1', 'prepare'), sample.intent('t1', 'undeploy')]
  .map((record) => `${JSON.stringify(record)}\n`)
  .join('');

const onePlace = fc.constantFrom(...(Object.keys(places) as (keyof typeof places)[]));
const damagedPlace = onePlace.chain((kind) =>
  fc.tuple(
    fc.constant(kind),
    fc.oneof(
      damagedJson(JSON.parse(textOf(kind))).map((value) => Buffer.from(JSON.stringify(value))),
      byteDamage.map((damage) => damageBytes(Buffer.from(textOf(kind)), damage)),
    ),
  ),
);

describe('whatever a file of an app holds', () => {
  fuzzAsync(
    'a file that is there is never read as none (L1)',
    damagedPlace,
    async ([kind, content]) => {
      const files = new Map<string, Buffer>([
        [`${directory}/last_good`, Buffer.from('1.0.0+2.0.0\n')],
        [`${directory}/journal.jsonl`, Buffer.from(journal)],
        ...Object.entries(places).map(([name, path]): [string, Buffer] => [
          path,
          name === kind ? content : Buffer.from(textOf(name as keyof typeof places)),
        ]),
      ]);
      const store = createStateStore({
        ...{ stateDir: '/state', check, clock: sample.clock, log: sample.recordedLog() },
        ...{ revision: () => '', holdsLock: false, fs: memoryFileSystem(files) },
      });

      const record = (await store.records(['guestbook'])).get('guestbook');

      if (record?.known !== true) {
        expect(record?.why).toContain(places[kind]);
        return;
      }
      expect(record.value.lastGood).not.toBeNull();
      expect(record.value.quarantine).not.toBeNull();
      expect(record.value.open).toHaveLength(3);
      const { snapshot } = record.value;
      if (snapshot.known) expect(snapshot.value).not.toBeNull();
      else expect(snapshot.why).toContain(places[kind]);
    },
  );
});
