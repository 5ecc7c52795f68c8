/** The actions on state files: publishing, appending, compacting, telling. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Alert } from '../../controller/model/alert.ts';
import type { JournalRecord } from '../../controller/model/journal.ts';
import type { AppRecord } from '../../controller/model/record.ts';
import {
  alert,
  app,
  begin,
  end,
  index,
  intent,
  lastGood,
  ok,
  quarantine,
  status,
} from '../adapters/files/samples.ts';
import { adaptersOf, perform, type Act } from './acts.ts';
import type { Ground, Scenario } from './scenario.ts';

interface Plan {
  readonly name: string;
  /** What was done before, undisturbed. */
  readonly before: readonly Act[];
  readonly act: Act;
  /** One sentence for each thing that is not as it must be. `done`: the action has said that it is done. */
  judge(stateDir: string, done: boolean): Promise<readonly string[]>;
}

const append = (...records: readonly JournalRecord[]): Act => ({
  act: 'append',
  records,
  again: false,
});
const raise = (event: Alert): Act => ({ act: 'alert', alert: event, again: false });
const good = (version?: string): Act => ({ act: 'last-good', app, lastGood: lastGood(version) });
/** As many as it takes for a compaction at the end of the next. */
const finished = Array.from({ length: 200 }, (_, number) => {
  const id = `t${String(number).padStart(3, '0')}`;
  return [begin(id), end(id)];
}).flat();
const told = alert('first');
const next = alert('second', { at: '2026-11-21T09:45:00.000Z', kind: 'rollback' });

const plans: readonly Plan[] = [
  {
    name: 'publishing last_good',
    before: [good('1.0.0+2.0.0'), append(begin('t1'))],
    act: good('1.0.1+2.0.0'),
    judge: async (stateDir, done) => {
      const readText = (): string => readFileSync(join(stateDir, app, 'last_good'), 'utf8').trim();
      const before = readText();
      // Reading the record lets the text follow: only who is not done needs that.
      const record = await recordOf(stateDir);
      const text = done ? before : readText();
      const version = record.lastGood?.version;
      const wanted = done ? ['1.0.1+2.0.0'] : ['1.0.0+2.0.0', '1.0.1+2.0.0'];
      return [
        ...unless(wanted.includes(version ?? ''), `last_good.json says ${String(version)}`),
        ...unless(text === version, `last_good says ${text} and last_good.json ${String(version)}`),
        ...unless(record.open.length === 1, 'the journal has lost its transition'),
      ];
    },
  },
  {
    name: 'publishing the first last_good',
    before: [],
    act: good(),
    judge: async (stateDir, done) => {
      const { lastGood: found } = await recordOf(stateDir);
      return unless(found !== null || !done, 'there is no last_good.json');
    },
  },
  {
    name: 'quarantining',
    before: [{ act: 'quarantine', app, quarantine: quarantine('1.0.0+2.0.0') }],
    act: { act: 'quarantine', app, quarantine: quarantine('1.0.1+2.0.0') },
    judge: async (stateDir, done) => {
      const version = (await recordOf(stateDir)).quarantine?.version;
      const wanted = done ? ['1.0.1+2.0.0'] : ['1.0.0+2.0.0', '1.0.1+2.0.0'];
      return unless(wanted.includes(version ?? ''), `quarantined is ${String(version)}`);
    },
  },
  {
    name: 'lifting a quarantine',
    before: [{ act: 'quarantine', app, quarantine: quarantine() }],
    act: { act: 'quarantine', app, quarantine: null },
    judge: async (stateDir, done) => {
      const { quarantine: found } = await recordOf(stateDir);
      return unless(!done || found === null, 'the quarantine is still there');
    },
  },
  {
    name: 'beginning a journal',
    before: [],
    act: append(begin('t1'), intent('t1', 'pull')),
    judge: (stateDir, done) => judgeJournal(stateDir, [], done ? ['begin', 'pull'] : []),
  },
  {
    name: 'beginning again a journal that could not be begun',
    before: [],
    act: { act: 'append', records: [begin('t1'), intent('t1', 'pull')], again: true },
    judge: (stateDir, done) => judgeJournal(stateDir, [], done ? ['begin', 'pull'] : []),
  },
  {
    name: 'appending to a journal',
    before: [append(begin('t1'), intent('t1', 'pull'))],
    act: append(ok('t1', 'pull'), intent('t1', 'undeploy')),
    judge: (stateDir, done) =>
      judgeJournal(stateDir, ['begin', 'pull'], done ? ['pull', 'undeploy'] : []),
  },
  {
    name: 'appending again what could not be appended',
    before: [append(begin('t1'), intent('t1', 'pull'))],
    act: { act: 'append', records: [ok('t1', 'pull'), intent('t1', 'undeploy')], again: true },
    judge: (stateDir, done) =>
      judgeJournal(stateDir, ['begin', 'pull'], done ? ['pull', 'undeploy'] : []),
  },
  {
    name: 'compacting a journal',
    before: [append(...finished, begin('last'))],
    act: append(end('last'), begin('next')),
    judge: async (stateDir, done) => {
      const { history, open } = await recordOf(stateDir);
      const ids = history.map(({ id }) => id);
      const wanted = [...(done ? ['last'] : []), 't199', 't160'];
      return [
        ...wanted.flatMap((id) => unless(ids.includes(id), `the transition ${id} is forgotten`)),
        ...unless(open.length <= 1, 'more transitions are open than were begun'),
        ...unless(!done || open[0]?.id === 'next', 'the new transition is forgotten'),
      ];
    },
  },
  {
    name: 'raising an alert',
    before: [raise(told)],
    act: raise(next),
    judge: judgeAlerts,
  },
  {
    name: 'raising again an alert that could not be raised',
    before: [raise(told)],
    act: { act: 'alert', alert: next, again: true },
    judge: judgeAlerts,
  },
  {
    name: 'writing the status of every object',
    before: [{ act: 'status', statuses: [status('guestbook'), status('gone')], index }],
    act: { act: 'status', statuses: [status('guestbook', 'held'), status('new')], index },
    judge: async (stateDir, done) => {
      const found = await adaptersOf(stateDir).store.readStatuses();
      const names = found.map(({ name }) => name).join();
      const known = ['gone,guestbook', 'gone,guestbook,new', 'guestbook,new'];
      return unless((done ? ['guestbook,new'] : known).includes(names), `there are ${names}`);
    },
  },
];

