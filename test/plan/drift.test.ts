import { describe, expect, test } from 'vitest';
import type { ProvedService } from '../../controller/model/release.ts';
import { label, type ServiceView } from '../../controller/model/swarm.ts';
import { judgeDrift } from '../../controller/plan/drift.ts';
import { goneSecrets } from '../../controller/plan/gone-secrets.ts';
import { warmApp } from '../build/desired.ts';
import { lastGood } from '../build/record.ts';
import { service, swarmView } from '../build/swarm.ts';

const app = warmApp('book');
const good = lastGood(app, '1.0.0+1.0.0');

interface Row {
  readonly name: string;
  readonly proved: ProvedService | undefined;
  readonly runs: Partial<ServiceView>;
  readonly what: string | undefined;
}

const rows: readonly Row[] = [
  {
    name: 'as it was proved',
    proved: { replicas: 1, written: 'sha256:1' },
    runs: { replicas: 1, writtenDigest: 'sha256:1' },
    what: undefined,
  },
  {
    name: 'scaled to nothing by hand',
    proved: { replicas: 1 },
    runs: { replicas: 0 },
    what: 'was scaled to 0 by hand, and 1 belong to the release',
  },
  {
    name: 'made global by hand',
    proved: { replicas: 2 },
    runs: { replicas: undefined },
    what: 'was scaled to one task a node by hand, and 2 belong to the release',
  },
  {
    name: 'global, as it was proved',
    proved: { replicas: null },
    runs: { replicas: undefined },
    what: undefined,
  },
  {
    name: 'scaled to 0 by the recipe itself',
    proved: { replicas: 0 },
    runs: { replicas: 0 },
    what: undefined,
  },
  {
    name: 'edited by hand',
    proved: { replicas: 1, written: 'sha256:1' },
    runs: { writtenDigest: 'sha256:2' },
    what: 'was changed by hand',
  },
  {
    name: 'a record of an older version, which cannot tell',
    proved: undefined,
    runs: { replicas: 7, writtenDigest: 'sha256:2' },
    what: undefined,
  },
  {
    name: 'an observation that cannot tell',
    proved: { replicas: 1, written: 'sha256:1' },
    runs: {},
    what: undefined,
  },
];

describe('drift', () => {
  test.each(rows)('$name', ({ proved, runs, what }) => {
    const running = service(app.stack, 'app', {
      image: good.images['app'] ?? '',
      labels: { [label.app]: app.name, [label.spec]: good.specHash },
      ...runs,
    });
    const record = proved === undefined ? good : { ...good, proved: { app: proved } };

    const drift = judgeDrift(swarmView({ services: [running] }), app.name, app.stack, record);

    expect(drift).toEqual(
      what === undefined
        ? { kind: 'none' }
        : { kind: 'drifted', what: `service ${app.stack}_app ${what}` },
    );
  });
});

describe('secrets that are gone', () => {
  const named = (name: string) => ({ id: name, name, stack: undefined, labels: {} });

  test('are those that it ran with and that nobody has any more', () => {
    const view = swarmView({ secrets: [named('book_b_v1')] });
    const record = { ...good, secrets: ['book_c_v1', 'book_b_v1', 'book_a_v1'] };

    expect(goneSecrets(view, record)).toEqual(['book_a_v1', 'book_c_v1']);
  });

  test('are none where the record does not say which there were', () => {
    expect(goneSecrets(swarmView(), good)).toEqual([]);
  });
});

describe('the image that runs', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  const pinned = `images.example.org/book@${digest}`;
  const other = `sha256:${'b'.repeat(64)}`;

  test.each([
    { name: 'as it was written', shown: pinned, proved: pinned, kind: 'none' },
    {
      name: 'with the tag that Swarm shows beside the digest',
      shown: `images.example.org/book:1.0.0@${digest}`,
      proved: pinned,
      kind: 'none',
    },
    {
      name: 'of another digest',
      shown: `images.example.org/book:1.0.0@${other}`,
      proved: pinned,
      kind: 'replaced',
    },
    {
      name: 'of no digest where one was proved',
      shown: 'images.example.org/book:1.0.0',
      proved: pinned,
      kind: 'replaced',
    },
    {
      name: 'of another tag where no digest was proved',
      shown: 'images.example.org/book:1.0.1',
      proved: 'images.example.org/book:1.0.0',
      kind: 'replaced',
    },
  ])('P2: $name: $kind', ({ shown, proved, kind }) => {
    const labels = { [label.app]: app.name, [label.spec]: good.specHash };
    const swarm = swarmView({ services: [service(app.stack, 'app', { image: shown, labels })] });
    const record = { ...good, images: { app: proved } };

    expect(judgeDrift(swarm, app.name, app.stack, record).kind).toBe(kind);
  });
});
