import { describe, expect, test } from 'vitest';

import { hostChecks, type DoctorFacts } from '../../controller/cli/host-checks.ts';

const gibibyte = 2 ** 30;
const overlay = { driver: 'overlay', scope: 'swarm' };
const engine = {
  version: '28.2.2',
  apiVersion: '1.50',
  swarm: 'active',
  manager: true,
  nodeId: 'node1',
  nodes: 1,
  networks: [
    { name: 'proxy', ...overlay },
    { name: 'docker_gwbridge', driver: 'bridge', scope: 'local' },
  ],
  // Somebody else's, which no app of the tree has.
  plainVolumes: [{ name: 'other_data', stack: 'other' }],
  data: { path: '/var/lib/docker', freeBytes: 50 * gibibyte },
};
const fine: DoctorFacts = {
  docker: { engine, trouble: undefined, ipvs: 'present' },
  tools: [
    { program: 'git', version: 'git version 2.39.5' },
    { program: 'tar', version: 'tar (GNU tar) 1.34' },
  ],
  wanted: {
    proxyNetwork: 'proxy',
    reserveBytes: 5 * gibibyte,
    warnBelowBytes: 15 * gibibyte,
    statefulStacks: ['book_example_org'],
    hasStateful: true,
  },
  tree: { shown: './desired', trouble: undefined },
  state: {
    path: '/var/lib/ci-warm',
    exists: true,
    writable: true,
    freeBytes: 50 * gibibyte,
  },
  reflinks: undefined,
  isRoot: true,
  sinks: [{ name: 'ops', trouble: undefined }],
};

function withEngine(over: Partial<typeof engine>): DoctorFacts {
  return { ...fine, docker: { ...fine.docker, engine: { ...engine, ...over } } };
}

function withFree(freeBytes: number | undefined): DoctorFacts {
  return { ...fine, state: { ...fine.state, freeBytes } };
}

