/** What of desired state was applied last: what newer state is compared with, also after a restart. */
export interface AppliedDesired {
  /** The commit, or the digest of a directory. */
  readonly revision: string;
  /** Which repository and branch the revision is of; null: a directory, which has no history. */
  readonly origin: string | null;
  /** `WarmApp/keycloak`: every object but runs, in order. */
  readonly objects: readonly string[];
  readonly appliedAt: string;
}
