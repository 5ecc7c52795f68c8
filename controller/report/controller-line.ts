/** What `ci-warm status` says of the controller itself: that it lives, and what of desired state it does not follow. */
import type { Known } from '../model/known.ts';
import type { ControllerStatus } from '../model/state-file.ts';
import { duration, rfc3339, sentence, shortRevision } from './text.ts';

/** One line; a second one while newer desired state is not in force. Undefined: none ever wrote here. */
export function controllerLines(
  controller: Known<ControllerStatus | undefined>,
  nowMs: number,
): string {
  if (!controller.known)
    return `What the controller does is not known: ${sentence(controller.why)}`;
  if (controller.value === undefined) return 'No controller has written here yet.';
  const { version, pid, lastPassAt } = controller.value;
  const lookedMs = Date.parse(lastPassAt);
  const alive = `Controller ${version} (process ${String(pid)}) last looked at ${rfc3339(lookedMs)}, ${duration(nowMs - lookedMs)} ago.`;
  const behind = notInForce(controller.value);
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
