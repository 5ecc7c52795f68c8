/** Which ci-warm this is. */
import { programVersion } from '../adapters/system/identity.ts';

/** The version in ci-warm's own package.json. */
export function ownVersion(): string {
  return programVersion();
}
