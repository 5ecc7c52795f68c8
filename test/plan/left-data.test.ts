/** An app that was never proved good, and was tried before under another domain or by another recipe. */
import { describe, expect, test } from 'vitest';
import type { WarmAppSpec } from '../../controller/model/desired.ts';
import type { TransitionSummary } from '../../controller/model/journal.ts';
import { known } from '../../controller/model/known.ts';
import type { PlanEntry } from '../../controller/model/plan.ts';
import { domain, warmApp } from '../build/desired.ts';
import { plan } from '../build/planned.ts';
import { release } from '../build/recipe.ts';
import { transition } from '../build/record.ts';
import { worldOf } from '../build/running.ts';
import { swarmView } from '../build/swarm.ts';

const v1 = '1.0.0+1.0.0';
const v11 = '1.1.0+1.1.0';
const app = warmApp('book');
const elsewhere = domain('other.ci.example.org');
const tried = (over: Partial<TransitionSummary> = {}): TransitionSummary =>
  transition({
    ...{ kind: 'install', end: 'undeployed', toVersion: v1, toSpecHash: 'of the first try' },
    ...{ domain: app.domain, recipe: app.recipe, ...over },
  });

function planned(
  history: readonly TransitionSummary[],
  over: Partial<WarmAppSpec> = {},
  tags: readonly string[] = [v1],
): PlanEntry {
  const wanted = { ...app, ...over };
  const swarm = known(swarmView());
  const seen = worldOf(
    wanted,
    tags.map((tag) => release(tag)),
    { history },
    { swarm },
  );
  return plan(wanted, seen);
}

describe('S3: what a failed first install left is not started upon', () => {
  test.each([
    {
      name: 'at another domain',
      history: [tried({ domain: elsewhere })],
      reasons: [{ reason: 'LeftByDomain', from: elsewhere, to: app.domain }],
    },
    {
      name: 'by another recipe',
      history: [tried({ recipe: 'diary' })],
      reasons: [{ reason: 'LeftByRecipe', from: 'diary', to: app.recipe }],
    },
    {
      name: 'where both are others',
      history: [tried({ domain: elsewhere, recipe: 'diary' })],
      reasons: [{ reason: 'LeftByDomain' }, { reason: 'LeftByRecipe' }],
    },
    {
      name: 'whatever was tried since and touched nothing',
      history: [
        tried({ domain: elsewhere }),
        tried({ end: 'abandoned' }),
        tried({ kind: 'drill', end: 'succeeded' }),
      ],
      reasons: [{ reason: 'LeftByDomain' }],
    },
    {
      name: 'where its last_good was lost, at another domain',
      history: [tried({ end: 'succeeded', domain: elsewhere })],
      reasons: [{ reason: 'LeftByDomain' }],
    },
    {
      name: 'by an older version at another domain, for both reasons',
      history: [tried({ toVersion: v11, domain: elsewhere })],
      reasons: [{ reason: 'Downgrade' }, { reason: 'LeftByDomain' }],
    },
  ])('$name', ({ history, reasons }) => {
    const entry = planned(history);

    expect(entry.decision.kind).toBe('held');
    expect(entry.hold).toMatchObject({ version: v1, reasons });
  });

  test('and the message says every way out, and where the object is written', () => {
    const entry = planned([tried({ domain: elsewhere })]);

    expect(entry.hold?.reasons).toEqual([
      {
        kind: 'held-domain',
        reason: 'LeftByDomain',
        message: `the try of ${v1} on 2026-11-21T09:00:00Z may have left data in the volumes of book, and that data belongs to ${elsewhere}, not to ${app.domain}; put the domain back, approve ${v1} to let it start on that data, or begin anew with an app of another name and domain`,
        file: app.source.file,
        line: app.source.line,
        from: elsewhere,
        to: app.domain,
      },
    ]);
  });

  test('but where a person has approved that very target', () => {
    const history = [tried({ domain: elsewhere, recipe: 'diary' })];

    expect(planned(history, { approved: v1 }).decision).toMatchObject({
      kind: 'start',
      transition: 'install',
    });
    expect(planned(history, { approved: v1 }, [v1, v11]).decision.kind).toBe('held');
  });
});

describe('a first install begins', () => {
  const other = tried({ domain: elsewhere });
  const { domain: _domain, recipe: _recipe, ...unsaid } = other;

  test.each<{
    readonly name: string;
    readonly past: TransitionSummary;
    readonly over?: Partial<WarmAppSpec>;
  }>([
    { name: 'where the first try never deployed', past: { ...other, end: 'abandoned' } },
    {
      name: 'where a retirement left no volume',
      past: { ...other, kind: 'retire', end: 'succeeded' },
    },
    { name: 'where it has no data', past: other, over: { data: 'Stateless' } },
    { name: 'where nobody wrote down what was tried', past: unsaid },
  ])('at another domain, $name', ({ past, over }) => {
    expect(planned([past], over).decision).toMatchObject({ kind: 'start' });
  });

  test('where domain and recipe are what they were, and a newer release is tried', () => {
    expect(planned([tried()], {}, [v1, v11]).decision).toMatchObject({
      kind: 'start',
      input: { to: { version: v11 } },
    });
  });

  test('where a person let it start on that data once, and the data is its own since', () => {
    const history = [tried({ domain: elsewhere }), tried()];

    expect(planned(history, {}, [v1, v11]).decision.kind).toBe('start');
  });
});
