/**
 * Whether git accepts a commit's signature: `git verify-commit` with the configuration of the user that ci-warm runs as,
 * which says whose keys count (`gpg.format`, `gpg.ssh.allowedSignersFile`, `gpg.minTrustLevel`, the GnuPG keyring).
 * Judges no key itself.
 */
import { DesiredStaleError } from '../../model/desired-stale.ts';
import { hostGit } from './desired-mirror.ts';
import type { Mirror } from './git.ts';

const TIMEOUT_MS = 30_000;
const REASON_LINES_MAX = 4;
/** What gpg says of every signature, and the ends of its sentences: which key it was, and when, tells nobody why. */
const NOISE = /^(?:gpg: Signature made |gpg: {4,}|Primary key fingerprint:| *Subkey fingerprint:)/;

/** Returns where the signature is good. Errors: `DesiredStaleError` (`unsigned`), `tool-failed`, `timed-out`, `aborted`. */
export async function demandSignature(
  mirror: Mirror,
  commit: string,
  shown: string,
  signal: AbortSignal,
): Promise<void> {
  const short = commit.slice(0, 12);
  const { exitCode, stderr } = await hostGit(
    mirror,
    {
      doing: `verifying the signature of commit ${short}`,
      args: ['verify-commit', '--', commit],
      timeoutMs: TIMEOUT_MS,
      okExitCodes: [0, 1],
    },
    signal,
  );
  if (exitCode === 0) return;
  throw new DesiredStaleError({
    code: 'unsigned',
    why: `commit ${short} of ${shown} has no signature that git accepts: ${reasonIn(stderr)}`,
    resolve:
      'push a commit whose signature `git verify-commit` accepts for the user that ci-warm runs as, or start the controller without --desired-signed',
    refused: commit,
  });
}

function reasonIn(stderr: string): string {
  const lines = stderr
    .split('\n')
    .filter((line) => line.trim() !== '' && !NOISE.test(line))
    .map((line) => line.replace(/^gpg: (?:Note: |WARNING: )?/, '').trim());
  return lines.length === 0 ? 'it has none' : lines.slice(0, REASON_LINES_MAX).join(' / ');
}
