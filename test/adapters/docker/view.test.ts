import { describe, expect, test } from 'vitest';
import type { RawLists } from '../../../controller/adapters/docker/raw.ts';
import { toView } from '../../../controller/adapters/docker/view.ts';
import { digestOf } from '../../../controller/model/digest.ts';

const empty: RawLists = {
  services: [],
  tasks: [],
  containers: [],
  volumes: [],
  networks: [],
  secrets: [],
  configs: [],
  nodes: [],
};

function viewOf(lists: Partial<RawLists>): ReturnType<typeof toView> {
  return toView({ ...empty, ...lists }, 'node1', 1000);
}

const stack = { 'com.docker.stack.namespace': 'blog' };

describe('toView', () => {
  test('a service is read with its stack, image, labels, version, networks and restart policy', () => {
    const { services } = viewOf({
      services: [
        {
          ID: 's1',
          Version: { Index: 42 },
          UpdatedAt: '2026-11-21T09:00:00.123456789Z',
          Spec: {
            Name: 'blog_app',
            Labels: { ...stack, 'dev.ci-warm.spec': 'abc' },
            TaskTemplate: {
              ContainerSpec: { Image: 'blog@sha256:1' },
              RestartPolicy: { Condition: 'on-failure', MaxAttempts: 3 },
              Networks: [{ Target: 'n1' }],
            },
            Mode: { Replicated: { Replicas: 2 } },
          },
          UpdateStatus: { State: 'paused' },
        },
      ],
    });

    expect(services).toMatchObject([
      {
        id: 's1',
        name: 'blog_app',
        stack: 'blog',
        image: 'blog@sha256:1',
        labels: { ...stack, 'dev.ci-warm.spec': 'abc' },
        versionIndex: 42,
        replicas: 2,
        updateState: 'paused',
        mayEnd: true,
        restartCondition: 'on-failure',
        restartMaxAttempts: 3,
        updatedAtMs: Date.parse('2026-11-21T09:00:00.123Z'),
        networkIds: ['n1'],
      },
    ]);
  });

  test.each([
    { name: 'a global service has no number', mode: { Global: {} }, replicas: undefined },
    { name: 'no number written means one', mode: { Replicated: {} }, replicas: 1 },
    { name: 'none wanted is zero', mode: { Replicated: { Replicas: 0 } }, replicas: 0 },
  ])('replicas: $name', ({ mode, replicas }) => {
    const { services } = viewOf({ services: [{ ID: 's1', Spec: { Mode: mode } }] });

    expect(services[0]?.replicas).toBe(replicas);
  });

  test('what Engines leave out has its meaning: restarts without limit, no update, no labels', () => {
    const { services } = viewOf({
      services: [
        { ID: 's1', Spec: { TaskTemplate: { RestartPolicy: { MaxAttempts: 0 } }, Labels: null } },
      ],
    });

    expect(services[0]).toMatchObject({
      mayEnd: false,
      restartMaxAttempts: undefined,
      updateState: undefined,
      labels: {},
      stack: undefined,
    });
  });

  test('a task tells its stack and spec by its container, also when its service is gone', () => {
    const { tasks } = viewOf({
      tasks: [
        {
          ID: 't1',
          ServiceID: 'gone',
          Slot: 1,
          NodeID: 'node1',
          DesiredState: 'remove',
          CreatedAt: '2026-11-21T09:00:00Z',
          Spec: {
            ContainerSpec: {
              Image: 'blog@sha256:1',
              Labels: { ...stack, 'dev.ci-warm.spec': 'abc' },
            },
          },
          Status: {
            State: 'failed',
            Timestamp: '2026-11-21T09:00:05Z',
            Err: 'task: non-zero exit (137)',
            ContainerStatus: { ContainerID: 'c1', ExitCode: 137 },
          },
        },
      ],
    });

    expect(tasks).toEqual([
      {
        id: 't1',
        serviceId: 'gone',
        slot: 1,
        nodeId: 'node1',
        desiredState: 'remove',
        state: 'failed',
        error: 'task: non-zero exit (137)',
        exitCode: 137,
        createdAtMs: Date.parse('2026-11-21T09:00:00Z'),
        stateAtMs: Date.parse('2026-11-21T09:00:05Z'),
        containerId: 'c1',
        stack: 'blog',
        image: 'blog@sha256:1',
        specHash: 'abc',
      },
    ]);
  });

  test('a task whose container carries no label is of the stack that its service is of', () => {
    const { tasks } = viewOf({
      services: [{ ID: 's1', Spec: { Labels: stack } }],
      tasks: [{ ID: 't1', ServiceID: 's1' }],
    });

    expect(tasks[0]?.stack).toBe('blog');
  });

  test('a process that runs has no exit code, although Docker lists a zero', () => {
    const { tasks } = viewOf({
      tasks: [
        {
          ID: 't1',
          Status: { State: 'running', ContainerStatus: { ContainerID: 'c1', ExitCode: 0 } },
        },
      ],
    });

    expect(tasks[0]?.exitCode).toBeUndefined();
  });

  test.each([
    { name: 'healthy', raw: { Status: 'Up 3 minutes (healthy)' }, health: 'healthy' },
    { name: 'unhealthy', raw: { Status: 'Up 3 minutes (unhealthy)' }, health: 'unhealthy' },
    { name: 'starting', raw: { Status: 'Up 3 seconds (health: starting)' }, health: 'starting' },
    { name: 'no check', raw: { Status: 'Up 3 minutes' }, health: 'none' },
    { name: 'paused', raw: { Status: 'Up 3 minutes (Paused)' }, health: 'none' },
    {
      name: 'said in its own field by newer Engines',
      raw: { Status: 'Up 3 minutes', Health: { Status: 'unhealthy' } },
      health: 'unhealthy',
    },
  ])("Docker's health of a container: $name", ({ raw, health }) => {
    const { containers } = viewOf({ containers: [{ Id: 'c1', ...raw }] });

    expect(containers[0]?.health).toBe(health);
  });

  test('a container tells its task, its volumes and the host paths bound into it', () => {
    const { containers } = viewOf({
      containers: [
        {
          Id: 'c1',
          Names: ['/blog_app.1.t1'],
          State: 'running',
          Labels: {
            ...stack,
            'com.docker.swarm.service.id': 's1',
            'com.docker.swarm.task.id': 't1',
          },
          Mounts: [
            { Type: 'volume', Name: 'blog_data', Source: '' },
            { Type: 'bind', Source: '/srv/files' },
            { Type: 'tmpfs' },
          ],
        },
      ],
    });

    expect(containers[0]).toMatchObject({
      names: ['blog_app.1.t1'],
      stack: 'blog',
      serviceId: 's1',
      taskId: 't1',
      volumes: ['blog_data'],
      binds: ['/srv/files'],
    });
  });

  test('what a service was written with is read when somebody asks, its variables as digests', () => {
    const ContainerSpec = {
      Env: ['TITLE=a=b', 'EMPTY=', 'UNSET'],
      Mounts: [
        { Type: 'volume', Source: 'blog_data', Target: '/data' },
        { Type: 'tmpfs', Target: '/tmp' },
      ],
      Secrets: [{ SecretName: 'blog_token_v1' }],
      Configs: [{ ConfigName: 'blog_conf_v1' }],
    };
    const { services } = viewOf({
      services: [{ ID: 's1', Spec: { Labels: stack, TaskTemplate: { ContainerSpec } } }],
    });

    expect(services[0]?.found).toEqual({
      environment: { TITLE: digestOf('a=b'), EMPTY: digestOf('') },
      mounts: [
        { kind: 'volume', source: 'blog_data', target: '/data' },
        { kind: 'other', source: '', target: '/tmp' },
      ],
      secrets: ['blog_token_v1'],
      configs: ['blog_conf_v1'],
    });
    expect(JSON.stringify(services)).not.toContain('a=b');
  });

  test('the node that this is is known by its id', () => {
    const { nodes } = viewOf({
      nodes: [
        { ID: 'node1', Description: { Hostname: 'one' }, Status: { State: 'ready' } },
        { ID: 'node2', Description: { Hostname: 'two' }, Status: { State: 'down' } },
      ],
    });

    expect(nodes).toEqual([
      { id: 'node1', hostname: 'one', ready: true, self: true },
      { id: 'node2', hostname: 'two', ready: false, self: false },
    ]);
  });

  test('L1: an entry without an id fails the whole observation', () => {
    expect(() => viewOf({ secrets: [{ Spec: { Name: 'x' } }] })).toThrow(/a secret came without/);
  });
});
