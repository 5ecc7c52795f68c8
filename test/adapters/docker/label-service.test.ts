import { afterEach, expect, test } from 'vitest';
import { createEngine } from '../../../controller/adapters/docker/engine.ts';
import {
  failing,
  ok,
  startScriptedEngine,
  type Script,
  type ScriptedEngine,
} from './scripted-engine.ts';

const live = new AbortController().signal;
const path = '/services/s1';
const spec = {
  Name: 'book_app',
  Labels: { mine: 'yes', old: 'x' },
  TaskTemplate: { ContainerSpec: { Image: 'book:1', NewerThanWeKnow: { Deep: [1] } } },
  EndpointSpec: { Mode: 'dnsrr' },
};
const change = { set: { 'dev.ci-warm.app': 'book' }, drop: ['old'], ifVersion: 7 };
const labelled = { ...spec, Labels: { mine: 'yes', 'dev.ci-warm.app': 'book' } };

let scripted: ScriptedEngine | undefined;
afterEach(() => scripted?.close());

async function start(script: Script): Promise<ScriptedEngine> {
  scripted = await startScriptedEngine(script, '1.53');
  return scripted;
}

function service(of: object, index = 7): ReturnType<typeof ok> {
  return ok({ ID: 's1', Version: { Index: index }, Spec: of });
}

test('writes the spec back whole, with other labels, in the newest version that the Engine speaks', async () => {
  const { connection, asked } = await start({
    [`GET ${path}`]: service(spec),
    [`POST ${path}/update`]: ok({}),
  });

  await createEngine(connection).labelService('s1', change, live);

  const written = asked.find(({ method }) => method === 'POST');
  expect(JSON.parse(written?.body ?? '')).toEqual(labelled);
  expect(written?.url).toContain('version=7');
  expect(written?.url).toContain('registryAuthFrom=spec');
  expect(asked.map(({ version }) => version)).toEqual(['v1.53', 'v1.53']);
});

test('a service that has the labels is left alone, whatever its version', async () => {
  const { connection, asked } = await start({ [`GET ${path}`]: service(labelled, 9) });

  await createEngine(connection).labelService('s1', change, live);

  expect(asked.map(({ method }) => method)).toEqual(['GET']);
});

test('a service that somebody has written since is not', async () => {
  const { connection, asked } = await start({ [`GET ${path}`]: service(spec, 8) });

  await expect(createEngine(connection).labelService('s1', change, live)).rejects.toMatchObject({
    code: 'conflict',
  });
  expect(asked.map(({ method }) => method)).toEqual(['GET']);
});

test('L4: an error is no failure when the labels are there all the same', async () => {
  const server = await start({});
  server.answer({
    [`GET ${path}`]: service(spec),
    [`POST ${path}/update`]: (response) => {
      server.answer({ [`GET ${path}`]: service(labelled, 8) });
      response.writeHead(500, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ message: 'rpc error: node lost leader status' }));
    },
  });

  await expect(
    createEngine(server.connection).labelService('s1', change, live),
  ).resolves.toBeUndefined();
});

test('and is one when they are not', async () => {
  const { connection } = await start({
    [`GET ${path}`]: service(spec),
    [`POST ${path}/update`]: failing(500, 'update out of sequence'),
  });

  await expect(createEngine(connection).labelService('s1', change, live)).rejects.toMatchObject({
    code: 'conflict',
  });
});

test('a service that is gone is a conflict', async () => {
  const { connection } = await start({ [`GET ${path}`]: failing(404, 'no such service') });

  await expect(createEngine(connection).labelService('s1', change, live)).rejects.toMatchObject({
    code: 'conflict',
  });
});
