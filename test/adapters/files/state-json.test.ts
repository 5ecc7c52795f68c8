import { describe, expect, test } from 'vitest';

import { createStateJson } from '../../../controller/adapters/files/state-json.ts';
import type { StateFileKind } from '../../../controller/model/state-file.ts';
import { createStateCheck } from '../../../controller/spec/state-validators.ts';

const json = createStateJson(createStateCheck(), () => '');

function saidOf(kind: StateFileKind): string {
  const read = json.decode(kind, '/state/file.json', Buffer.from('{'));
  return read.known ? 'nothing' : read.why;
}

describe('what is said of a damaged file', () => {
  test.each([
    { kind: 'object-status' },
    { kind: 'status-index' },
    { kind: 'controller' },
    { kind: 'alert-ledger' },
  ] as const)('$kind only tells what stands elsewhere: it is made anew', ({ kind }) => {
    expect(saidOf(kind)).toMatch(/nothing is lost with it: a running controller writes it anew$/);
  });

  test.each([
    { kind: 'last-good' },
    { kind: 'quarantine' },
    { kind: 'journal-record' },
    { kind: 'snapshot-manifest' },
    { kind: 'alert' },
  ] as const)('$kind is the only one of its kind: it stays, and a person is needed', ({ kind }) => {
    expect(saidOf(kind)).toMatch(/nothing is written over it: repair it, or move it away/);
  });
});
