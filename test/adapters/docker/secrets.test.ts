import { describe, expect, test } from 'vitest';
import { createSecrets } from '../../../controller/adapters/docker/secrets.ts';
import { failing, ok, useScriptedEngines } from './scripted-engine.ts';

const live = new AbortController().signal;
const start = useScriptedEngines();

const value = Buffer.from('correct horse battery staple');
const secret = { name: 'blog_db_v1', value, labels: { app: 'blog' } };
const none = ok([]);
const there = ok([
  { ID: 'x10', Spec: { Name: 'blog_db_v10' } },
  { ID: 'x1', Spec: { Name: 'blog_db_v1' } },
]);

describe('list', () => {
  test('names and ids of one stack, and of none whose name only contains it', async () => {
    const { connection } = await start({
      'GET /secrets': ok([
        { ID: 'x1', Spec: { Name: 'blog_db_v1' } },
        { ID: 'x2', Spec: { Name: 'blog2_db_v1' } },
        { ID: 'x3', Spec: { Name: 'my_blog_db_v1' } },
      ]),
    });

    await expect(createSecrets(connection).list('blog', live)).resolves.toEqual(
      new Map([['blog_db_v1', 'x1']]),
    );
  });
});

describe('ensure', () => {
  test('makes it when there is none of exactly that name', async () => {
    const scripted = await start({
      'GET /secrets': ok([{ ID: 'x10', Spec: { Name: 'blog_db_v10' } }]),
      'POST /secrets/create': (response) => {
        scripted.answer({ 'GET /secrets': there });
        response.writeHead(201).end('{"ID":"x1"}');
      },
    });

    await expect(createSecrets(scripted.connection).ensure(secret, live)).resolves.toEqual({
      id: 'x1',
    });

    const made = scripted.asked.find(({ method }) => method === 'POST');
    expect(JSON.parse(made?.body ?? '')).toEqual({
      Name: 'blog_db_v1',
      Data: value.toString('base64'),
      Labels: { app: 'blog' },
    });
  });

  test('one that is there is left as it is', async () => {
    const scripted = await start({ 'GET /secrets': there });

    await expect(createSecrets(scripted.connection).ensure(secret, live)).resolves.toEqual({
      id: 'x1',
    });

    expect(scripted.asked.filter(({ method }) => method === 'POST')).toEqual([]);
  });

  test('its value is in no address, which Engines write into their logs', async () => {
    const scripted = await start({ 'GET /secrets': none });

    await createSecrets(scripted.connection)
      .ensure(secret, live)
      .catch(() => undefined);

    expect(scripted.asked.map(({ method, url }) => `${method} ${url}`)).toContain(
      'POST /secrets/create?',
    );
  });

  test.each([
    { name: 'the leader was lost', reply: failing(500, 'node lost leader status') },
    { name: 'somebody else was faster', reply: failing(409, 'already exists') },
  ])('L4: an error is no failure when it is there all the same: $name', async ({ reply }) => {
    const scripted = await start({
      'GET /secrets': none,
      'POST /secrets/create': (response) => {
        scripted.answer({ 'GET /secrets': there });
        const { status, body } = reply as { status: number; body: unknown };
        response.writeHead(status).end(JSON.stringify(body));
      },
    });

    await expect(createSecrets(scripted.connection).ensure(secret, live)).resolves.toEqual({
      id: 'x1',
    });
  });

  test('L4: an error is a failure when it is not, and its value is in no message', async () => {
    const { connection } = await start({
      'GET /secrets': none,
      'POST /secrets/create': failing(500, 'node lost leader status'),
    });

    const failure: unknown = await createSecrets(connection)
      .ensure(secret, live)
      .catch((thrown: unknown) => thrown);

    expect(failure).toMatchObject({ code: 'no-answer' });
    expect(String(failure)).not.toContain(value.toString('base64'));
  });
});
