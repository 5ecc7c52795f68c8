/**
 * A snapshot that a person found damaged is told to everybody: the running controller is asked for a drill, which finds
 * the same before it makes anything, raises the alert once, and says it by the condition `SnapshotValid`.
 *
 * Without a controller nobody is told: whoever only looks starts nothing, and goes on with nothing that was broken off.
 */
import { reasonOf } from '../model/failure.ts';
import { askController } from './ask.ts';
import type { Globals, Host } from './host.ts';

/** For the drill to find it; what it has begun it ends all the same. */
const WAIT_MS = 5 * 60_000;

/** Says what came of it on stderr. Never throws: what was found is the answer, told or not. */
export async function tellDamage(
  { terminal }: Host,
  name: string,
  options: Globals,
): Promise<void> {
  const byHand = `ci-warm snapshot drill ${name}`;
  try {
    const answer = await askController(options, { verb: 'drill', name }, WAIT_MS);
    terminal.say(
      answer === undefined
        ? `No controller runs, so nobody was alerted. To have it told: ${byHand}`
        : `The controller was asked to look for itself, and to tell: ${answer.message}`,
    );
  } catch (thrown) {
    terminal.say(
      `Whether the controller tells it is not known: ${reasonOf(thrown)}. Else: ${byHand}`,
    );
  }
}
