/**
 * Every reason that a condition can give, with the sentence that says what it means: the public vocabulary, and part of
 * the interface. A word leaves this list only with a new apiVersion. docs/status-and-alerts.md shows the same list, and a
 * test compares the two.
 *
 * Not here: the reasons of a hold's evidence and of a failed phase, which say more about one case (`Alert.reasons`,
 * `PhaseFailure.reason`); where one of those is a reason of a condition too, it stands here as well.
 */
export const reasons = {
  // Ready
  Valid: 'The object is well-formed; others use it.',
  InSync: 'The app runs the version that is wanted, and is healthy.',
  UpgradeHeld: 'The app runs its known-good version, and a newer one waits for a person.',
  Quarantined: 'The app runs its known-good version, and the wanted one failed its health gate.',
  Suspended: 'Nothing is done to the object while `suspend` is true.',
  BackingOff: 'An attempt failed for the sake of the machine, and the next one waits.',
  RegistryUnavailable:
    'The image registry did not answer; nothing was stopped for it, and the next attempt waits.',
  RegistryDenied:
    'The image registry refused this host an image; nothing was stopped for it, and the next attempt waits.',
  ImageMissing:
    'The image registry does not have an image of the release; nothing was stopped for it, and the next attempt waits.',
  DiskFull: 'There is too little room on the disk for an attempt, and the next one waits.',
  Waiting: 'Something is to be done for the app, and other apps or another controller go first.',
  Installing: 'The app is being installed for the first time.',
  Adopting: 'The app was deployed before ci-warm came, and is taken over as it runs.',
  Upgrading: 'The app is being moved to another version.',
  Repairing: 'The app is being brought back to its known-good version.',
  Retiring:
    'Nothing under `desired/` asks for the app any more: its data goes into its snapshot, and then it is taken away.',
  Restoring: 'The app is being brought back to a snapshot, with the version that it belongs to.',
  Drilling: 'The snapshot is being tried beside the app, which runs on.',
  InstallHeld: 'The app was never installed, and its first version waits for a person.',
  InstallFailed:
    'The first install failed its health gate; the app is undeployed and its volumes are kept.',
  NotRunning: 'The app is not deployed.',
  Orphaned: 'Nothing under `desired/` asks for the object any more.',
  Retired:
    'Nothing under `desired/` asks for the app any more and nothing of it runs; what is kept of it may be pruned.',
  NotSeenYet: 'No pass has judged the object yet, or not since its mistakes were mended.',
  NoAnswer: 'Docker or a repository did not answer, so nothing is known and nothing is done.',
  HealthUnknown: 'The health of the app could not be observed.',
  // Stalled
  InvalidSpec: 'The object is written wrongly; what it stands for stays as it is.',
  NotYetServed: 'This version of ci-warm reads the kind and does nothing with it.',
  UnknownRecipe: 'The recipe that the app names is not there.',
  VersionNotFound: 'The recipe has no tag of the name that `version` gives.',
  VersionGone: "The known-good version's tag is gone from the recipe.",
  NoRelease: 'The recipe has no release that the app could take.',
  SecretGone:
    "A secret that the app's data belongs to is gone from Swarm's store, and a new value would not fit.",
  Stranded:
    'A transition failed and so did the way back; the app is undeployed and its data is safe.',
  Stalled: 'Nothing goes on until a person changes something.',
  // Healthy
  ServicesRunning:
    'Every wanted task runs at its wanted image, and no health check says otherwise.',
  Unprobed:
    'Every wanted task runs, and nothing more is known: there is no health check and no probe that had anybody to ask.',
  ServiceMissing: 'A service of the app is not there.',
  TasksNotRunning: 'A service has fewer running tasks than it should have.',
  ContainerUnhealthy: "Docker's own health check of a container fails.",
  ProbeFailed: 'A health probe answered that the app is not healthy.',
  Unhealthy: 'The app is not healthy; the message says how.',
  // UpgradeHeld
  NothingHeld: 'No newer version waits for a person.',
  HeldMajor: 'A version in the way is a major of the recipe or of the app.',
  HeldManualMigration: 'Release notes of a version in the way ask for work by hand.',
  HeldUnparsable: 'A version in the way, or its recipe, could not be read or compared.',
  HeldImageMajor: 'An image moves by a major, or changes its repository.',
  HeldVolume: 'A volume is renamed or gone.',
  HeldNewConfiguration: 'A new variable, secret or configuration has to be given.',
  HeldDowngrade: 'The wanted version is older than the known-good one.',
  HeldDomain: 'The domain or the recipe changed, and the data belongs to the old one.',
  HeldUnhealthy: 'The app is not healthy now, and its data must not replace the known-good.',
  HeldForAge:
    'A newer version is younger than `gate.minAge`; it is taken without a person once it is old enough.',
  HeldAdoption: 'Something that ci-warm did not make is deployed under the name of the app.',
  // Quarantined, RolledBack
  NotQuarantined: 'No version of the app is quarantined.',
  RestoredByHand: 'A person went back from a version to a snapshot, and it is not gone to again.',
  HealthGateFailed: 'A version failed its health gate and is not tried again.',
  NotRolledBack: 'The last transition was not rolled back.',
  TransitionRolledBack:
    'The last transition was turned round; version and data are those of before.',
  RollbackFailed: 'Even the way back failed; the app is undeployed and its data is safe.',
  // SnapshotValid
  SnapshotPresent: 'A snapshot is there, and its manifest can be read.',
  DrillPassed: 'The snapshot was restored beside the app, and its version was healthy on it.',
  DrillFailed: 'A drill could not restore the snapshot, or its version was not healthy on it.',
  SnapshotUnreadable: 'The manifest of the snapshot could not be read.',
  StateUnreadable: "The app's state files could not be read.",
} as const satisfies Readonly<Record<string, string>>;

export type Reason = keyof typeof reasons;

/** `text` where it is a reason of the list, else `otherwise`: words from elsewhere do not widen the vocabulary. */
export function reasonFrom(text: string, otherwise: Reason): Reason {
  return Object.hasOwn(reasons, text) ? (text as Reason) : otherwise;
}
