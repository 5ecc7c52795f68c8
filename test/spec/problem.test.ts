import { describe, expect, test } from 'vitest';
import { loadDesired } from '../../controller/spec/load.ts';
import { problemToJson, renderProblems } from '../../controller/spec/problem.ts';

/** The problems of a tree with good settings and one more file. */
function problemsOf(text: string) {
  const settings =
    'apiVersion: ci-warm.dev/v1\nkind: Settings\nmetadata: { name: host }\nspec: { baseDomain: a.org }\n';
  const files = [
    { path: 'settings.yaml', text: settings, problem: undefined },
    { path: 'recipe.yaml', text, problem: undefined },
  ];
  return loadDesired(files, { revision: 'r', baseDirectory: '/srv', tree: 'desired' }).problems;
}

const RECIPE = 'apiVersion: ci-warm.dev/v1\nkind: Recipe\nmetadata: { name: wiki }\n';

describe('renderProblems', () => {
  test('shows file, line, column, the line with the place marked, and a hint', () => {
    const problems = problemsOf(`${RECIPE}spec: { upgradeBase: 1.10 }\n`);

    expect(renderProblems(problems)).toBe(
      [
        'desired/recipe.yaml:4:22: spec.upgradeBase has to be a string, but YAML reads 1.10 as the number 1.1',
        '    4 | spec: { upgradeBase: 1.10 }',
        '      |                      ^^^^',
        '  hint: quote it: "1.10"; and it has to be: what a cold run installs first: previous (the release before), or a release tag such as "10.7.1+26.6.2"',
        '',
      ].join('\n'),
    );
  });

  test('keeps tabs in front of the marker, so that it stands below its place', () => {
    const problems = problemsOf(`${RECIPE}spec: {\tfoo: 1 }\n`);

    expect(renderProblems(problems).split('\n').slice(1, 3)).toEqual([
      '    4 | spec: {\tfoo: 1 }',
      '      |        \t^^^',
    ]);
  });

  test('is empty when nothing is wrong', () => {
    expect(renderProblems(problemsOf(`${RECIPE}spec: {}\n`))).toBe('');
  });
});

describe('problemToJson', () => {
  test('gives the six fields of the interface and no line of the file', () => {
    const [problem] = problemsOf(`${RECIPE}spec: { secrets: [{ name: a, file: hunter2 }] }\n`);

    expect(problem && problemToJson(problem)).toEqual({
      file: 'desired/recipe.yaml',
      line: 4,
      column: 36,
      code: 'bad-value',
      message: 'spec.secrets[0].file is not a valid file path',
      hint: 'an absolute path on the host; such as /run/secrets/smtp',
    });
  });
});

describe('what problems never show', () => {
  const rows = [
    {
      name: 'a password in a URL, not even in the line',
      spec: '{ url: "https://me:hunter2@forge.example.org/wiki.git" }',
    },
    {
      name: 'a token in a URL with a wrong scheme',
      spec: '{ url: "http://hunter2@forge.example.org/wiki.git" }',
    },
    {
      name: 'a control character',
      spec: '{ upgradeBase: "\u001bhunter2" }',
      never: '\u001b',
    },
    {
      name: 'a character that turns the direction of text',
      spec: '{ upgradeBase: "\u202ehunter2" }',
      never: '\u202e',
    },
  ];

  test.each(rows)('$name', ({ spec, never = 'hunter2' }) => {
    const problems = problemsOf(`${RECIPE}spec: ${spec}\n`);

    expect(problems).toHaveLength(1);
    expect(renderProblems(problems)).not.toContain(never);
  });

  test('the value where a file should be named, except in the line itself', () => {
    const problems = problemsOf(`${RECIPE}spec: { secrets: [{ name: a, file: hunter2 }] }\n`);

    const told = problems.map((problem) => JSON.stringify(problemToJson(problem))).join();
    expect(problems).toHaveLength(1);
    expect(told).not.toContain('hunter2');
  });
});

describe('YAML that is wrong again and again', () => {
  test('one place is told once, however often the parser stumbles over it', () => {
    const problems = problemsOf(`a: ${'['.repeat(60)}`);

    expect(problems.map(({ message }) => message)).toEqual(['this is not YAML: a [ is not closed']);
  });

  test.each([
    { name: 'within what the parser takes', depth: 100 },
    { name: 'beyond it', depth: 20_000 },
  ])('too deep a nesting is told once, with the limit: $name', ({ depth }) => {
    const closed = problemsOf(`a: ${'['.repeat(depth)}${']'.repeat(depth)}`);
    const lists = problemsOf(`${'- '.repeat(depth)}x`);

    for (const problems of [closed, lists]) {
      expect(problems).toMatchObject([
        { code: 'yaml-depth', message: 'this is nested more than 64 deep', line: 1 },
      ]);
    }
  });

  test('behind twenty mistakes of one file the rest is counted', () => {
    const tags = (count: number) => problemsOf('- !no x\n'.repeat(count));

    expect(tags(21).map(({ line }) => line)).toEqual(Array.from({ length: 21 }, (_, at) => at + 1));
    expect(tags(50)).toHaveLength(21);
    expect(tags(50).at(-1)).toMatchObject({
      line: 21,
      code: 'yaml-syntax',
      message: 'here and behind there are 30 more mistakes of YAML in this file',
    });
  });

  test('mistakes of objects are all told', () => {
    const object = `${RECIPE}spec: { driver: swarm }\n`;

    const problems = problemsOf(Array.from({ length: 50 }, () => object).join('---\n'));

    expect(problems.filter(({ code }) => code === 'unknown-value')).toHaveLength(50);
  });

  test.each(['? [a, b]\n: 1\n', '{ { a: 1 }: 2 }\n'])(
    'a list or a map as the name of a field: %j',
    (text) => {
      expect(problemsOf(text)).toMatchObject([
        {
          code: 'yaml-syntax',
          message: 'the name of a field is text, and here it is a list or a map',
        },
      ]);
    },
  );
});
