import { describe, expect, test } from 'vitest';
import { createConnection } from '../../../controller/adapters/docker/connect.ts';
import { failing, ok, useScriptedEngines } from './scripted-engine.ts';

const live = new AbortController().signal;
const start = useScriptedEngines();

describe('createConnection', () => {
  test.each([
    { name: 'an old Engine is spoken to in its own version', theirs: '1.41', spoken: '1.41' },
    { name: 'a newer Engine is spoken to in ours', theirs: '1.99', spoken: '1.47' },
    { name: 'versions are compared as numbers', theirs: '1.5', spoken: undefined },
    { name: 'an Engine below the floor is refused', theirs: '1.40', spoken: undefined },
  ])('$name', async ({ theirs, spoken }) => {
    const { connection, asked } = await start({ 'GET /nodes': ok([]) }, theirs);

    const asking = connection.ask('list nodes', live, (docker) => docker.listNodes());

    if (spoken === undefined) {
      await expect(asking).rejects.toMatchObject({
        code: 'no-answer',
        message: expect.stringContaining('Docker Engine 20.10 or newer') as string,
      });
    } else {
      await asking;
      expect(asked.map(({ version }) => version)).toEqual([`v${spoken}`]);
      await expect(connection.apiVersion(live)).resolves.toBe(spoken);
    }
  });

  test('the version is agreed on once, also by callers at the same time', async () => {
    const engine = await start({ 'GET /nodes': ok([]) });
    const askNodes = (): Promise<unknown> =>
      engine.connection.ask('list nodes', live, (docker) => docker.listNodes());

    await Promise.all([askNodes(), askNodes()]);
    await askNodes();

    expect(engine.pings).toBe(1);
  });

  test('after no answer the version is agreed on again: the Engine may be another one', async () => {
    const engine = await start({ 'GET /nodes': failing(500, 'lost leader status') });
    const askNodes = (): Promise<unknown> =>
      engine.connection.ask('list nodes', live, (docker) => docker.listNodes());
    await expect(askNodes()).rejects.toMatchObject({ code: 'no-answer' });
    engine.answer({ 'GET /nodes': ok([]) });

    await askNodes();

    expect(engine.pings).toBe(2);
  });

  test('a caller who stops while the version is being agreed on does not fail the others', async () => {
    const engine = await start({ 'GET /nodes': ok([]) });
    const stopping = new AbortController();
    const stopped = engine.connection.ask('list nodes', stopping.signal, (docker) =>
      docker.listNodes(),
    );
    const other = engine.connection.ask('list nodes', live, (docker) => docker.listNodes());
    stopping.abort();

    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
    await expect(other).resolves.toEqual([]);
  });

  test('an exchange that takes too long is ended, on the wire as well', async () => {
    const closed = Promise.withResolvers<string>();
    const { connection } = await start({
      'GET /nodes': (response) => {
        response.on('close', () => {
          closed.resolve('the Engine saw it end');
        });
      },
    });

    const asking = connection.ask(
      'list nodes',
      live,
      (docker, abortSignal) => docker.listNodes({ abortSignal }),
      20,
    );

    await expect(asking).rejects.toMatchObject({ code: 'no-answer' });
    await expect(closed.promise).resolves.toBe('the Engine saw it end');
  });

  test('an exchange that does not heed its signal is not waited for either', async () => {
    const { connection } = await start({});
    const stopping = new AbortController();

    const asking = connection.ask('wait', stopping.signal, () => {
      stopping.abort();
      return new Promise(() => undefined);
    });

    await expect(asking).rejects.toMatchObject({ code: 'aborted' });
  });

  test('no Engine there is said with what to do', async () => {
    const connection = createConnection({ socketPath: '/nowhere/docker.sock' });

    await expect(connection.apiVersion(live)).rejects.toMatchObject({
      code: 'no-answer',
      message: expect.stringContaining('set DOCKER_HOST') as string,
    });
  });
});
