import { afterEach, describe, expect, test } from 'vitest';
import { createConnection } from '../../../controller/adapters/docker/connect.ts';
import { inspectHost } from '../../../controller/adapters/docker/doctor.ts';
import { ok, startScriptedEngine } from './scripted-engine.ts';
import type { ScriptedEngine } from './scripted-engine.ts';

const live = new AbortController().signal;
let scripted: ScriptedEngine | undefined;

afterEach(async () => {
  await scripted?.close();
});

describe('inspectHost', () => {
  test('tells what the Engine says of itself, its Swarm and its networks, and the room for its data', async () => {
    scripted = await startScriptedEngine({
      'GET /info': ok({
        ServerVersion: '20.10.24',
        DockerRootDir: '/',
        Swarm: { NodeID: 'node1', LocalNodeState: 'active', ControlAvailable: true, Nodes: 1 },
      }),
      'GET /networks': ok([{ Name: 'proxy', Driver: 'overlay', Scope: 'swarm' }]),
      'GET /volumes': ok({
        Volumes: [
          { Name: 'a_data', Labels: { 'com.docker.stack.namespace': 'a' }, Options: null },
          { Name: 'b_data', Labels: { 'com.docker.stack.namespace': 'b' }, Options: { o: 'bind' } },
          { Name: 'alone', Labels: null, Options: null },
        ],
      }),
    });

    const facts = await inspectHost(scripted.connection, live);

    expect(facts).toMatchObject({
      trouble: undefined,
      engine: {
        version: '20.10.24',
        apiVersion: '1.41',
        swarm: 'active',
        manager: true,
        nodeId: 'node1',
        nodes: 1,
        networks: [{ name: 'proxy', driver: 'overlay', scope: 'swarm' }],
        plainVolumes: [{ name: 'a_data', stack: 'a' }],
        data: { path: '/', freeBytes: expect.any(Number) as number },
      },
    });
  });

  test('an Engine in no Swarm is told as that', async () => {
    scripted = await startScriptedEngine({
      'GET /info': ok({ ServerVersion: '20.10.24', DockerRootDir: '/not/here' }),
      'GET /networks': ok([]),
      'GET /volumes': ok({ Volumes: null }),
    });

    const { engine } = await inspectHost(scripted.connection, live);

    expect(engine).toMatchObject({
      swarm: 'inactive',
      manager: false,
      nodeId: '',
      data: { freeBytes: undefined },
    });
  });

  test('an Engine that does not answer is a fact too, with what to do', async () => {
    const facts = await inspectHost(createConnection({ socketPath: '/nowhere/docker.sock' }), live);

    expect(facts).toMatchObject({
      engine: undefined,
      trouble: expect.stringContaining('set DOCKER_HOST') as string,
    });
  });
});
