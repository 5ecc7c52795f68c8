import { describe, expect, test } from 'vitest';
import {
  parseMountinfo,
  placeOf,
  processesThatMount,
  shows,
} from '../../../controller/adapters/docker/mountinfo.ts';

const host = parseMountinfo(
  [
    '26 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw',
    '40 26 8:17 / /var/lib/ci-warm rw,relatime shared:2 - ext4 /dev/sdb1 rw',
    '41 26 0:33 /@state /srv/state rw,relatime shared:3 - btrfs /dev/sdc1 rw,subvol=/@state',
    '42 26 8:1 /data\\040old /mnt/old rw,relatime - ext4 /dev/sda1 rw',
  ].join('\n'),
);

describe('placeOf', () => {
  test.each([
    {
      name: 'on the root file system it is the path itself',
      path: '/opt/app/data',
      device: '8:1',
      pathWithin: '/opt/app/data',
    },
    {
      name: 'in a file system of its own it is relative to that',
      path: '/var/lib/ci-warm/blog/data',
      device: '8:17',
      pathWithin: '/blog/data',
    },
    {
      name: 'in a part of a file system it begins with that part',
      path: '/srv/state/blog/data',
      device: '0:33',
      pathWithin: '/@state/blog/data',
    },
    {
      name: 'a folder whose name only begins like a mount point is not in it',
      path: '/var/lib/ci-warm-old/data',
      device: '8:1',
      pathWithin: '/var/lib/ci-warm-old/data',
    },
    {
      name: 'spaces are written as numbers there',
      path: '/mnt/old/x',
      device: '8:1',
      pathWithin: '/data old/x',
    },
    {
      name: 'a folder that is a file system of its own is the whole of it',
      path: '/var/lib/ci-warm',
      device: '8:17',
      pathWithin: '/',
    },
  ])('$name', ({ path, device, pathWithin }) => {
    expect(placeOf(path, host)).toMatchObject({ device, pathWithin });
  });
});

test('the mount that holds a path is found in whatever order they are listed', () => {
  const path = '/var/lib/ci-warm/blog/data';

  expect(placeOf(path, [...host].reverse())).toEqual(placeOf(path, host));
});

describe('shows', () => {
  const mounted = (device: string, root: string, mountPoint = '/data'): string =>
    `99 98 ${device} ${root} ${mountPoint} rw - ext4 /dev/x rw`;

  test.each([
    { name: 'the folder', line: mounted('8:17', '/blog/data'), expected: true },
    { name: 'something in it', line: mounted('8:17', '/blog/data/uploads'), expected: true },
    {
      name: 'it after it was deleted',
      line: mounted('8:17', '/blog/data//deleted'),
      expected: true,
    },
    { name: 'something around it', line: mounted('8:17', '/blog'), expected: false },
    { name: 'the whole file system', line: mounted('8:17', '/'), expected: false },
    { name: 'a neighbour', line: mounted('8:17', '/blog/data2'), expected: false },
    {
      name: 'the same path of another device',
      line: mounted('8:1', '/blog/data'),
      expected: false,
    },
  ])('a mount of $name: $expected', ({ line, expected }) => {
    const place = placeOf('/var/lib/ci-warm/blog/data', host);

    const [mount] = parseMountinfo(line);

    expect(place !== undefined && mount !== undefined && shows(mount, place)).toBe(expected);
  });

  test('a folder that is a file system of its own is not used by being mounted where it is', () => {
    const place = placeOf('/var/lib/ci-warm', host);

    const users = host.filter((mount) => place !== undefined && shows(mount, place));

    expect(users).toEqual([]);
  });

  test('but it is by being mounted elsewhere', () => {
    const place = placeOf('/var/lib/ci-warm', host);
    const [elsewhere] = parseMountinfo(mounted('8:17', '/'));

    expect(place !== undefined && elsewhere !== undefined && shows(elsewhere, place)).toBe(true);
  });
});

describe('processesThatMount', () => {
  test('a folder that does not exist is used by nobody', async () => {
    await expect(processesThatMount(['/nowhere/at/all'])).resolves.toEqual([]);
  });
});
