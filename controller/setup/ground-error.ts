/** Why the ground could not be made: one sentence for a person that ends with what to do. The command ends with exit code 1. */
export class GroundError extends Error {
  constructor(sentence: string, cause?: unknown) {
    super(sentence, cause === undefined ? undefined : { cause });
    this.name = 'GroundError';
  }
}
