/** Something wrong with an object, at a path of it; load.ts turns it into a problem at a place. */
import type { Path } from './locate.ts';
import type { Complaint } from './problem.ts';
import type { ValidatedDocument } from './validate.ts';

export interface Finding {
  readonly path: Path;
  /** Whether the name of the field is meant, or what stands in it. */
  readonly at: 'key' | 'value';
  readonly complaint: Complaint;
}

/** A finding about one of several documents. */
export interface LinkFinding extends Finding {
  readonly document: ValidatedDocument;
  /**
   * `stalls`: the object cannot be used. `follows`: neither, and another object has to be mended for it, which is told
   * there. `tells`: nothing but a person's having to know; the other object of it is out of use for a mistake of its own,
   * and that never stops this one.
   */
  readonly effect: 'stalls' | 'follows' | 'tells';
}

/** Where another object stands, for a message. */
export function placeWords({ source }: ValidatedDocument): string {
  return `at ${source.file}:${String(source.line)}`;
}
