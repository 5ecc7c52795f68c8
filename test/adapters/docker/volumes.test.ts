import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createVolumes } from '../../../controller/adapters/docker/volumes.ts';
import { failing, ok, useScriptedEngines } from './scripted-engine.ts';

const live = new AbortController().signal;
const start = useScriptedEngines();
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'volumes-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const look = 'GET /volumes/blog_data';

function wanted(): { name: string; path: string; labels: Record<string, string> } {
  return { name: 'blog_data', path: join(folder, 'data'), labels: { app: 'blog' } };
}

function existing(over: Readonly<Record<string, unknown>>): ReturnType<typeof ok> {
  return ok({
    Name: 'blog_data',
    Driver: 'local',
    Mountpoint: '/var/lib/docker/volumes/blog_data/_data',
    ...over,
  });
}

function bound(): Readonly<Record<string, unknown>> {
  return { Options: { type: 'none', o: 'bind', device: wanted().path } };
}

describe('ensureBindVolume', () => {
  test('closes the folder of all volumes of an app to other users, and leaves that of one to the app', async () => {
    const path = join(folder, 'blog', 'volumes', 'db', 'data');
    const scripted = await start({
      'POST /volumes/create': (response) => {
        const Options = { type: 'none', o: 'bind', device: path };
        scripted.answer({ [look]: existing({ Options }) });
        response.writeHead(201).end('{}');
      },
    });

    await createVolumes(scripted.connection).ensureBindVolume({ ...wanted(), path }, live);

    const modeOf = async (at: string): Promise<number> => (await stat(at)).mode & 0o777;
    expect(await modeOf(join(folder, 'blog', 'volumes'))).toBe(0o700);
    expect(await modeOf(path)).toBe(0o755);
  });

  test('makes the folder and a bind onto it, with the labels', async () => {
    const scripted = await start({
      'POST /volumes/create': (response) => {
        scripted.answer({ [look]: existing(bound()) });
        response.writeHead(201).end('{}');
      },
    });

    const place = await createVolumes(scripted.connection).ensureBindVolume(wanted(), live);

    expect(place).toEqual({ path: wanted().path });
    expect((await stat(wanted().path)).isDirectory()).toBe(true);
    const made = scripted.asked.find(({ method }) => method === 'POST');
    expect(JSON.parse(made?.body ?? '')).toMatchObject({
      Name: 'blog_data',
      Driver: 'local',
      DriverOpts: { type: 'none', o: 'bind', device: wanted().path },
      Labels: { app: 'blog' },
    });
  });

  test('one that is right already is left as it is', async () => {
    const scripted = await start({ [look]: existing(bound()) });
    await mkdir(wanted().path);

    const place = await createVolumes(scripted.connection).ensureBindVolume(wanted(), live);

    expect(place).toEqual({ path: wanted().path });
    expect(scripted.asked).toHaveLength(1);
  });

  test('one whose data a rollback set aside gets an empty folder again, so that a later version can start', async () => {
    const scripted = await start({ [look]: existing(bound()) });
    await mkdir(join(folder, 'aside-20261121t090000-0000aa'));

    await createVolumes(scripted.connection).ensureBindVolume(wanted(), live);

    expect((await stat(wanted().path)).isDirectory()).toBe(true);
  });

  test('one whose folder is gone for no known reason is refused: nothing starts on data that was lost', async () => {
    const { connection } = await start({ [look]: existing(bound()) });

    await expect(createVolumes(connection).ensureBindVolume(wanted(), live)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(`there is no ${wanted().path}`) as string,
    });
    await expect(stat(wanted().path)).rejects.toThrow('ENOENT');
  });

  test('a plain volume that was there before is adopted with its data', async () => {
    const { connection } = await start({ [look]: existing({ Options: null }) });

    await expect(createVolumes(connection).ensureBindVolume(wanted(), live)).resolves.toEqual({
      path: '/var/lib/docker/volumes/blog_data/_data',
    });
  });

  test.each([
    {
      name: 'a bind onto another folder',
      over: { Options: { type: 'none', o: 'bind', device: '/srv/other' } },
    },
    {
      name: 'a network file system',
      over: { Options: { type: 'nfs', o: 'addr=x', device: ':/' } },
    },
    { name: 'a volume of another driver', over: { Driver: 'rexray', Options: null } },
  ])('$name of that name is a conflict', async ({ over }) => {
    const { connection } = await start({ [look]: existing(over) });

    await expect(createVolumes(connection).ensureBindVolume(wanted(), live)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('blog_data') as string,
    });
  });

  test('Docker says yes to a create of an existing one with other options: it is a conflict', async () => {
    const other = existing({ Options: { type: 'none', o: 'bind', device: '/srv/other' } });
    const scripted = await start({
      'POST /volumes/create': (response) => {
        scripted.answer({ [look]: other });
        response.writeHead(201).end('{}');
      },
    });

    await expect(
      createVolumes(scripted.connection).ensureBindVolume(wanted(), live),
    ).rejects.toMatchObject({ code: 'conflict' });
  });

  test('L4: an error is no failure when the volume is there all the same', async () => {
    const scripted = await start({
      'POST /volumes/create': (response) => {
        scripted.answer({ [look]: existing(bound()) });
        response.writeHead(500).end('{"message":"context deadline exceeded"}');
      },
    });

    await expect(
      createVolumes(scripted.connection).ensureBindVolume(wanted(), live),
    ).resolves.toEqual({ path: wanted().path });
  });

  test('L4: an error is a failure when it is not', async () => {
    const { connection } = await start({
      'POST /volumes/create': failing(500, 'no space left on device'),
    });

    await expect(createVolumes(connection).ensureBindVolume(wanted(), live)).rejects.toMatchObject({
      code: 'disk-full',
    });
  });
});