/** Each with what was done before it done once, and copied for every attack. */
export async function stateFileScenarios(folder: string): Promise<Scenario[]> {
  const scenarios: Scenario[] = [];
  for (const [number, plan] of plans.entries()) {
    const template = join(folder, `template-${number}`);
    execFileSync('mkdir', [template]);
    for (const act of plan.before) await perform({ stateDir: template, isStart: false, act });
    const wanted = join(folder, `wanted-${number}`);
    execFileSync('cp', ['-a', template, wanted]);
    await perform({ stateDir: wanted, isStart: false, act: plan.act });
    scenarios.push({ name: plan.name, tools: [], prepare: () => groundOf(plan, template, wanted) });
  }
  return scenarios;
}

function groundOf({ act, judge }: Plan, template: string, wanted: string): Ground {
  const parent = mkdtempSync(join(tmpdir(), 'ci-warm-syscalls-'));
  const stateDir = join(parent, 'state');
  execFileSync('cp', ['-a', template, stateDir]);
  return {
    stateDir,
    act,
    whatIsBroken: () => sentences(() => judge(stateDir, false)),
    whatIsMissing: async (repeated) => [
      ...(await sentences(() => judge(stateDir, true))),
      ...(repeated ? differences(stateDir, wanted) : []),
    ],
    remove: () => {
      rmSync(parent, { recursive: true, force: true });
    },
  };
}

async function sentences(judge: () => Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await judge();
  } catch (error) {
    return [String(error)];
  }
}

/** Of the files, by name and by content but for journals, which may hold a record twice. */
function differences(stateDir: string, wanted: string): string[] {
  const [is, should] = [filesIn(stateDir), filesIn(wanted)];
  return [...new Set([...is.keys(), ...should.keys()])].flatMap((name) => {
    if (!is.has(name)) return [`${name} is missing`];
    if (!should.has(name)) return [`${name} was left behind`];
    if (name.endsWith('journal.jsonl')) return [];
    return unless(is.get(name) === should.get(name), `${name} is another one`);
  });
}

function filesIn(directory: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const entry of readdirSync(directory, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) files.set(path.slice(directory.length + 1), readFileSync(path, 'utf8'));
  }
  return files;
}

/** The record as the next controller reads it. Throws where it is Unknown: nothing here may make it so. */
async function recordOf(stateDir: string): Promise<AppRecord> {
  const record = (await adaptersOf(stateDir).store.records([app])).get(app);
  if (record?.known !== true) throw new Error(record?.why ?? 'the app is not known');
  return record.value;
}

/** An event has one file, however often it is told (A1). */
async function judgeAlerts(stateDir: string, done: boolean): Promise<readonly string[]> {
  const alerts = await adaptersOf(stateDir).alerts.list();
  const count = (fingerprint: string): number =>
    alerts.filter(({ alert: { fingerprint: found } }) => found === fingerprint).length;
  return [
    ...unless(count('first') === 1, `the first alert is there ${count('first')} times`),
    ...unless(count('second') <= 1, `the new alert is there ${count('second')} times`),
    ...unless(!done || count('second') === 1, 'the new alert is not there'),
    ...unless(alerts.length === count('first') + count('second'), 'there is a third alert'),
  ];
}

/** `kept`: the phases of records that were there; `added`: those that the action has said to be there. */
async function judgeJournal(
  stateDir: string,
  kept: readonly string[],
  added: readonly string[],
): Promise<readonly string[]> {
  const { open } = await recordOf(stateDir);
  const phases = open.map(({ phase }) => phase);
  const wanted = [...kept, ...added];
  let at = -1;
  return wanted.flatMap((phase) => {
    at = phases.indexOf(phase, at + 1);
    return unless(at >= 0, `of ${wanted.join()} the journal has ${phases.join()}`);
  });
}

function unless(holds: boolean, sentence: string): string[] {
  return holds ? [] : [sentence];
}
