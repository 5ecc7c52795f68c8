import { describe, expect, test } from 'vitest';

import { appHealth } from '../../controller/report/app-health.ts';
import { container, service, swarmView, task } from '../build/swarm.ts';

const stack = 'warm-guestbook_ci_example_org';
const wanted = { stack, services: ['app'] };
const app = service(stack, 'app');
const other = service('other', 'app');
const down = { id: 'node2', hostname: 'two', ready: false, self: false };
const up = { id: 'node1', hostname: 'one', ready: true, self: true };

describe('appHealth', () => {
  test.each([
    { name: 'one task that runs', view: swarmView({ services: [app], tasks: [task(app)] }) },
    {
      name: 'a container whose health check is still starting',
      view: swarmView({
        services: [app],
        tasks: [task(app)],
        containers: [container(task(app), { health: 'starting' })],
      }),
    },
    {
      name: 'a service of none, on purpose',
      view: swarmView({ services: [{ ...app, replicas: 0 }] }),
    },
    {
      name: 'a service that is meant to end and did',
      view: swarmView({
        services: [{ ...app, mayEnd: true }],
        tasks: [task(app, { state: 'complete', desiredState: 'shutdown', exitCode: 0 })],
      }),
    },
    {
      name: 'a global service with a task on every ready node',
      view: swarmView({
        services: [{ ...app, replicas: undefined }],
        tasks: [task(app)],
        nodes: [up, down],
      }),
    },
  ])('healthy: $name', ({ view }) => {
    expect(appHealth(view, wanted)).toEqual({ kind: 'healthy' });
  });

  test.each([
    {
      name: 'a service that is not there',
      view: swarmView({ services: [service(stack, 'db')] }),
      reason: 'ServiceMissing',
    },
    {
      name: 'no task',
      view: swarmView({ services: [app] }),
      reason: 'TasksNotRunning',
    },
    {
      name: 'a task that is starting',
      view: swarmView({ services: [app], tasks: [task(app, { state: 'starting' })] }),
      reason: 'TasksNotRunning',
    },
    {
      name: 'a task of an earlier image (U3)',
      view: swarmView({
        services: [app],
        tasks: [task(app, { image: 'images.example.org/old' })],
      }),
      reason: 'TasksNotRunning',
    },
    {
      name: 'a task that runs and is to be shut down',
      view: swarmView({ services: [app], tasks: [task(app, { desiredState: 'shutdown' })] }),
      reason: 'TasksNotRunning',
    },
    {
      name: 'a service that should have ended well and failed',
      view: swarmView({
        services: [{ ...app, mayEnd: true }],
        tasks: [task(app, { state: 'complete', desiredState: 'shutdown', exitCode: 3 })],
      }),
      reason: 'TasksNotRunning',
    },
    {
      name: 'a container whose health check fails',
      view: swarmView({
        services: [app],
        tasks: [task(app)],
        containers: [container(task(app), { health: 'unhealthy' })],
      }),
      reason: 'ContainerUnhealthy',
    },
  ])('unhealthy: $name', ({ view, reason }) => {
    expect(appHealth(view, wanted)).toMatchObject({ kind: 'unhealthy', reason });
  });

  test('an app of which nothing is deployed is not running, whatever else is', () => {
    expect(appHealth(swarmView({ services: [other], tasks: [task(other)] }), wanted)).toEqual({
      kind: 'not-running',
    });
  });

  test('a task that is missing while a node is away says nothing about the app (L1)', () => {
    const view = swarmView({ services: [app], nodes: [up, down] });

    expect(appHealth(view, wanted)).toEqual({ kind: 'unknown', why: 'node two is not ready' });
  });

  test('a crash loop is told with its last error, in words that stay the same from death to death', () => {
    const dead = (id: string, atMs: number) =>
      task(app, {
        id,
        state: 'failed',
        desiredState: 'shutdown',
        error: 'task: non-zero exit (1)',
        exitCode: 1,
        stateAtMs: atMs,
      });
    const first = swarmView({ services: [app], tasks: [dead('a', 1000)] });
    const later = swarmView({ services: [app], tasks: [dead('a', 1000), dead('b', 9000)] });

    const health = appHealth(first, wanted);

    expect(health).toMatchObject({
      message: `service ${app.name} has 0 of 1 tasks running (the last one ended: task: non-zero exit (1), exit code 1)`,
    });
    expect(appHealth(later, wanted)).toEqual(health);
  });
});
