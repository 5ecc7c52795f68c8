/** Desired state and recipes from a real ssh server, and what is said where it does not let git in. */
import { chmodSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { createGitRecipes } from '../../../controller/adapters/git/recipes.ts';
import { findProgram } from '../../../controller/setup/find-program.ts';
import { desired, make, ops, signal, source, staleOf, useOps } from './desired-ops.ts';
import { makeKey, sshdProgram, startSshd, type SshServer } from './ssh-server.ts';

useOps();

let sshd: string | undefined;
let ssh = '';
let publicKey = '';
let hostKey = '';

beforeAll(async () => {
  sshd = await sshdProgram();
  ssh = (await findProgram('ssh')) ?? '';
});

beforeEach((context) => {
  if (sshd === undefined) context.skip('there is no sshd, and none could be had');
  publicKey = makeKey(join(ops.folder, 'user-key'));
  hostKey = makeKey(join(ops.folder, 'host-key'));
  // The real program, which looks for the configuration of its user not where HOME says, but where /etc/passwd does.
  writeFileSync(
    join(ops.folder, 'ssh'),
    `#!/bin/sh\ntr '\\0' ' ' < /proc/$PPID/cmdline >> '${join(ops.folder, 'callers')}'\nexec '${ssh}' -F '${join(ops.folder, 'ssh_config')}' "$@"\n`,
  );
  chmodSync(join(ops.folder, 'ssh'), 0o755);
});

describe('a server that lets git in', () => {
  test('gives desired state and releases', async () => {
    const { address } = await serve();
    const [commit = ''] = make([{ ...desired({ 'a.yaml': 'one' }), tags: ['1.0.0+1.0'] }]);

    const tree = await source({ address }).read(signal);
    const port = recipes();
    const { releases } = await port.view('r', address, signal);

    expect(tree.revision).toBe(commit);
    expect(tree.files.map(({ text }) => text)).toEqual(['one']);
    expect(releases).toMatchObject([{ tag: '1.0.0+1.0', commit }]);
    expect(await port.files('r', address, commit, signal)).toEqual(
      new Map([['desired/a.yaml', 'one']]),
    );
  });

  test('one ssh for recipes ends in the end, also where nobody is left who would end it', async () => {
    const { address } = await serve();
    make([{ files: { a: '1' }, tags: ['1.0.0+1.0'] }]);

    await recipes().view('r', address, signal);

    expect(readFileSync(join(ops.folder, 'callers'), 'utf8')).toMatch(
      /^timeout --foreground --kill-after=5 900 ssh /,
    );
  });

  test('a repository that is not there is what git says of it, and no matter of ssh', async () => {
    const { address } = await serve();

    const { why, resolve } = await staleOf(source({ address }).read(signal));
    const recipe = await failureOf(recipes().view('r', address, signal));

    expect(why).toContain('does not appear to be a git repository');
    expect(resolve).toContain('git ls-remote');
    expect(recipe).toMatch(/does not appear to be a git repository; .*git ls-remote/);
  });
});

describe('a server that does not', () => {
  const refusals: readonly {
    readonly name: string;
    readonly setUp: (server: SshServer) => void;
    readonly why: RegExp;
    readonly resolve: RegExp;
  }[] = [
    {
      name: 'with another host key than the known one is not spoken to',
      setUp: ({ port }) => {
        know(port, makeKey(join(ops.folder, 'other-key')));
      },
      why: /the ssh server 127\.0\.0\.1 shows another host key than the one that known_hosts has/,
      resolve: /ask its owner .*`ssh-keygen -R '\[127\.0\.0\.1\]:\d+'`.*`ssh-keyscan -p \d+ 127/,
    },
    {
      name: 'whose host key nobody knows is not spoken to',
      setUp: () => {
        writeFileSync(join(ops.folder, 'known_hosts'), '');
      },
      why: /host key of the ssh server 127\.0\.0\.1 is not in known_hosts/,
      resolve: /compare what `ssh-keyscan -p \d+ 127\.0\.0\.1` shows/,
    },
    {
      name: 'that takes no key of ours is named with the way to be let in',
      setUp: () => {
        makeKey(join(ops.folder, 'unknown-key'));
        configure('unknown-key');
      },
      why: /takes no key of the user that ci-warm runs as \(\S+@127\.0\.0\.1: Permission denied \(publickey\)\.?\)/,
      resolve: /public half the right to read the repository there \(a deploy key\)/,
    },
    {
      name: 'and is gone is said to be',
      setUp: (server) => {
        server.end();
      },
      why: /127\.0\.0\.1 cannot be spoken to \(.*Connection refused\)/,
      resolve: /`ssh -p \d+ 127\.0\.0\.1`/,
    },
  ];

  test.each(refusals)('$name', async ({ setUp, why, resolve }) => {
    const { address, server } = await serve();
    make([{ ...desired({ 'a.yaml': 'one' }), tags: ['1.0.0+1.0'] }]);
    setUp(server);

    const stale = await staleOf(source({ address }).read(signal));
    const recipe = await failureOf(recipes().view('r', address, signal));

    expect(stale.code).toBe('fetch-failed');
    expect(stale.why).toMatch(why);
    expect(stale.resolve).toMatch(resolve);
    expect(recipe).toMatch(/^no-answer: asking ssh:/);
    expect(recipe).toMatch(why);
    expect(recipe).toMatch(resolve);
  });
});

test('a server that says nothing, or stops in the middle, is given up by ssh itself', async () => {
  const silent = await serve('silent');
  const stuck = await serve('stuck', `command="echo $PPID >> ${stopped()}; kill -STOP $PPID" `);
  make([{ ...desired({ 'a.yaml': 'one' }), tags: ['1.0.0+1.0'] }]);
  know(silent.server.port, hostKey, stuck.server.port);
  silent.server.process.kill('SIGSTOP');
  const [silentTree, silentRecipe, stuckTree, stuckRecipe] = await Promise.all([
    staleOf(source({ address: silent.address }).read(signal)),
    failureOf(recipes('a').view('r', silent.address, signal)),
    staleOf(source({ address: stuck.address, fragment: '#other' }).read(signal)),
    failureOf(recipes('b').view('r', stuck.address, signal)),
  ]);
  for (const pid of readFileSync(stopped(), 'utf8').trim().split('\n')) {
    process.kill(Number(pid), 'SIGKILL');
  }

  const nothing = /cannot be spoken to \(Connection .*timed out\)/;
  expect(silentTree.why).toMatch(nothing);
  expect(silentRecipe).toMatch(nothing);
  const noMore = /cannot be spoken to \(Timeout, server 127\.0\.0\.1 not responding\.\)/;
  expect(stuckTree.why).toMatch(noMore);
  expect(stuckRecipe).toMatch(noMore);
  expect(processesWith(ops.folder)).toEqual([]);
});

/** A server for the test's repository that the test's user may read, and whose key it knows. */
async function serve(
  name = 'server',
  restrictions = '',
): Promise<{ readonly server: SshServer; readonly address: string }> {
  const server = await startSshd(sshd ?? '', join(ops.folder, name), {
    hostKey: join(ops.folder, 'host-key'),
    authorized: `${restrictions}${publicKey}`,
  });
  onTestFinished(() => {
    server.end();
  });
  know(server.port, hostKey);
  configure('user-key');
  const { username } = userInfo();
  return { server, address: `ssh://${username}@127.0.0.1:${String(server.port)}${ops.repository}` };
}

function know(port: number, key: string, other = port): void {
  const lines = [port, other].map((one) => `[127.0.0.1]:${String(one)} ${key}\n`);
  writeFileSync(join(ops.folder, 'known_hosts'), lines.join(''));
}

function configure(key: string): void {
  writeFileSync(
    join(ops.folder, 'ssh_config'),
    [
      'Host *',
      `  IdentityFile ${join(ops.folder, key)}`,
      '  IdentitiesOnly yes',
      '  IdentityAgent none',
      `  UserKnownHostsFile ${join(ops.folder, 'known_hosts')}`,
      '  GlobalKnownHostsFile /dev/null',
      '',
    ].join('\n'),
  );
}

function recipes(name = 'state') {
  const stateDir = join(ops.folder, name);
  return createGitRecipes({ stateDir, clock: { now: () => ops.nowMs } });
}

async function failureOf(work: Promise<unknown>): Promise<string> {
  return await work.then(
    () => 'no failure',
    (error: unknown) => `${(error as { readonly code: string }).code}: ${(error as Error).message}`,
  );
}

function stopped(): string {
  return join(ops.folder, 'stopped');
}

/** Command lines of ssh that name the folder. */
function processesWith(folder: string): readonly string[] {
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid))
    .map(commandLine)
    .filter((line) => line.startsWith(ssh) && line.includes(folder));
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    // It ended in between.
    return '';
  }
}
