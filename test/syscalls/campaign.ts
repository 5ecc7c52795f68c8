/**
 * Attacks one scenario at every call: counts them in an undisturbed run, then makes each in turn the last one or a
 * failed one, repeats the action as the next controller would, and says what is broken then.
 */
import { availableParallelism } from 'node:os';

import { isKilled, readCalls, type Call } from './calls.ts';
import { Durability } from './durability.ts';
import { runSubject, type SubjectRun, type Target } from './run-subject.ts';
import type { Ground, Scenario } from './scenario.ts';

/**
 * `kill`: the attacked process dies, and what it has started goes on. `cut`: every process dies. The others: the call
 * fails with that error and does nothing.
 */
export type Fault = 'kill' | 'cut' | 'ENOSPC' | 'EIO';

export interface Point {
  readonly target: Target;
  readonly kind: string;
  readonly k: number;
  readonly fault: Fault;
}

export interface Attacked {
  readonly point: Point;
  /** The call came, and the fault with it. */
  readonly isReached: boolean;
  readonly violations: readonly string[];
}

/** Calls that take room, and so may find none. */
const WRITING = new Set([
  ...['mkdir', 'mkdirat', 'rename', 'symlink', 'symlinkat', 'linkat', 'write', 'pwrite64'],
  ...['ftruncate', 'fsync', 'fdatasync', 'syncfs'],
]);
const CHANGING = new Set([...WRITING, 'unlink', 'unlinkat', 'rmdir', 'close', 'utimensat']);

/** Every point of a scenario. Throws when it does not even work undisturbed. */
export async function pointsOf(scenario: Scenario): Promise<readonly Point[]> {
  const points: Point[] = [];
  const targets: readonly Target[] = ['pool', 'main', ...scenario.tools];
  for (const target of targets) {
    const ground = scenario.prepare();
    const { stateDir, act } = ground;
    try {
      const run = await runSubject({ stateDir, isStart: false, act }, { target, isCut: false });
      await run.end();
      const wrong = [
        ...unexpected(run),
        ...notDurable([run]),
        ...(await ground.whatIsMissing(false)),
      ];
      if (wrong.length > 0) throw new Error(`${scenario.name}, undisturbed: ${wrong.join('; ')}`);
      points.push(...pointsIn(readCalls(run.targetLog), target, stateDir, scenario));
    } finally {
      ground.remove();
    }
  }
  return points;
}

