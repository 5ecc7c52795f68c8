/** One way to break the product on purpose, and the tests that must notice. */
export interface Mutant {
  /** What the broken product does. */
  readonly name: string;
  /** The rule of docs/rules.md that it breaks. */
  readonly rule: string;
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
  /** Test files of which at least one must fail. */
  readonly tests: readonly string[];
}
