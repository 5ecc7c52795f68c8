/** What an app should be against what it is, and what that means for its recipe. */
/** A release by its tag and commit. */
export interface ReleaseRef {
  readonly version: string;
  readonly commit: string;
}

export interface AppDifference {
  readonly what: 'version' | 'env' | 'domain' | 'recipe' | 'settings' | 'drift';
  /** Of a variable its name; else empty. */
  readonly name: string;
  readonly from: string | null;
  readonly to: string | null;
  /** What else there is to say; empty: nothing. */
  readonly message: string;
}

export interface AppDiff {
  readonly app: string;
  readonly recipe: string;
  /** What it was proved good with; null: it was never installed. */
  readonly current: ReleaseRef | null;
  /** Where it should go; null: it is there. What is held is here too. */
  readonly target: ReleaseRef | null;
  readonly differences: readonly AppDifference[];
}
