/**
 * Which of the rarer lives a world has really lived, read off what it left when it was over: a life that no world lives
 * any more is one that no rule is tried on.
 */
import type { JournalRecord } from '../../controller/model/journal.ts';
import { lackingOf } from './asked.ts';
import { isBlamed, releaseIn } from './invariants.ts';
import { stackOf } from './wanted.ts';
import type { World } from './world.ts';

/** Life → how often it is lived in 500 worlds that are drawn, at the very least. */
export const livedAtLeast = {
  'a release waited for its age, and was taken': 10,
  'a release without a date was never taken': 5,
  'a release waited for what people have to give, and was taken': 2,
  'a release waits for what nobody has given': 2,
  'an upgrade waited for room on the disk, and was made': 1,
  'a drill found its snapshot to be good': 3,
  'an app was retired, and came back with its data': 5,
  'an app was pruned, and nothing of it was left': 1,
  'newer desired state was refused, and people were told': 10,
  'a release that answers only now and then was found out': 5,
  'a release was proved through the proxy': 10,
  'the proxy was away while an app was judged': 2,
} as const satisfies Readonly<Record<string, number>>;

export type Life = keyof typeof livedAtLeast;

/** Each once for every app that lived it. */
export function livesOf(world: World): readonly Life[] {
  const refusals: readonly Life[] = world.state.alerts.some(
    ({ alert }) =>
      alert.kind === 'desired-stale' && !alert.fingerprint.startsWith('desired-stale/unreadable'),
  )
    ? ['newer desired state was refused, and people were told']
    : [];
  return [...refusals, ...world.wanted.apps.flatMap(({ name }) => livesOfApp(world, name))];
}

function livesOfApp(world: World, app: string): readonly Life[] {
  const { records } = world.state.of(app);
  const wanted = world.wanted.apps.find(({ name }) => name === app);
  const releases = world.recipes.get(app)?.releases ?? [];
  const taken = new Set(records.flatMap((record) => upgradeOf(record) ?? []));
  const lives: Life[] = [...judgedOf(world, app, records)];
  const isPatient = (wanted?.minAgeMs ?? 0) > 0;
  const seen = releases.filter(
    ({ appearsAtMs, tag }) => appearsAtMs > 0 && tag !== wanted?.approved,
  );
  if (isPatient && seen.some(({ isDated, tag }) => isDated && taken.has(tag))) {
    lives.push('a release waited for its age, and was taken');
  }
  if (isPatient && seen.some(({ isDated, tag }) => !isDated && !taken.has(tag))) {
    lives.push('a release without a date was never taken');
  }
  const told = world.state.alerts.filter(
    ({ alert }) => alert.kind === 'held-new-configuration' && alert.app === app,
  );
  const held = releases.filter(({ tag }) => told.some(({ alert }) => alert.to === tag));
  if (held.some(({ tag }) => taken.has(tag) && tag !== wanted?.approved)) {
    lives.push('a release waited for what people have to give, and was taken');
  }
  const { lastGood } = world.state.of(app);
  const runs = lastGood === null ? undefined : releaseIn(world, app, lastGood.commit);
  const isLacking = held.some(
    (release) =>
      runs !== undefined &&
      release.order > runs.order &&
      lackingOf(world, app, { from: runs, to: release }).length > 0,
  );
  if (isLacking) lives.push('a release waits for what nobody has given');
  const { history } = world.state.of(app).view;
  const full = history.findIndex(
    ({ kind, end, failure }) =>
      kind === 'upgrade' && end === 'abandoned' && failure?.reason === 'DiskFull',
  );
  const isMade = history
    .slice(full)
    .some(({ kind, end }) => kind === 'upgrade' && end === 'succeeded');
  const drills = history.filter(({ kind }) => kind === 'drill');
  if (drills.some(({ end }) => end === 'succeeded')) {
    lives.push('a drill found its snapshot to be good');
  }
  if (world.rules.pruned.has(app)) lives.push('an app was pruned, and nothing of it was left');
  const retired = history.findIndex(({ kind, end }) => kind === 'retire' && end === 'succeeded');
  const isBack = history.slice(retired + 1).some(({ kind }) => kind === 'restore');
  if (retired >= 0 && isBack) lives.push('an app was retired, and came back with its data');
  if (full >= 0 && isMade) lives.push('an upgrade waited for room on the disk, and was made');
  return lives;
}

function judgedOf(world: World, app: string, records: readonly JournalRecord[]): readonly Life[] {
  const isFoundOut = records.some((record) => {
    const to = upgradeOf(record);
    const release = world.recipes.get(app)?.releases.find(({ tag }) => tag === to);
    const flaps = release?.services.some(({ behaviour }) => behaviour === 'flaps') === true;
    return flaps && isBlamed(records, record.id);
  });
  const lives: Life[] = isFoundOut
    ? ['a release that answers only now and then was found out']
    : [];
  const isProxied = world.wanted.apps.some(
    ({ name, isBehindProxy }) => name === app && isBehindProxy,
  );
  const { history } = world.state.of(app).view;
  if (isProxied && history.some(({ kind, end }) => kind === 'upgrade' && end === 'succeeded')) {
    lives.push('a release was proved through the proxy');
  }
  if (world.proxy.missed.has(stackOf(app)))
    lives.push('the proxy was away while an app was judged');
  return lives;
}

/** What an upgrade went to that began with this record. */
function upgradeOf(record: JournalRecord): string | undefined {
  const isBegin = record.event === 'intent' && record.input !== undefined;
  return isBegin && record.transition === 'upgrade' ? record.input.to.version : undefined;
}
