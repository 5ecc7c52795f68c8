import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  appliedOf,
  desired,
  gitStarts,
  make,
  ops,
  signal,
  source,
  staleOf,
  useOps,
} from './desired-ops.ts';
import { git } from './make-repository.ts';

useOps();

describe('with signatures demanded', () => {
  test('a signed commit is followed, and one without a signature, or with a foreign one, is refused', async () => {
    const own = signer('own');
    const foreign = signer('foreign');
    writeFileSync(
      join(ops.folder, 'signers'),
      `own@example.org ${readFileSync(`${own}.pub`, 'utf8')}`,
    );
    writeFileSync(
      join(ops.folder, 'gitconfig'),
      `[gpg "ssh"]\n\tallowedSignersFile = ${join(ops.folder, 'signers')}\n`,
    );
    make([desired({ 'a.yaml': 'one' })]);
    expect(await staleOf(source({ isSigned: true }).read(signal))).toMatchObject({
      code: 'unsigned',
    });

    sign(own);
    const one = source({ isSigned: true });
    const signed = await one.read(signal);
    const starts = gitStarts();
    await one.read(signal, appliedOf(signed));
    expect(gitStarts()).toBe(starts);

    const byForeign = sign(foreign);
    const stale = await staleOf(one.read(signal, appliedOf(signed)));
    expect(stale).toMatchObject({ code: 'unsigned', refused: byForeign });
    expect(stale.resolve).toContain('--desired-signed');
  });

  test('a signature that nobody can verify is none', async () => {
    make([desired({ 'a.yaml': 'one' })]);
    sign(signer('own'));

    const stale = await staleOf(source({ isSigned: true }).read(signal));

    expect(stale.code).toBe('unsigned');
    expect(stale.why).toContain('allowedSignersFile');
  });

  test('what was refused is verified again after a while, for the keys that count may be others by then', async () => {
    make([desired({ 'a.yaml': 'one' })]);
    const own = signer('own');
    sign(own);
    const one = source({ isSigned: true });
    await staleOf(one.read(signal));
    writeFileSync(
      join(ops.folder, 'signers'),
      `own@example.org ${readFileSync(`${own}.pub`, 'utf8')}`,
    );
    writeFileSync(
      join(ops.folder, 'gitconfig'),
      `[gpg "ssh"]\n\tallowedSignersFile = ${join(ops.folder, 'signers')}\n`,
    );

    await staleOf(one.read(signal));
    ops.nowMs += 61_000;

    expect((await one.read(signal)).files[0]?.text).toBe('one');
  });
});

function signer(name: string): string {
  const key = join(ops.folder, `key-${name}`);
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', key]);
  return key;
}

/** A commit with the same tree on top of the branch, signed with the key. */
function sign(key: string): string {
  const settings = ['-c', 'gpg.format=ssh', '-c', `user.signingKey=${key}`];
  const args = ['commit-tree', '-S', '-p', 'main', '-m', 'signed', 'main^{tree}'];
  const commit = git(ops.repository, [...settings, ...args]);
  git(ops.repository, ['update-ref', 'refs/heads/main', commit]);
  return commit;
}
