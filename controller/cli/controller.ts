/** `ci-warm controller [--once]`: the daemon, or as much of it as brings everything to rest. */
import { setFlagsFromString } from 'node:v8';
import type { Command } from 'commander';
import { demandLocation } from './desired-option.ts';
import { exitCode } from './exit-codes.ts';
import { declare, type Globals, type Host } from './host.ts';
import { listenForInterruption } from './interruption.ts';

interface Options extends Globals {
  readonly once?: boolean;
}

/** What --once says of an end that is not the best one, beside its exit code. */
const ends: Readonly<Record<number, string>> = {
  [exitCode.failed]: 'something is not ready, or waits to be tried again',
  [exitCode.usage]: 'an object is invalid, or newer desired state is not followed',
  [exitCode.unsuccessful]: 'an upgrade failed and was rolled back',
};

export function declareController(host: Host): void {
  declare(host, {
    usage: 'controller',
    summary: 'keep the apps of the desired tree warm',
    description: [
      'Works on the desired tree until it is stopped by SIGINT or SIGTERM; then it finishes the step under way and leaves the apps as they are.',
      'While another controller holds the state directory, or the lease of the same domain in the Swarm, it waits, touches nothing, and takes over when both are free.',
      'With --once it works until nothing is left to do, and exits with: 0 when every object is ready (held, quarantined and suspended ones are); else the first that applies of 7 another controller holds the state directory or the lease in the Swarm, 2 an object is invalid or newer desired state is refused, 5 an upgrade failed and was rolled back, 1 something else is not ready or waits to be tried again (also a repository that does not answer).',
    ].join('\n\n'),
    examples: [
      'ci-warm controller',
      'ci-warm controller --once --desired ./desired --state /var/lib/ci-warm',
      'ci-warm controller --desired git+https://git.example.org/ops.git#main:desired',
    ],
  })
    .option('--once', 'work until nothing is left to do')
    .action(async (_: unknown, command: Command) => {
      host.finish(await controller(host, command.optsWithGlobals<Options>()));
    });
}

async function controller({ terminal }: Host, options: Options): Promise<number> {
  preferLittleMemory();
  const { runController } = await import('../wire/run-controller.ts');
  const { desired, desiredSigned = false, state, once = false } = options;
  demandLocation(desired, desiredSigned);
  const interruption = listenForInterruption(terminal);
  const outcome = await interruption.race(
    runController({ desired, desiredSigned, state, once, signal: interruption.signal }),
  );
  if (outcome.kind !== 'done') return outcome.exitCode;
  const why = once ? ends[outcome.value] : undefined;
  if (why !== undefined) {
    terminal.say(`ci-warm: ${why}\nNext: ci-warm status`);
  }
  return outcome.value;
}

/**
 * A daemon lives for months beside the apps that it keeps: a third less memory is worth a few milliseconds of CPU a
 * pass. To be called before the rest of the program is loaded, which is when the heap would grow. An engine that does
 * not know the wish ignores it.
 */
function preferLittleMemory(): void {
  setFlagsFromString('--memory-saver-mode');
  // So sparing, V8 collects the whole heap every third pass, for as much CPU as the passes take; allowed this much more,
  // and not to do it between passes besides, it takes a third less for 4 MiB.
  setFlagsFromString('--heap-growing-percent=40');
  setFlagsFromString('--no-memory-reducer');
}