/** Attacks at each of the points, as many at a time as there are cores. */
export async function attackAll(
  scenario: Scenario,
  points: readonly Point[],
): Promise<readonly Attacked[]> {
  const waiting = points.values();
  const attacked: Attacked[] = [];
  const work = async (): Promise<void> => {
    for (const point of waiting) attacked.push(await attackAt(scenario, point));
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return attacked;
}

/** For messages: `rename 2 of the controller: EIO`. */
export function nameOf({ target, kind, k, fault }: Point): string {
  return `${targetName(target)}, ${kind} ${k}: ${fault}`;
}

function targetName(target: Target): string {
  if (target === 'pool') return 'controller';
  return target === 'main' ? 'controller, looking' : `${target.program} ${target.argument}`;
}

async function attackAt(scenario: Scenario, point: Point): Promise<Attacked> {
  const ground = scenario.prepare();
  const { stateDir, act } = ground;
  const { target, kind, k, fault } = point;
  const effect = fault === 'kill' || fault === 'cut' ? 'signal=KILL' : `error=${fault}`;
  const attack = { target, injection: { kind, k, effect }, isCut: fault === 'cut' };
  const run = await runSubject({ stateDir, isStart: false, act }, attack);
  try {
    const isReached = run.targetLog.includes('(INJECTED)') || isKilled(run.targetLog);
    const violations = isReached ? unfit(point, run) : unexpected(run);
    const first = run.ending?.kind === 'done' ? 'after the attack' : 'left by the attack';
    violations.push(...(await look(ground, first, run)));
    const again = await runSubject(
      { stateDir, isStart: true, act },
      { target: 'pool', isCut: false },
    );
    violations.push(
      ...unexpected(again).map((sentence) => `repeated: ${sentence}`),
      ...notDurable([run, again]).map((sentence) => `repeated: ${sentence}`),
      ...(await ground.whatIsMissing(true)).map((sentence) => `repeated: ${sentence}`),
    );
    await again.end();
    return { point, isReached, violations };
  } finally {
    await run.end();
    ground.remove();
  }
}

async function look(ground: Ground, when: string, run: SubjectRun): Promise<string[]> {
  const isDone = run.ending?.kind === 'done';
  const wrong = isDone
    ? [...(await ground.whatIsMissing(false)), ...notDurable([run])]
    : [...(await ground.whatIsBroken()), ...tooEarly(run)];
  return wrong.map((sentence) => `${when}: ${sentence}`);
}

/** What is wrong with how the controller ended, given what was done to it. */
function unfit({ target, fault }: Point, { ending, targetLog }: SubjectRun): string[] {
  const isTool = typeof target === 'object';
  if (fault === 'cut' || (fault === 'kill' && !isTool)) {
    return ending === undefined ? [] : [`it was killed and yet ended: ${JSON.stringify(ending)}`];
  }
  if (ending === undefined) return ['it died of an error'];
  if (ending.kind === 'done') return [];
  if (ending.kind === 'thrown')
    return [`it threw something else than a CiWarmError: ${ending.message}`];
  const call = readCalls(targetLog).find(({ isInjected }) => isInjected);
  const codes = codesFor(fault, call);
  return codes.includes(ending.code) ? [] : [`it was told as ${ending.code}: ${ending.message}`];
}

function codesFor(fault: Fault, call: Call | undefined): readonly string[] {
  if (fault === 'ENOSPC') return ['disk-full'];
  const isChange = call === undefined || (isChanging(call) && call.kind !== 'close');
  // What cannot be read may be told as what it would have said.
  return isChange ? ['tool-failed'] : ['tool-failed', 'snapshot-invalid', 'state-invalid'];
}

function unexpected({ ending }: SubjectRun): string[] {
  return ending?.kind === 'done' ? [] : [`it did not get done: ${JSON.stringify(ending)}`];
}

function tooEarly(run: SubjectRun): readonly string[] {
  const durability = new Durability();
  durability.add(readCalls(run.poolLog));
  return durability.violations;
}

/** Of one or two processes on the same state, the last of which has said that it is done. */
function notDurable(runs: readonly SubjectRun[]): readonly string[] {
  const durability = new Durability();
  for (const { poolLog } of runs) durability.add(readCalls(poolLog));
  return [...durability.violations, ...durability.unsynced()];
}

function pointsIn(
  calls: readonly Call[],
  target: Target,
  stateDir: string,
  { tools }: Scenario,
): Point[] {
  const counts = new Map<string, number>();
  return calls.flatMap((call) => {
    const { kind, paths, text } = call;
    const k = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, k);
    const isOurs = paths.some((path) => path.startsWith(stateDir));
    const isPipe = typeof target === 'object' && /^\d+<pipe:/.test(text);
    if (!isOurs && !isPipe) return [];
    return faultsOf(call, target, isPipe, tools.length > 0).map((fault) => ({
      target,
      kind,
      k,
      fault,
    }));
  });
}

function faultsOf(call: Call, target: Target, isPipe: boolean, hasTools: boolean): Fault[] {
  if (target === 'main') return ['EIO'];
  if (!isChanging(call)) return typeof target === 'object' ? ['kill', 'EIO'] : ['EIO'];
  const deaths: Fault[] = hasTools ? ['kill', 'cut'] : ['kill'];
  return isWriting(call) && !isPipe ? [...deaths, 'ENOSPC', 'EIO'] : [...deaths, 'EIO'];
}

function isWriting({ kind, text }: Call): boolean {
  return WRITING.has(kind) || (kind === 'openat' && text.includes('O_CREAT'));
}

function isChanging(call: Call): boolean {
  return CHANGING.has(call.kind) || isWriting(call);
}
