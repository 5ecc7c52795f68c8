/** Keys of a compose file that do not go together, though each is right by itself: Docker refuses them as well. */
import { listOf, memberOf, membersOf, textOf } from './yaml-value.ts';

/** The long form of a mount: `type` says which other keys there may be. Undefined: nothing is wrong. */
export function mountConflict(mount: unknown): string | undefined {
  const type = textOf(memberOf(mount, 'type')) ?? '';
  const hasSource = (textOf(memberOf(mount, 'source')) ?? '') !== '';
  if (type === 'bind' && !hasSource) return 'is of type bind and has no source';
  if (type === 'tmpfs' && hasSource) return 'is of type tmpfs and has a source: take it out';
  const stranger = ['bind', 'volume', 'tmpfs'].find(
    (key) => key !== type && memberOf(mount, key) instanceof Map,
  );
  const isKnown = type === 'bind' || type === 'volume' || type === 'tmpfs';
  return stranger === undefined || !isKnown
    ? undefined
    : `is of type ${type} and has options under ${stranger}: take them out`;
}

/** Of anything that may be external, its name stands in one place. */
export function nameConflict(declared: unknown): string | undefined {
  const outer = textOf(memberOf(declared, 'name')) ?? '';
  const inner = textOf(memberOf(declared, 'external', 'name')) ?? '';
  return outer === '' || inner === ''
    ? undefined
    : 'has a name and a name under external: take the second out';
}

/** Of a volume, also what only one of our own could have. */
export function volumeConflict(declared: unknown): string | undefined {
  const external = memberOf(declared, 'external');
  const key = ['driver', 'driver_opts', 'labels'].find((one) => isFilled(memberOf(declared, one)));
  if (external !== true && !(external instanceof Map)) return undefined;
  return key === undefined
    ? nameConflict(declared)
    : `is external and has a key ${key}, which Docker does not take together: take it out`;
}

function isFilled(value: unknown): boolean {
  return membersOf(value).length > 0 || listOf(value).length > 0 || (textOf(value) ?? '') !== '';
}
