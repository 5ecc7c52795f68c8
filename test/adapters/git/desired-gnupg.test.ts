/** Commits signed with GnuPG, judged by the keyring of the user that ci-warm runs as. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { appliedOf, desired, make, ops, signal, source, staleOf, useOps } from './desired-ops.ts';

useOps();

/** Of whoever signs: it has every secret key. */
let signers: string;
/** Of the controller: public keys alone. */
let keyring: string;

beforeEach(() => {
  [signers, keyring] = [join(ops.folder, 'signers'), join(ops.folder, 'keyring')];
  for (const home of [signers, keyring]) mkdirSync(home, { mode: 0o700 });
  vi.stubEnv('GNUPGHOME', keyring);
  make([desired({ 'a.yaml': 'one' })]);
});
afterEach(() => {
  for (const home of [signers, keyring]) {
    execFileSync('gpgconf', ['--homedir', home, '--kill', 'all'], { stdio: 'ignore' });
  }
});

describe('with signatures of GnuPG demanded', () => {
  test('a commit by a key of the keyring is followed', async () => {
    makeKey('own');
    trust('own');
    const commit = sign('own');

    const tree = await source({ isSigned: true }).read(signal);

    expect([tree.revision, tree.files[0]?.text]).toEqual([commit, 'one']);
  });

  test.each([
    { name: 'without a signature', key: undefined, says: 'it has none' },
    { name: 'by a key that is not in the keyring', key: 'foreign', says: 'No public key' },
    { name: 'by a key that has expired', key: 'old', says: 'expired' },
    { name: 'by a key that was revoked', key: 'revoked', says: 'revoked' },
  ])('a commit $name is refused, and what was applied stays', async ({ key, says }) => {
    makeKey('own');
    trust('own');
    sign('own');
    const one = source({ isSigned: true });
    const applied = appliedOf(await one.read(signal));
    if (key !== undefined) makeKey(key, key === 'old' ? longAgo : now);
    const refused = sign(key, key === 'old' ? longAgo : now);
    if (key === 'revoked') revoke(key);
    if (key !== undefined && key !== 'foreign') trust(key);

    const stale = await staleOf(one.read(signal, applied));

    expect(stale).toMatchObject({ code: 'unsigned', refused });
    expect(stale.why).toContain(says);
    expect((await one.readApplied?.(applied, signal))?.files[0]?.text).toBe('one');
  });

  test('a commit whose content is another than what was signed is refused', async () => {
    makeKey('own');
    trust('own');
    const signed = gitOf(['cat-file', 'commit', sign('own')]);
    const forged = gitOf(['hash-object', '-t', 'commit', '-w', '--stdin'], {
      input: `${signed.replace(/^signed$/m, 'another')}\n`,
    });
    gitOf(['update-ref', 'refs/heads/main', forged]);

    const stale = await staleOf(source({ isSigned: true }).read(signal));

    expect(stale.why).toContain('BAD signature');
  });

  test('gpg.minTrustLevel keeps out a key that nobody vouches for', async () => {
    makeKey('own');
    trust('own');
    sign('own');
    writeFileSync(join(ops.folder, 'gitconfig'), '[gpg]\n\tminTrustLevel = fully\n');

    const stale = await staleOf(source({ isSigned: true }).read(signal));

    expect(stale.why).toContain('not certified with a trusted signature');
  });
});

type When = readonly string[];
const now: When = [];
const longAgo: When = ['--faked-system-time', '20250101T000000'];

function gpg(home: string, args: readonly string[], input?: Buffer | string): Buffer {
  const quiet = ['--homedir', home, '--batch', '--quiet', '--no-tty', '--passphrase', ''];
  return execFileSync('gpg', [...quiet, '--pinentry-mode', 'loopback', ...args], {
    stdio: ['pipe', 'pipe', 'ignore'],
    ...(input === undefined ? {} : { input }),
  });
}

/** A key that lives for ever, or that was made long ago for a day. */
function makeKey(name: string, when: When = now): void {
  const life = when === now ? '0' : '1d';
  gpg(signers, [...when, '--quick-gen-key', addressOf(name), 'ed25519', 'sign', life]);
}

/** Puts the public half into the controller's keyring. */
function trust(name: string): void {
  gpg(keyring, ['--import'], gpg(signers, ['--export', addressOf(name)]));
}

/** By the certificate that gpg made with the key, behind whose colon a person says that it is meant. */
function revoke(name: string): void {
  const listed = gpg(signers, ['--with-colons', '--list-keys', addressOf(name)]).toString();
  const print = /^fpr:+(?<print>[0-9A-F]+):/m.exec(listed)?.groups?.['print'] ?? '';
  const path = join(signers, 'openpgp-revocs.d', `${print}.rev`);
  const text = execFileSync('sed', ['s/^:-----BEGIN/-----BEGIN/', path]);
  gpg(signers, ['--import'], text);
}

function addressOf(name: string): string {
  return `${name}@example.org`;
}

/** A commit with the same tree on top of the branch. */
function sign(name: string | undefined, when: When = now): string {
  const program = join(ops.folder, 'gpg-of-signer');
  const options = ['--homedir', signers, ...when].join(' ');
  writeFileSync(program, `#!/bin/sh\nexec gpg ${options} "$@"\n`, { mode: 0o755 });
  const key = name === undefined ? [] : [`-S${addressOf(name)}`];
  const settings = ['-c', `gpg.program=${program}`];
  const commit = gitOf([
    ...settings,
    ...['commit-tree', ...key, '-p', 'main', '-m', 'signed', 'main^{tree}'],
  ]);
  gitOf(['update-ref', 'refs/heads/main', commit]);
  return commit;
}

function gitOf(args: readonly string[], { input }: { readonly input?: string } = {}): string {
  const person = { GIT_AUTHOR_NAME: 'Maintainer', GIT_COMMITTER_NAME: 'Maintainer' };
  const address = addressOf('maintainer');
  return execFileSync('git', ['--git-dir', ops.repository, ...args], {
    env: {
      ...process.env,
      ...person,
      GIT_AUTHOR_EMAIL: address,
      GIT_COMMITTER_EMAIL: address,
    },
    stdio: ['pipe', 'pipe', 'ignore'],
    ...(input === undefined ? {} : { input }),
  })
    .toString()
    .trim();
}