describe('find', () => {
  test.each([
    {
      name: 'a bind',
      over: { Options: { type: 'none', o: 'bind', device: '/srv/x' } },
      path: '/srv/x',
    },
    {
      name: 'a plain volume',
      over: { Options: null },
      path: '/var/lib/docker/volumes/blog_data/_data',
    },
  ])('$name tells where its data is', async ({ over, path }) => {
    const { connection } = await start({ [look]: existing(over) });

    await expect(createVolumes(connection).find('blog_data', live)).resolves.toEqual({ path });
  });

  test('none of that name is undefined', async () => {
    const { connection } = await start({});

    await expect(createVolumes(connection).find('blog_data', live)).resolves.toBeUndefined();
  });

  test('L1: no answer is not "none"', async () => {
    const { connection } = await start({ [look]: failing(500, 'x') });

    await expect(createVolumes(connection).find('blog_data', live)).rejects.toMatchObject({
      code: 'no-answer',
    });
  });
});

describe('removeBindVolume', () => {
  const gone = 'DELETE /volumes/blog_data';
  const labels = { app: 'blog', more: 'x' };

  test.each([
    { name: 'one of another owner', labels: { app: 'wiki' } },
    { name: 'one without labels', labels: null },
    { name: 'a plain one', options: null },
    {
      name: 'a bind onto another folder',
      options: { type: 'none', o: 'bind', device: '/srv/other' },
    },
  ])('leaves $name alone, and says that it is there (R2)', async (other) => {
    const found = {
      ...bound(),
      Labels: 'labels' in other ? other.labels : labels,
      ...('options' in other ? { Options: other.options } : {}),
    };
    const scripted = await start({ [look]: existing(found), [gone]: ok({}) });

    expect(await createVolumes(scripted.connection).removeBindVolume(wanted(), live)).toBe(false);
    expect(scripted.asked.filter(({ method }) => method === 'DELETE')).toEqual([]);
  });

  test('removes ours', async () => {
    const found = existing({ ...bound(), Labels: labels });
    const scripted = await start({ [look]: found, [gone]: { status: 204, body: undefined } });

    expect(await createVolumes(scripted.connection).removeBindVolume(wanted(), live)).toBe(true);
    expect(scripted.asked.filter(({ method }) => method === 'DELETE')).toHaveLength(1);
  });

  test('one that is gone already is gone', async () => {
    const scripted = await start({ [look]: failing(404, 'no such volume') });

    expect(await createVolumes(scripted.connection).removeBindVolume(wanted(), live)).toBe(true);
  });
});
