import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import * as migrations from '../../examples/images/guestbook/migrations.ts';
import type { Release } from '../../examples/images/guestbook/release.ts';
import { openStore } from '../../examples/images/guestbook/store.ts';

const first: Release = {
  version: '1.0.0',
  migrations: [migrations.createEntries],
  table: 'entries',
  authors: false,
};
const withAuthors: Release = {
  version: '1.1.0',
  migrations: [migrations.createEntries, migrations.addAuthors],
  table: 'entries',
  authors: true,
};
const broken: Release = {
  ...withAuthors,
  version: '1.4.0',
  migrations: [...withAuthors.migrations, migrations.renameEntriesToPosts],
};
const careless: Release = {
  ...broken,
  version: '1.4.1',
  table: 'posts',
  migrations: [...broken.migrations, migrations.removeDoublesCarelessly],
};
const careful: Release = {
  ...broken,
  version: '1.5.0',
  table: 'posts',
  migrations: [...broken.migrations, migrations.removeDoubles],
};

let place: string;
let file: string;

beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'ci-warm-guestbook-'));
  file = join(place, 'guestbook.sqlite');
  vi.spyOn(console, 'error').mockReturnValue();
});

afterEach(async () => {
  vi.restoreAllMocks();
  await rm(place, { recursive: true, force: true });
});

function sign(release: Release, ...messages: readonly string[]): void {
  const store = openStore(file, release);
  for (const message of messages) store.add(message, 'me', '2026-01-01T12:00:00Z');
  store.close();
}

function read(release: Release): readonly unknown[] {
  const store = openStore(file, release);
  try {
    return store.list(10).map((entry) => entry['message']);
  } finally {
    store.close();
  }
}

describe('the guestbook', () => {
  test('keeps its entries through a migration', () => {
    sign(first, 'one', 'two');

    expect(read(withAuthors)).toEqual(['two', 'one']);
  });

  test('an older release refuses the data of a newer one, and changes nothing in it', () => {
    sign(withAuthors, 'one');

    expect(() => openStore(file, first)).toThrow(
      'the database has schema 2, and guestbook 1.0.0 knows no schema beyond 1: refusing to start',
    );
    expect(read(withAuthors)).toEqual(['one']);
  });

  test('the broken release migrates, and then cannot read', () => {
    sign(withAuthors, 'one');

    expect(() => read(broken)).toThrow('no such table: entries');
    expect(() => openStore(file, withAuthors)).toThrow('refusing to start');
  });

  test('the careless release loses entries, the careful one loses doubles alone', async () => {
    sign(withAuthors, 'one', 'two', 'two');
    expect(read(careful)).toEqual(['two', 'one']);
    await rm(file);
    sign(withAuthors, 'one', 'two');

    expect(read(careless)).toEqual(['two']);
  });
});