describe('hostChecks', () => {
  test.each([
    { trouble: 'connect EACCES /var/run/docker.sock', mend: /^usermod -aG docker USER/ },
    { trouble: 'connect ENOENT /var/run/docker.sock', mend: /^systemctl start docker/ },
  ])('an Engine that may not be asked is not one that is to be started: $trouble', (one) => {
    const docker = { engine: undefined, trouble: one.trouble, ipvs: 'present' } as const;
    const checks = hostChecks({ ...fine, docker });

    expect(checks.find(({ name }) => name === 'Docker Engine')?.mend).toMatch(one.mend);
  });

  test('what zstd says of itself is shown without its frame', () => {
    const zstd = {
      program: 'zstd',
      version: '*** Zstandard CLI (64-bit) v1.5.4, by Yann Collet ***',
    };
    const [check] = hostChecks({ ...fine, tools: [zstd] });

    expect(check?.message).toBe('Zstandard CLI (64-bit) v1.5.4, by Yann Collet');
  });

  test('a host that has everything is fine, and nothing is to be mended', () => {
    const checks = hostChecks(fine);

    expect(checks.filter(({ verdict, mend }) => verdict !== 'ok' || mend !== null)).toEqual([]);
    expect(checks).toHaveLength(13);
  });

  test('a desired tree that is not followed is told, and the command that shows all of it', () => {
    const tree = { shown: './desired', trouble: 'there is no directory ./desired' };

    const checks = hostChecks({ ...fine, tree });

    expect(checks.filter(({ verdict }) => verdict !== 'ok')).toEqual([
      {
        name: 'desired tree',
        verdict: 'warn',
        message: 'there is no directory ./desired',
        mend: 'ci-warm validate ./desired, or another --desired',
      },
    ]);
  });

  test('volumes that an adopted app brought along are named, with what can take them', () => {
    const plainVolumes = [...engine.plainVolumes, { name: 'book_data', stack: 'book_example_org' }];

    const checks = hostChecks(withEngine({ plainVolumes }));

    const [said, ...others] = checks.filter(({ verdict }) => verdict !== 'ok');
    expect(others).toEqual([]);
    expect(said).toMatchObject({ name: 'volumes', verdict: 'warn' });
    expect(said?.message).toMatch(/docker volume prune.*: book_data$/);
  });

  test('reflinks that can be made are told where they are wanted', () => {
    const checks = hostChecks({ ...fine, reflinks: { trouble: undefined } });

    const ok = { name: 'snapshots by reflinks', verdict: 'ok', mend: null };
    expect(checks.find(({ name }) => name === ok.name)).toMatchObject(ok);
  });

  test.each([
    {
      name: 'a program that is missing',
      facts: { ...fine, tools: [{ program: 'flock', version: undefined }] },
      finds: 'fail flock: apt-get install util-linux',
    },
    {
      name: 'a tar that is not GNU tar',
      facts: { ...fine, tools: [{ program: 'tar', version: 'bsdtar 3.6' }] },
      finds: 'fail tar: apt-get install tar',
    },
    {
      name: 'an Engine that is too old',
      facts: withEngine({ apiVersion: '1.9' }),
      finds: 'fail Docker Engine: apt-get install docker.io',
    },
    {
      name: 'no Swarm',
      facts: withEngine({ swarm: 'inactive', manager: false }),
      finds: 'fail Swarm: docker swarm init --advertise-addr 127.0.0.1',
    },
    {
      name: 'a locked Swarm',
      facts: withEngine({ swarm: 'locked', manager: false }),
      finds: 'fail Swarm: docker info shows why',
    },
    {
      name: 'a worker',
      facts: withEngine({ manager: false }),
      finds: 'fail Swarm: docker node promote NODE, on a manager',
    },
    {
      name: 'no proxy network',
      facts: withEngine({ networks: engine.networks.slice(1) }),
      finds: 'fail proxy network: docker network create --driver overlay --attachable proxy',
    },
    {
      name: 'a proxy network that services cannot share',
      facts: withEngine({
        networks: [
          { name: 'proxy', driver: 'bridge', scope: 'local' },
          ...engine.networks.slice(1),
        ],
      }),
      finds:
        'fail proxy network: docker network rm proxy && docker network create --driver overlay --attachable proxy',
    },
    {
      name: 'no docker_gwbridge',
      facts: withEngine({ networks: engine.networks.slice(0, 1) }),
      finds: /^warn docker_gwbridge: docker network create --driver bridge /,
    },
    {
      name: 'a kernel without IPVS',
      facts: { ...fine, docker: { ...fine.docker, ipvs: 'absent' as const } },
      finds: 'warn IPVS: modprobe ip_vs',
    },
    {
      name: 'a state directory that cannot be written',
      facts: { ...fine, state: { ...fine.state, writable: false } },
      finds: 'fail state directory: mount -o remount,rw, or another --state',
    },
    {
      name: 'a file system without the reflinks that snapshots are wanted by',
      facts: { ...fine, reflinks: { trouble: 'operation not supported' } },
      finds:
        'warn snapshots by reflinks: put the state directory on btrfs or xfs, or set snapshots.driver of Settings to Tar',
    },
    {
      name: 'somebody who is not root and has Stateful apps',
      facts: { ...fine, isRoot: false },
      finds: 'fail root: sudo ci-warm …',
    },
    {
      name: 'somebody who is not root, and apps that nobody could read',
      facts: { ...fine, isRoot: false, wanted: { ...fine.wanted, hasStateful: undefined } },
      finds: 'warn root: sudo ci-warm …',
    },
    {
      name: 'a sink that no alert could be sent to',
      facts: { ...fine, sinks: [{ name: 'ops', trouble: '/run/secrets/ops is not there' }] },
      finds: 'warn alerts to ops: put it in its place, readable for the user of the controller',
    },
    { name: 'little room', facts: withFree(10 * gibibyte), finds: /^warn room for state: du / },
    { name: 'no room', facts: withFree(4 * gibibyte), finds: /^fail room for state: du / },
    {
      name: 'room that is not known',
      facts: withFree(undefined),
      finds: /^warn room for state: df /,
    },
  ])('finds $name, and the command that mends it', ({ facts, finds }) => {
    const found = hostChecks(facts)
      .filter(({ verdict }) => verdict !== 'ok')
      .map(({ verdict, name, mend }) => `${verdict} ${name}: ${mend ?? ''}`);

    expect(found).toEqual([typeof finds === 'string' ? finds : expect.stringMatching(finds)]);
  });

  test('an Engine that does not answer is one finding, in its own words, and hides no other', () => {
    const checks = hostChecks({
      ...fine,
      docker: { engine: undefined, trouble: 'no answer at /run/docker.sock', ipvs: 'present' },
    });

    const failed = checks.filter(({ verdict }) => verdict === 'fail');
    expect(failed.map(({ message }) => message)).toEqual(['no answer at /run/docker.sock']);
    expect(checks.map(({ name }) => name)).toContain('state directory');
  });

  test('who is not root needs not to be where no app is Stateful', () => {
    const checks = hostChecks({
      ...fine,
      isRoot: false,
      wanted: { ...fine.wanted, hasStateful: false },
    });

    expect(checks.every(({ verdict }) => verdict === 'ok')).toBe(true);
  });
});
