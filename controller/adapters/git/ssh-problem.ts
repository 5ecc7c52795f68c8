/**
 * What ssh complained of, and what a person does about it. Git's own words after it (`Could not read from remote
 * repository`) name no cause, so they are no message.
 *
 * Not here: whether and when the host is asked again. Whatever the cause, the repository did not answer (L1).
 */

export interface SshProblem {
  /** A clause, without a credential. */
  readonly why: string;
  readonly resolve: string;
}

interface Server {
  /** As ssh's own tools take it. */
  readonly options: string;
  readonly name: string;
  /** As `known_hosts` has it. */
  readonly known: string;
}

const URL_OF_SSH = /^(?:git\+)?ssh:\/\/(?:[^/@]*@)?(?<name>\[[^\]]*\]|[^/:]+)(?::(?<port>\d+))?/;
const SCP_LIKE = /^(?:[^/@:]+@)(?<name>[^/:]+):/;
/** Git's line on a connection that ended before git's own talk began. */
const NO_TALK = /^fatal: Could not read from remote repository/m;

/** What run.ts says before it. */
const BEFORE = /^.*?`git` ended with exit code \d+: /;

/** `said`: as git printed it, or in a failure's message. Undefined where the address is not for ssh, or ssh itself had nothing to complain of. */
export function sshProblemOf(address: string, said: string): SshProblem | undefined {
  const server = serverOf(address);
  if (server === undefined) return undefined;
  const { name, options, known } = server;
  const stderr = said.replace(BEFORE, '');
  if (/^Host key for .* has changed/m.test(stderr)) {
    return {
      why: `the ssh server ${name} shows another host key than the one that known_hosts has for it: it was set up anew, or somebody stands in between`,
      resolve: `ask its owner for its key; when it is the new one, \`ssh-keygen -R '${known}'\` takes the old one away, and what \`ssh-keyscan ${options}${name}\` shows goes into known_hosts of the user that ci-warm runs as`,
    };
  }
  if (/^Host key verification failed/m.test(stderr)) {
    return {
      why: `the host key of the ssh server ${name} is not in known_hosts of the user that ci-warm runs as`,
      resolve: `compare what \`ssh-keyscan ${options}${name}\` shows with what its owner says, and add it there`,
    };
  }
  const denied = /^.*Permission denied \(.*\)/m.exec(stderr)?.[0];
  if (denied !== undefined) {
    return {
      why: `the ssh server ${name} takes no key of the user that ci-warm runs as (${denied})`,
      resolve: `give that user a key without a passphrase, named in its ~/.ssh/config, and its public half the right to read the repository there (a deploy key)`,
    };
  }
  const lines = stderr.split('\n').map((line) => line.trim());
  const before = lines.slice(
    0,
    lines.findIndex((line) => NO_TALK.test(line)),
  );
  const last = before.findLast((line) => line !== '');
  if (!NO_TALK.test(stderr) || last === undefined || /^(?:fatal|error):/.test(last))
    return undefined;
  return {
    why: `the ssh server ${name} cannot be spoken to (${last})`,
    resolve: `see that it can be reached from this host (\`ssh ${options}${name}\`)`,
  };
}

function serverOf(address: string): Server | undefined {
  const groups = (
    URL_OF_SSH.exec(address) ?? (address.includes('://') ? null : SCP_LIKE.exec(address))
  )?.groups;
  const name = groups?.['name']?.replace(/^\[(.*)\]$/, '$1');
  if (name === undefined) return undefined;
  const port = groups?.['port'];
  return port === undefined || port === '22'
    ? { name, options: '', known: name }
    : { name, options: `-p ${port} `, known: `[${name}]:${port}` };
}
