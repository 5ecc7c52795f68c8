import { expect, test } from 'vitest';
import { known, unknown } from '../../controller/model/known.ts';
import { EngineNews } from '../../controller/reconcile/engine-news.ts';
import { swarmView } from '../build/swarm.ts';

const away = unknown('connect ENOENT /run/docker.sock. There is no Docker Engine at that address');
const there = known(swarmView());

function told(...seen: readonly (typeof away | typeof there)[]): readonly string[] {
  const said: string[] = [];
  const note = (message: string, fields: unknown = {}): void =>
    void said.push(`${message} ${JSON.stringify(fields)}`);
  const news = new EngineNews({ info: note, warn: note });
  for (const swarm of seen) news.hear(swarm);
  return said;
}

test('an Engine that does not answer is said once, with where it was looked for, and once that it answers again', () => {
  const said = told(away, away, unknown('a time-out'), there, there, away);

  expect(said).toEqual([
    expect.stringMatching(/^Docker does not answer: .*ENOENT \/run\/docker.sock/),
    'Docker answers again {}',
    expect.stringMatching(/^Docker does not answer: /),
  ]);
});

test('an Engine that answers from the beginning is no news', () => {
  expect(told(there, there)).toEqual([]);
});
