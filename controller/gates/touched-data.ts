/**
 * Safety gate of a first install: a newer version whose install failed may have changed the volumes, which are kept, and
 * an older one must not start on them (P2).
 */
import type { HoldReason } from '../model/alert.ts';
import type { TransitionSummary } from '../model/journal.ts';
import { compareVersions, parseVersion } from '../model/version.ts';

/** A reason for the newest attempt that the target is not at least as new as; none when there was none. */
export function judgeTouchedData(
  targetTag: string,
  history: readonly TransitionSummary[],
): readonly HoldReason[] {
  const target = parseVersion(targetTag);
  const newer = history.findLast((past) => {
    if (past.kind !== 'install' || past.end !== 'undeployed') return false;
    const tried = parseVersion(past.toVersion);
    if (past.toVersion === targetTag) return false;
    if (target.kind !== 'version' || tried.kind !== 'version') return true;
    const order = compareVersions(target.version, tried.version);
    return order === 'older' || order === 'incomparable';
  });
  if (newer === undefined) return [];
  return [
    {
      kind: 'held-downgrade',
      reason: 'Downgrade',
      message: `the failed install of ${newer.toVersion} may have changed the volumes, and ${targetTag} is older; look at the data first`,
      file: null,
      line: null,
      from: newer.toVersion,
      to: targetTag,
    },
  ];
}
