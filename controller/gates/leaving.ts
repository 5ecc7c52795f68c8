/**
 * Who else may answer for an app that is asked by its name. The proxy knows for a while what it was told before: until the
 * tasks of the former version have ended, it may be one of them that answers.
 *
 * U3: an old task is neither success nor failure of this change, so that nobody knows (L1). Not on a node that is down:
 * what runs there is listed for as long as that lasts.
 */
import type { ProbeSpec } from '../model/desired.ts';
import type { ProbeResult } from '../model/probe.ts';
import type { SwarmView } from '../model/swarm.ts';

/** `view` is of the app's stack alone. Empty: whatever answers is what is wanted. */
export function whoElseAnswers(
  probes: readonly ProbeSpec[],
  { tasks, nodes }: SwarmView,
): readonly ProbeResult[] {
  if (!probes.some(({ kind }) => kind === 'proxy')) return [];
  const leaving = tasks.find(
    ({ state, desiredState, nodeId }) =>
      state === 'running' &&
      desiredState !== 'running' &&
      nodes.some(({ id, ready }) => id === nodeId && ready),
  );
  return leaving === undefined
    ? []
    : [
        {
          kind: 'unknown',
          probe: 'who answers through the proxy',
          detail: `task ${leaving.id}, which is being stopped, may do so`,
        },
      ];
}
