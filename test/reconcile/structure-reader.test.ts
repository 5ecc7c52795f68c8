import { describe, expect, test } from 'vitest';
import { CiWarmError } from '../../controller/model/failure.ts';
import type { StructureRequest } from '../../controller/plan/structures-needed.ts';
import { StructureReader } from '../../controller/reconcile/structure-reader.ts';
import { warmApp } from '../build/desired.ts';
import { bookFiles } from '../build/recipe-text.ts';
import { transitionInput } from '../build/record.ts';

const signal = new AbortController().signal;

function request(version: string, specHash = version): StructureRequest {
  const { app, to } = transitionInput(warmApp('book'), null, version);
  return { app, release: { ...to, specHash } };
}

function reader(
  answer: () => ReadonlyMap<string, string> = () => new Map(Object.entries(bookFiles)),
) {
  const asked: string[] = [];
  const filesOf = async (_recipe: string, _url: string, commits: readonly string[]) => {
    asked.push(...commits);
    return new Map(commits.map((commit) => [commit, answer()]));
  };
  return { structures: new StructureReader({ filesOf }), asked };
}

describe('StructureReader', () => {
  test('a commit with its configuration is read once, however many passes ask for it', async () => {
    const { structures, asked } = reader();
    const requests = [request('1.0.0+1.0.0'), request('1.1.0+1.1.0')];

    const first = await structures.read(requests, signal);
    const second = await structures.read(requests, signal);

    expect(asked).toHaveLength(2);
    expect(second).toEqual(first);
    expect([...first.values()].map(({ known }) => known)).toEqual([true, true]);
  });

  test('another configuration is another reading', async () => {
    const { structures, asked } = reader();

    await structures.read([request('1.0.0+1.0.0', 'a')], signal);
    await structures.read([request('1.0.0+1.0.0', 'b')], signal);

    expect(asked).toHaveLength(2);
  });

  test('what is asked for in every pass is kept, however much it is', async () => {
    const { structures, asked } = reader();
    const requests = Array.from({ length: 600 }, (_, index) => request(`1.0.${String(index)}+1`));

    await structures.read(requests, signal);
    await structures.read(requests, signal);

    expect(asked).toHaveLength(600);
  });

  test('what nobody asks for any more is forgotten when there is too much', async () => {
    const { structures, asked } = reader();
    const many = Array.from({ length: 600 }, (_, index) => request(`1.0.${String(index)}+1`));

    await structures.read(many, signal);
    await structures.read([request('2.0.0+2')], signal);
    await structures.read(many, signal);

    expect(asked.length).toBeGreaterThan(601);
  });

  test('L1: no answer is Unknown, and asked for again', async () => {
    const { structures, asked } = reader(() => {
      throw new CiWarmError('no-answer', 'the forge does not answer');
    });

    for (let pass = 0; pass < 2; pass += 1) {
      const seen = await structures.read([request('1.0.0+1.0.0')], signal);
      expect([...seen.values()]).toEqual([{ known: false, why: 'the forge does not answer' }]);
    }
    expect(asked).toHaveLength(2);
  });

  test('G2: what is no recipe is an answer, which cannot be read', async () => {
    const { structures } = reader(() => {
      throw new CiWarmError('recipe-invalid', 'that is no recipe');
    });

    const seen = await structures.read([request('1.0.0+1.0.0')], signal);

    expect([...seen.values()]).toMatchObject([
      { known: true, value: { problems: [{ message: 'that is no recipe' }] } },
    ]);
  });

  test('G2: so is a commit that the repository does not have, and it is asked for again', async () => {
    let asked = 0;
    const structures = new StructureReader({
      filesOf: async () => {
        asked += 1;
        return new Map();
      },
    });

    for (let pass = 0; pass < 2; pass += 1) {
      const seen = await structures.read([request('1.0.0+1.0.0')], signal);
      expect(JSON.stringify([...seen.values()])).toContain('the repository has no commit');
    }
    expect(asked).toBe(2);
  });
});
