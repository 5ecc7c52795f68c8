import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judge } from '../../controller/adapters/docker/errors.ts';
import { readFrames } from '../../controller/adapters/docker/frames.ts';
import { parseMountinfo, placeOf, shows } from '../../controller/adapters/docker/mountinfo.ts';
import type { RawLists } from '../../controller/adapters/docker/raw.ts';
import { toView } from '../../controller/adapters/docker/view.ts';
import { judgeUndeployed } from '../../controller/gates/undeployed.ts';
import { CiWarmError } from '../../controller/model/failure.ts';
import { damagedJson } from './damage.ts';
import { fuzz } from './fuzz.ts';

const labels = { 'com.docker.stack.namespace': 'blog', 'dev.ci-warm.app': 'blog' };
const template = {
  ContainerSpec: { Image: 'blog@sha256:1', Labels: labels, Healthcheck: { Test: ['CMD', 'true'] } },
  RestartPolicy: { Condition: 'any', MaxAttempts: 3 },
  Networks: [{ Target: 'n1' }],
};
const time = '2026-11-21T09:30:00.123456789Z';
/** One of everything that an Engine lists. */
const lists: RawLists = {
  services: [
    {
      ID: 's1',
      Version: { Index: 42 },
      UpdatedAt: time,
      Spec: {
        Name: 'blog_app',
        Labels: labels,
        TaskTemplate: template,
        Mode: { Replicated: { Replicas: 2 } },
      },
      UpdateStatus: { State: 'completed' },
    },
  ],
  tasks: [
    {
      ID: 't1',
      CreatedAt: time,
      ServiceID: 's1',
      NodeID: 'node1',
      Slot: 1,
      DesiredState: 'running',
      Spec: template,
      Status: { Timestamp: time, State: 'running', ContainerStatus: { ContainerID: 'c1' } },
    },
  ],
  containers: [
    {
      Id: 'c1',
      Names: ['/blog_app.1.t1'],
      State: 'running',
      Status: 'Up 3 minutes (healthy)',
      Health: { Status: 'healthy' },
      Labels: labels,
      Mounts: [{ Type: 'volume', Name: 'blog_data', Source: '/var/lib/docker' }],
    },
  ],
  volumes: [{ Name: 'blog_data', Driver: 'local', Labels: labels, Options: {}, Mountpoint: '/v' }],
  networks: [{ Id: 'n1', Name: 'blog_default', Labels: labels }],
  secrets: [{ ID: 'x1', Spec: { Name: 'blog_password_v1', Labels: labels } }],
  configs: [{ ID: 'y1', Spec: { Name: 'blog_conf_v1', Labels: labels } }],
  nodes: [{ ID: 'node1', Description: { Hostname: 'host' }, Status: { State: 'ready' } }],
};

describe('whatever a Docker Engine answers', () => {
  fuzz('it is a whole view, or no answer (L1)', damagedJson(lists), (answer) => {
    const raw = answer as RawLists;
    let view;
    try {
      view = toView(raw, 'node1', 1000);
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(CiWarmError);
      expect(thrown).toMatchObject({ code: 'no-answer' });
      return;
    }

    expect(view.services).toHaveLength(raw.services.length);
    expect(view.tasks).toHaveLength(raw.tasks.length);
    expect(view.containers).toHaveLength(raw.containers.length);
    expect(['undeployed', 'in-use']).toContain(judgeUndeployed(view, 'blog', ['v']).kind);
  });

  fuzz(
    'what it says of a failure has one meaning',
    fc.tuple(fc.integer({ min: 0, max: 600 }), fc.string({ unit: 'binary' })),
    ([status, text]) => {
      const { code, advice } = judge(status, text);

      expect(advice).not.toBe('');
      if (status >= 500) expect(code).not.toBe('tool-failed');
    },
  );

  test('an answer that is no list of objects is no answer', () => {
    for (const services of [[null], ['s1'], [3], null]) {
      expect(() => toView({ ...lists, services } as unknown as RawLists, 'node1', 0)).toThrow(
        CiWarmError,
      );
    }
  });
});

function frame(stream: number, text: string): Buffer {
  const body = Buffer.from(text);
  const head = Buffer.alloc(8);
  head[0] = stream;
  head.writeUInt32BE(body.length, 4);
  return Buffer.concat([head, body]);
}

const frames = fc.array(fc.tuple(fc.nat(2), fc.string()), { minLength: 1, maxLength: 8 });

describe('whatever a container writes', () => {
  fuzz('its frames are read as they were written', frames, (all) => {
    const content = Buffer.concat(all.map(([stream, text]) => frame(stream, text)));

    expect(readFrames(content)).toEqual(all.map(([, text]) => Buffer.from(text).toString()));
  });

  fuzz(
    'torn and foreign bytes end the reading, and add nothing',
    fc.tuple(frames, fc.nat(), fc.uint8Array({ maxLength: 30 })),
    ([all, at, bytes]) => {
      const content = Buffer.concat(all.map(([stream, text]) => frame(stream, text)));
      const torn = Buffer.concat([content.subarray(0, at % (content.length + 1)), bytes]);

      const texts = readFrames(torn);

      expect(texts.length).toBeLessThanOrEqual(1 + torn.length / 8);
      expect(texts.join('').length).toBeLessThanOrEqual(torn.length);
    },
  );
});

const mountLine = fc
  .tuple(
    fc.constantFrom('8:1', '0:50', '259:2', '', 'x'),
    fc.constantFrom('/', '/srv/state', '/a\\040b', '/\\777', '/volumes/data', ''),
    fc.constantFrom('/', '/var/lib', '/srv', '/srv/state', '/a\\011b', ''),
    fc.constantFrom('', ' rw', ' rw - ext4 /dev/sda1 rw', '\0'),
  )
  .map(([device, root, point, rest]) => `36 35 ${device} ${root} ${point}${rest}`);
const mountinfo = fc
  .array(fc.oneof(mountLine, fc.string({ unit: 'binary', maxLength: 30 })), { maxLength: 20 })
  .map((lines) => lines.join('\n'));

describe('whatever a kernel says of mounts', () => {
  fuzz(
    'a folder has at most one place, and a mount of that very folder shows it (S1)',
    fc.tuple(mountinfo, fc.constantFrom('/', '/srv', '/srv/state/a/volumes/b/data', '/a b/c')),
    ([text, path]) => {
      const mounts = parseMountinfo(text);
      const place = placeOf(path, mounts);

      expect(mounts.length).toBeLessThanOrEqual(text.split('\n').length);
      if (place === undefined) return;
      expect(path.startsWith(place.via.mountPoint)).toBe(true);
      const user = { device: place.device, root: place.pathWithin, mountPoint: '/elsewhere' };
      expect(shows(user, place)).toBe(true);
      expect(shows({ ...user, device: 'other' }, place)).toBe(false);
    },
  );
});
