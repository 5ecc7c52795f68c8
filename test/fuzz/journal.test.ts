import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { readJournal } from '../../controller/adapters/files/journal-text.ts';
import type { JournalRecord, TransitionKind } from '../../controller/model/journal.ts';
import { createStateCheck } from '../../controller/spec/state-validators.ts';
import { progressOf } from '../../controller/transitions/progress.ts';
import { tableOf } from '../../controller/transitions/tables.ts';
import * as sample from '../adapters/files/samples.ts';
import { byteDamage, damageBytes, damagedJson } from './damage.ts';
import { fuzz } from './fuzz.ts';

const check = createStateCheck();
const records: readonly JournalRecord[] = [
  ...[sample.begin('t1', 'notes'), sample.intent('t1', 'prepare'), sample.ok('t1', 'prepare')],
  ...[sample.intent('t1', 'undeploy'), sample.failed('t1', 'undeploy'), sample.end('t1')],
  ...[sample.begin('t2'), sample.ok('t2', 'prepare'), sample.end('t2', 'rolled-back')],
  ...[sample.begin('t3'), sample.intent('t3', 'prepare'), sample.ok('t3', 'prepare')],
];
const lines = records.map((record) => JSON.stringify(record));
const whole = Buffer.from(lines.map((line) => `${line}\n`).join(''));

function read(content: Buffer): ReturnType<typeof readJournal> {
  return readJournal(content, sample.app, check);
}

/** Transitions of which the journal says anything at all. */
function idsOf(content: Buffer): readonly string[] {
  const reading = read(content);
  if (reading.kind === 'damaged') return [];
  const { view } = reading.journal;
  return [...view.history, ...view.open.slice(0, 1)].map(({ id }) => id);
}

