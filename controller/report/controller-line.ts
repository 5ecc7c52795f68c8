/** What `ci-warm status` says of the controller itself: that it lives, and what of desired state it does not follow. */
import type { ControllerStatus } from '../model/state-file.ts';
import { sentence, shortRevision } from './text.ts';

/** One line; a second one while newer desired state is not in force. Undefined: none ever wrote here. */
export function controllerLines(controller: ControllerStatus | undefined): string {
  if (controller === undefined) return 'No controller has written here yet.';
  const { version, pid, lastPassAt } = controller;
  const alive = `Controller ${version} (process ${String(pid)}) last looked at ${lastPassAt}.`;
  const behind = notInForce(controller);
  return behind === undefined ? alive : `${alive}\n${behind}`;
}

function notInForce({
  lastAppliedRevision: applied,
  lastAttemptedRevision: attempted,
  notFollowedBecause: why,
}: ControllerStatus): string | undefined {
  const isNewer = attempted !== undefined && attempted !== applied;
  if (why === undefined) {
    return isNewer
      ? `Desired state ${shortRevision(attempted)} has no valid Settings: nothing is begun until it has (ci-warm validate).`
      : undefined;
  }
  const what = isNewer ? `Desired state ${shortRevision(attempted)}` : 'Newer desired state';
  const stays = applied === undefined ? 'none is in force' : `${shortRevision(applied)} stays`;
  return `${what} is not followed, ${stays}: ${sentence(why)}`;
}
