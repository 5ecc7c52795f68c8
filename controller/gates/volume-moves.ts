/**
 * Safety gate: data that a new version would not find again. A volume that is renamed or gone leaves its data behind and
 * the app begins with nothing, healthy at that; so does one that is mounted elsewhere.
 *
 * Compared from each version in the way to the next (G3). Volumes that no service mounts hold nothing, and are left out.
 */
import type { HoldReason } from '../model/alert.ts';
import type {
  MountStructure,
  Place,
  RecipeStructure,
  ServiceStructure,
  VolumeStructure,
} from '../model/structure.ts';
import type { StructureFinding } from './finding.ts';

interface Step {
  readonly from: RecipeStructure;
  readonly to: RecipeStructure;
}

export function judgeVolumes(
  from: RecipeStructure,
  to: RecipeStructure,
): readonly StructureFinding[] {
  const step = { from, to };
  return from.volumes
    .filter(({ key }) => from.services.some((service) => mountsIn(service, key).length > 0))
    .flatMap((volume) => {
      const after = to.volumes.find(({ key }) => key === volume.key);
      if (after === undefined) return [goneOrRenamed(step, volume)];
      return [...judgeIdentity(step, volume, after), ...judgeMounts(step, volume)];
    });
}

/** Renamed, where a new volume is mounted at a place that was its own. */
function goneOrRenamed({ from, to }: Step, volume: VolumeStructure): StructureFinding {
  const heir = to.volumes.find(
    ({ key }) =>
      from.volumes.every((one) => one.key !== key) &&
      from.services.some((service) =>
        mountsIn(service, volume.key).some(({ target }) =>
          to.services.some((after) => mountsIn(after, key).some((one) => one.target === target)),
        ),
      ),
  );
  return heir === undefined
    ? finding(volume.key, 'VolumeGone', {
        place: volume,
        values: [volume.key, null],
        message: `${to.tag} has no volume ${volume.key} any more (${placeText(volume)} of ${from.tag}): its data would be left behind`,
      })
    : finding(volume.key, 'VolumeRenamed', {
        place: heir,
        values: [volume.key, heir.key],
        message: `${to.tag} keeps in volume ${heir.key} what was in ${volume.key}, and would begin without the data`,
      });
}

function judgeIdentity(
  { to }: Step,
  before: VolumeStructure,
  after: VolumeStructure,
): readonly StructureFinding[] {
  if (before.name !== after.name) {
    return [
      finding(before.key, 'VolumeRenamed', {
        place: after,
        values: [before.name, after.name],
        message: `volume ${before.key} is called ${after.name} in Docker from ${to.tag} on, not ${before.name}: it would begin without the data`,
      }),
    ];
  }
  if (before.isExternal === after.isExternal) return [];
  const [was, is] = [before, after].map(({ isExternal }) =>
    isExternal ? 'external' : "the stack's own",
  );
  return [
    finding(before.key, 'VolumeExternal', {
      place: after,
      values: [was ?? null, is ?? null],
      message: `volume ${before.key} was ${was ?? ''} and is ${is ?? ''} from ${to.tag} on: snapshots hold the stack's own volumes alone`,
    }),
  ];
}

/** Each service that mounted it has to have it at the same places; one that went, whoever came with the same volume. */
function judgeMounts({ from, to }: Step, volume: VolumeStructure): readonly StructureFinding[] {
  const { key } = volume;
  const came = to.services.filter(({ name }) => from.services.every((one) => one.name !== name));
  const isMounted = to.services.some((service) => mountsIn(service, key).length > 0);
  return from.services.flatMap((before): readonly StructureFinding[] => {
    const mounts = mountsIn(before, key);
    const same = to.services.find(({ name }) => name === before.name);
    const heirs = came.filter((service) => mountsIn(service, key).length > 0);
    if (mounts.length === 0) return [];
    if (same === undefined && heirs.length === 0 && isMounted) return [];
    const now = (same === undefined ? heirs : [same]).flatMap((service) => mountsIn(service, key));
    const lost = mounts.find(({ target }) => now.every((mount) => mount.target !== target));
    if (lost === undefined) return [];
    const added = now.find(({ target }) => mounts.every((mount) => mount.target !== target));
    const subject = `${before.name}/${key}`;
    return [
      added === undefined
        ? finding(subject, 'VolumeUnmounted', {
            place: lost,
            values: [lost.target, null],
            message: `in ${to.tag} service ${before.name} does not mount volume ${key} at ${lost.target} any more (${placeText(lost)} of ${from.tag})`,
          })
        : finding(subject, 'VolumeMoved', {
            place: added,
            values: [lost.target, added.target],
            message: `in ${to.tag} volume ${key} of service ${before.name} is mounted at ${added.target}, not at ${lost.target}`,
          }),
    ];
  });
}

/**
 * A service with a volume that is to be started beside its old task, where the version that runs did not ask for that.
 * ci-warm deploys it stop-first all the same (recipe/override.ts); but whoever wrote it did not think of the data, or
 * means two tasks to share it.
 */
export function judgeUpdateOrder(
  from: RecipeStructure,
  to: RecipeStructure,
): readonly StructureFinding[] {
  return to.services.flatMap((service): readonly StructureFinding[] => {
    const before = from.services.find(({ name }) => name === service.name);
    const [mount] = service.mounts;
    if (service.startFirst === undefined || mount === undefined) return [];
    if (before?.startFirst !== undefined && before.mounts.length > 0) return [];
    return [
      finding(service.name, 'StartFirst', {
        place: service.startFirst,
        values: ['stop-first', 'start-first'],
        message: `${to.tag} wants a new task of service ${service.name} beside the old one while it is updated, and both would have volume ${mount.volume}`,
      }),
    ];
  });
}

function mountsIn({ mounts }: ServiceStructure, key: string): readonly MountStructure[] {
  return mounts.filter(({ volume }) => volume === key);
}

function placeText({ file, line }: Place): string {
  return line === undefined ? file : `${file}:${String(line)}`;
}

interface Evidence {
  readonly place: Place;
  readonly values: readonly [from: string | null, to: string | null];
  readonly message: string;
}

function finding(
  subject: string,
  reason: string,
  { place, values: [from, to], message }: Evidence,
): StructureFinding {
  const { file, line } = place;
  const held: HoldReason = {
    ...{ kind: 'held-volume', reason, message },
    ...{ file, line: line ?? null, from, to },
  };
  return { subject, reason: held };
}
