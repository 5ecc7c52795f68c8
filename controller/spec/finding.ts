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
  /** True when another object has to be mended for it. */
  readonly follows: boolean;
}

/** Where another object stands, for a message. */
export function placeWords({ source }: ValidatedDocument): string {
  return `at ${source.file}:${String(source.line)}`;
}
