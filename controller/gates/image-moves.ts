/**
 * Safety gate: an image of a service that moves by a major, changes its repository, or moves in a way that nobody can
 * judge (G2). The recipe's own version need not say any of it: a database under a patch bump is the case that costs data.
 *
 * A tag's major is its first number, as for the app's half of a version (model/version.ts): `15-alpine` to `16-alpine` is
 * one, `7.2` to `7.4` is none, a year is a major. What stands behind the numbers (`-alpine`) is not compared. A tag that
 * is written as before says nothing, whatever it leads to by now; nor does another digest under the same version.
 */
import type { HoldReason } from '../model/alert.ts';
import { parseImageReference } from '../model/image-reference.ts';
import type { RecipeStructure, ServiceStructure } from '../model/structure.ts';
import {
  appMajor,
  compareAppVersions,
  parseAppVersion,
  type AppVersion,
} from '../model/version.ts';
import type { StructureFinding } from './finding.ts';

/** `1a2b3c4` begins with a number that means nothing. */
const COMMIT_LIKE = /^(?=.*\d)(?=.*[a-f])[0-9a-f]{7,40}$/;

/** What moves from one version to the next, one reason a service at most. */
export function judgeImages(
  from: RecipeStructure,
  to: RecipeStructure,
): readonly StructureFinding[] {
  return samePairs(from, to).flatMap(([before, after]) => {
    if (before.image === after.image) return [];
    const reason = judgeMove(before, after, to.tag);
    return reason === undefined ? [] : [{ subject: after.name, reason }];
  });
}

/** An image that goes back within its major: what runs now may have moved the data already. */
export function judgeImageDowngrades(
  from: RecipeStructure,
  to: RecipeStructure,
): readonly StructureFinding[] {
  return samePairs(from, to).flatMap(([before, after]) => {
    const [was, is] = [parseImage(before.image), parseImage(after.image)];
    if (was.name !== is.name || compareAppVersions(is.version, was.version) !== 'older') return [];
    if (appMajor(was.version) !== appMajor(is.version)) return [];
    const message = `service ${after.name} goes back from ${before.image} to ${after.image}, and data that a newer version has touched may not suit it`;
    return [
      {
        subject: after.name,
        reason: reasonOf('held-downgrade', 'ImageDowngrade', { before, after, message }),
      },
    ];
  });
}

/** A service under its name; and one that went for one that came, where they share a volume: its data has a new program. */
function samePairs(
  from: RecipeStructure,
  to: RecipeStructure,
): readonly (readonly [ServiceStructure, ServiceStructure])[] {
  const came = to.services.filter(({ name }) => from.services.every((one) => one.name !== name));
  return from.services.flatMap((before) => {
    const same = to.services.find(({ name }) => name === before.name);
    if (same !== undefined) return [[before, same] as const];
    return came
      .filter((after) => sharesVolume(before, after))
      .map((after) => [before, after] as const);
  });
}

function sharesVolume(a: ServiceStructure, b: ServiceStructure): boolean {
  return a.mounts.some(({ volume }) => b.mounts.some((mount) => mount.volume === volume));
}

function judgeMove(
  before: ServiceStructure,
  after: ServiceStructure,
  tag: string,
): HoldReason | undefined {
  const was = parseImage(before.image);
  const is = parseImage(after.image);
  const moves = `service ${after.name} moves from ${before.image} to ${after.image} in ${tag}`;
  if (was.name !== is.name) {
    const message = `${moves}: another repository, and nobody can say what it does with the data`;
    return reasonOf('held-image-major', 'ImageRepository', { before, after, message });
  }
  const [major, next] = [appMajor(was.version), appMajor(is.version)];
  if (major === undefined || next === undefined) {
    if (was.version.text === is.version.text && was.digest === is.digest) return undefined;
    const message = `${moves}, and nobody can say whether that is a major`;
    return reasonOf('held-unparsable', 'ImageUnparsable', { before, after, message });
  }
  if (major === next) return undefined;
  const message = `${moves}: a major of its image`;
  return reasonOf('held-image-major', 'ImageMajor', { before, after, message });
}

interface Image {
  readonly name: string;
  readonly version: AppVersion;
  readonly digest: string | undefined;
}

function parseImage(image: string): Image {
  const [tagged = ''] = image.split('@');
  const { name, tag = '' } = parseImageReference(tagged);
  const version = parseAppVersion(tag);
  const isUnreadable = COMMIT_LIKE.test(tag) || image.includes('$');
  return {
    name,
    version: isUnreadable ? { ...version, numbers: undefined } : version,
    digest: parseImageReference(image).digest,
  };
}

interface Move {
  readonly before: ServiceStructure;
  readonly after: ServiceStructure;
  readonly message: string;
}

function reasonOf(
  kind: HoldReason['kind'],
  reason: string,
  { before, after, message }: Move,
): HoldReason {
  const { file, line } = after.imagePlace;
  return { kind, reason, message, file, line: line ?? null, from: before.image, to: after.image };
}