/** Lines dropped, doubled, moved, altered, or written by somebody else. */
const rewritten = fc
  .array(
    fc.tuple(
      fc.constantFrom('drop', 'double', 'move', 'foreign', 'alter'),
      fc.nat(lines.length - 1),
      fc.nat(lines.length - 1),
      fc.oneof(
        fc.constantFrom('', ' ', '{}', 'null', '[]', '\0\0', 'not JSON', lines[0] ?? ''),
        fc
          .constantFrom(...records)
          .chain((record) => damagedJson(record))
          .map((value) => JSON.stringify(value)),
      ),
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((steps) =>
    steps.reduce<readonly string[]>((current, [how, at, to, other]) => {
      const line = current[at] ?? '';
      if (how === 'drop') return current.toSpliced(at, 1);
      if (how === 'double') return current.toSpliced(to, 0, line);
      if (how === 'move') return current.toSpliced(at, 1).toSpliced(to, 0, line);
      return current.toSpliced(at, how === 'alter' ? 1 : 0, other);
    }, lines),
  );

describe('whatever a journal holds', () => {
  fuzz('of one that was cut, every whole line counts and no other', fc.nat(whole.length), (at) => {
    const content = whole.subarray(0, at);

    const reading = read(content);

    if (reading.kind === 'damaged') throw new Error(reading.why.says);
    const begun = content.toString().split('\n').length - 1;
    const isWhole = reading.journal.tornBytes === 0;
    const counted = reading.journal.lacksLineEnd ? begun + 1 : begun;
    expect(reading.journal.validBytes + reading.journal.tornBytes).toBe(at);
    expect(isWhole || at < whole.length).toBe(true);
    expect(
      read(
        Buffer.from(
          lines
            .slice(0, counted)
            .map((line) => `${line}\n`)
            .join(''),
        ),
      ),
    ).toMatchObject({
      journal: { view: reading.journal.view },
    });
  });

  fuzz(
    'one byte that is wrong loses no more than the line that was being written',
    byteDamage,
    (damage) => {
      const content = damageBytes(whole, damage);

      const reading = read(content);

      if (damage.kind === 'cut' || reading.kind === 'damaged') return;
      const { view } = reading.journal;
      expect(view.history).toHaveLength(2);
      expect(view.open.length).toBeGreaterThanOrEqual(2);
    },
  );

  fuzz('no transition whose beginning stands in it is forgotten (L2)', rewritten, (altered) => {
    const content = Buffer.from(altered.map((line) => `${line}\n`).join(''));

    const reading = read(content);

    if (reading.kind === 'damaged') {
      expect(reading.why.line).toBeGreaterThan(0);
      expect(reading.why.says).not.toBe('');
      return;
    }
    // The last line may be one of which nothing has reached the disk.
    const whole = altered.filter((line) => line.trim() !== '' && !line.includes('\0'));
    const begun = whole.flatMap((line) => {
      const record = JSON.parse(line) as JournalRecord;
      return record.phase === 'begin' ? [record.id] : [];
    });
    expect(idsOf(content)).toEqual([...new Set(begun)]);
    progressOf(reading.journal.view.open);
  });

  fuzz(
    'what no controller ever began to write is never an empty journal',
    fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    (content) => {
      const reading = read(content);

      // What begins with NUL may be a line of which nothing has reached the disk.
      const isBegun = content[0] === 0 || '{"'.startsWith(content.toString('latin1', 0, 2));
      expect(reading.kind).toBe(isBegun && isLastLine(content) ? 'ok' : 'damaged');
    },
  );
});

function isLastLine(content: Buffer): boolean {
  const end = content.indexOf('\n');
  return end < 0 || (end === content.length - 1 && content.includes(0));
}

const phases = (
  ['install', 'upgrade', 'repair', 'restore', 'adopt'] as readonly TransitionKind[]
).flatMap((kind) => {
  const begin = sample.begin('t1');
  if (begin.phase !== 'begin' || begin.event !== 'intent' || begin.input === undefined) return [];
  return Object.keys(tableOf(kind, begin.input).phases);
});
const phase = fc.constantFrom(...phases, 'begin', 'end', 'fly', 'constructor', '__proto__');
const anyRecord = fc.oneof(
  phase.map((name) => sample.intent('t1', name)),
  phase.map((name) => sample.ok('t1', name)),
  fc
    .tuple(phase, fc.constantFrom('unhealthy', 'inconclusive', 'refused'), fc.boolean())
    .map(([name, verdict, noAnswer]) =>
      sample.failed('t1', name, { ...sample.failure, verdict, noAnswer }),
    ),
  fc
    .constantFrom('succeeded', 'rolled-back', 'abandoned', 'undeployed', 'stranded')
    .map((how) => sample.end('t1', how as Parameters<typeof sample.end>[1])),
  fc.constant(sample.begin('t1')),
);
const anyKind = fc.constantFrom<TransitionKind>('install', 'upgrade', 'repair', 'restore', 'adopt');

describe('whatever records a transition has', () => {
  fuzz(
    'it is clear what is to be done next, or that nobody can say (L2)',
    fc.tuple(
      anyKind,
      fc.oneof(
        fc.array(anyRecord, { maxLength: 30 }),
        fc.array(anyRecord, { maxLength: 30 }).map((all) => [sample.begin('t1'), ...all]),
        // Outcomes in the order in which a transition has them, so that the way leads on.
        fc
          .subarray([...phases], { minLength: 2 })
          .map((names) => [
            sample.begin('t1'),
            ...names.flatMap((name) => [sample.intent('t1', name), sample.ok('t1', name)]),
          ]),
      ),
    ),
    ([kind, all]) => {
      const progress = progressOf(all.map((record) => ({ ...record, transition: kind })));

      if (progress === undefined) return;
      expect(['perform', 'end', 'ended']).toContain(progress.step.kind);
      if (progress.step.kind !== 'perform') return;
      expect(Object.keys(tableOf(kind, progress.input).phases)).toContain(progress.step.phase);
      expect(progress.step.attempt).toBeGreaterThanOrEqual(1);
    },
  );
});
