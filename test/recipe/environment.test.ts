import { describe, expect, test } from 'vitest';

import { composeFilesOf, environmentOf } from '../../controller/recipe/environment.ts';
import { corpusApp } from './corpus.ts';

function envOf(
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const all = new Map(Object.entries(files));
  return environmentOf(all, corpusApp, { version: '1.0.0+2', env }).env;
}

describe('environmentOf', () => {
  test('our values stand over the sample`s, and what abra.sh exports over both', () => {
    const env = envOf(
      { '.env.sample': 'A=sample\nB=sample\nC=sample', 'abra.sh': 'export C=abra' },
      { B: 'ours', C: 'ours', D: 'ours' },
    );

    expect(env).toMatchObject({ A: 'sample', B: 'ours', C: 'abra', D: 'ours' });
  });

  test('domain, stack and type are the app`s, whatever the files say', () => {
    const env = envOf(
      { '.env.sample': 'DOMAIN=x.example.com\nTYPE=other', 'abra.sh': 'export STACK_NAME=other' },
      { DOMAIN: 'mine.example.com' },
    );

    expect(env).toEqual({
      DOMAIN: corpusApp.domain,
      STACK_NAME: corpusApp.stack,
      TYPE: `${corpusApp.recipe}:1.0.0+2`,
    });
  });

  test('lines of the sample that refer to a value of ours see ours', () => {
    expect(envOf({ '.env.sample': 'DOMAIN=x\nURL=https://$DOMAIN/' })['URL']).toBe(
      `https://${corpusApp.domain}/`,
    );
  });

  test('a recipe needs neither file', () => {
    expect(Object.keys(envOf({})).sort()).toEqual(['DOMAIN', 'STACK_NAME', 'TYPE']);
  });

  test('a value of ours is taken as it is written', () => {
    expect(envOf({}, { A: '$B ${C} $$' })['A']).toBe('$B ${C} $$');
  });
});

describe('composeFilesOf', () => {
  test.each([
    { name: 'compose.yml without a word', value: undefined, files: ['compose.yml'] },
    { name: 'compose.yml when it is empty', value: ' : ', files: ['compose.yml'] },
    { name: 'one file', value: 'other.yml', files: ['other.yml'] },
    { name: 'several in their order', value: 'b.yml:./a.yml', files: ['b.yml', 'a.yml'] },
    { name: 'each file once', value: 'a.yml:b.yml:a.yml', files: ['a.yml', 'b.yml'] },
  ])('COMPOSE_FILE means $name', ({ value, files }) => {
    expect(composeFilesOf(value === undefined ? {} : { COMPOSE_FILE: value })).toEqual(files);
  });
});
