/** A reason that a comparison of two recipes came to, and what it is about: the same thing is not told twice. */
import type { HoldReason } from '../model/alert.ts';

export interface StructureFinding {
  /** The service, volume or variable that it is about. */
  readonly subject: string;
  readonly reason: HoldReason;
}
