import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { writeFileAtomic } from '../../../controller/adapters/files/atomic-write.ts';
import { createDockerCli } from '../../../controller/adapters/stack/docker-cli.ts';

const signal = new AbortController().signal;
const outOfSequence =
  'failed to update service s_app: Error response from daemon: rpc error: code = Unknown desc = update out of sequence';
const savedConfig = process.env['DOCKER_CONFIG'];
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ci-warm-cli-'));
  process.env['DOCKER_CONFIG'] = join(folder, 'config');
  mkdirSync(join(folder, 'config'));
  mkdirSync(join(folder, 'stack'));
});
afterEach(() => {
  if (savedConfig === undefined) delete process.env['DOCKER_CONFIG'];
  else process.env['DOCKER_CONFIG'] = savedConfig;
  rmSync(folder, { recursive: true, force: true });
});

/** A `docker` that notes how it was called, and does what `deploy` says. */
async function fakeDocker(help: string, deploy: string): Promise<string> {
  const path = join(folder, 'docker');
  await writeFileAtomic(
    path,
    `#!/bin/sh
echo "$PWD $DOCKER_HOST $*" >>${folder}/calls
case "$*" in *--help) echo '${help}'; exit 0;; esac
${deploy}
`,
    { mode: 0o755 },
  );
  chmodSync(path, 0o755);
  return path;
}

function calls(): readonly string[] {
  return readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n');
}

const stack = () => ({ stack: 's', directory: join(folder, 'stack'), files: ['a.yml', 'o.yml'] });

describe('deploy', () => {
  test.each([
    {
      name: 'one that knows --detach is told to',
      help: '-d, --detach   Exit immediately',
      option: ' --detach=true',
    },
    { name: 'one that does not is left alone', help: '--prune   Prune', option: '' },
  ])('a command line is asked once what it knows: $name', async ({ help, option }) => {
    const cli = createDockerCli(await fakeDocker(help, 'exit 0'));

    await cli.deploy(stack(), signal);
    await cli.deploy(stack(), signal);

    const deploy = `stack deploy --resolve-image never${option} --compose-file a.yml --compose-file o.yml s`;
    expect(calls().map((call) => call.split(' ').slice(2).join(' '))).toEqual([
      'stack deploy --help',
      deploy,
      deploy,
    ]);
  });

  test('runs where the files are, against the Engine that the API talks to', async () => {
    const cli = createDockerCli(await fakeDocker('', 'exit 0'));

    await cli.deploy(stack(), signal);

    expect(calls()[1]).toContain(`${folder}/stack unix:///var/run/docker.sock `);
  });

  test.each([
    { name: 'credentials', config: { auths: { 'r.example.org': {} } }, isPassed: true },
    { name: 'a helper that keeps them', config: { credsStore: 'pass' }, isPassed: true },
    { name: 'no credentials', config: { auths: {}, credsStore: '' }, isPassed: false },
  ])('a host with $name passes them on: $isPassed', async ({ config, isPassed }) => {
    await writeFileAtomic(join(folder, 'config', 'config.json'), JSON.stringify(config));
    const cli = createDockerCli(await fakeDocker('', 'exit 0'));

    await cli.deploy(stack(), signal);

    expect(calls()[1]?.includes('--with-registry-auth')).toBe(isPassed);
  });

  test('is repeated while somebody else writes the same services', async () => {
    const script = `[ $(wc -l <${folder}/calls) -gt 3 ] || { echo '${outOfSequence}' >&2; exit 1; }`;
    const cli = createDockerCli(await fakeDocker('', script));

    await cli.deploy(stack(), signal);

    expect(calls()).toHaveLength(4);
  });

  test('is not repeated for ever', async () => {
    const cli = createDockerCli(await fakeDocker('', `echo '${outOfSequence}' >&2; exit 1`));

    await expect(cli.deploy(stack(), signal)).rejects.toMatchObject({ code: 'tool-failed' });
    expect(calls()).toHaveLength(5);
  });

  test('says what Docker said', async () => {
    const cli = createDockerCli(await fakeDocker('', "echo 'secret not found: x' >&2; exit 1"));

    await expect(cli.deploy(stack(), signal)).rejects.toMatchObject({ code: 'tool-failed' });
  });

  test('a command line that is not there is named', async () => {
    const cli = createDockerCli(join(folder, 'nothing'));

    await expect(cli.deploy(stack(), signal)).rejects.toMatchObject({
      code: 'tool-failed',
      message: expect.stringContaining('nothing') as string,
    });
  });
});
