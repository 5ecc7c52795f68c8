import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { parseAbraSh } from '../../controller/recipe/abra-sh.ts';

describe('parseAbraSh', () => {
  test('takes exports of plain text at the beginning of a line, and nothing else', () => {
    const text = `#!/bin/bash
export A_VERSION=v6
export B_VERSION="v 7" # a comment
export C_VERSION='$literal'
export EMPTY=
D_VERSION=v1
entrypoint() {
  export INSIDE=v1
  rm -rf "$HOME"
}
`;

    expect(parseAbraSh('abra.sh', text)).toEqual({
      values: new Map([
        ['A_VERSION', 'v6'],
        ['B_VERSION', 'v 7'],
        ['C_VERSION', '$literal'],
        ['EMPTY', ''],
      ]),
      problems: [],
    });
  });

  test.each([
    { name: 'a command', text: 'export A=$(date)' },
    { name: 'an old-style command', text: 'export A=`date`' },
    { name: 'a variable', text: 'export A=$B' },
    { name: 'a variable in quotes', text: 'export A="x$B"' },
    { name: 'a second command behind it', text: 'export A=1; rm -rf /' },
    { name: 'two assignments', text: 'export A=1 B=2' },
    { name: 'a value that goes on', text: 'export A="one' },
  ])('does not guess at $name', ({ text }) => {
    const parsed = parseAbraSh('abra.sh', `\n${text}\n`);

    expect(parsed.values.size).toBe(0);
    expect(parsed.problems).toMatchObject([{ file: 'abra.sh', line: 2 }]);
  });

  test.each([
    { name: 'a condition', text: 'if true; then\nexport A=1\nfi', line: 2 },
    { name: 'a condition over two lines', text: 'if true\nthen\nexport A=1\nfi', line: 3 },
    { name: 'another branch', text: 'if x; then\n :\nelif y; then\nexport A=1\nfi', line: 4 },
    { name: 'a loop', text: 'for n in 1 2; do # twice\nexport A=1\ndone', line: 2 },
    { name: 'a case', text: 'case $X in\n a)\nexport A=1\n;;\nesac', line: 3 },
  ])('what stands in $name is not taken, and what is behind it is', ({ text, line }) => {
    const { values, problems } = parseAbraSh('abra.sh', `${text}\nexport B=2\n`);

    expect(values).toEqual(new Map([['B', '2']]));
    expect(problems).toEqual([
      {
        file: 'abra.sh',
        line,
        message:
          'A is exported in a condition or a loop, and abra.sh is not run: export it once, outside of it',
      },
    ]);
  });

  test.each([
    { name: 'a comment', text: '# the folder that everything is in' },
    { name: 'an indented comment', text: '  # what there is to do' },
    { name: 'a here-document', text: "cat <<'EOF'\nwhat to do\nexport B=3\nEOF" },
    { name: 'an indented here-document', text: 'cat <<-TEXT > x\n\tlog in\n\tTEXT' },
    { name: 'a here-document in a function', text: 'f() {\n cat << EOF\nlog in\nEOF\n}' },
  ])('the words of $name open no condition', ({ text }) => {
    const { values, problems } = parseAbraSh('abra.sh', `${text}\nexport A=1\n`);

    expect(values).toEqual(new Map([['A', '1']]));
    expect(problems).toEqual([]);
  });

  test.each(['echo $((1<<N))', 'grep x <<<EOF', 'cat <<EOF'])(
    'what only looks like a here-document hides nothing: %s',
    (text) => {
      expect(parseAbraSh('abra.sh', `${text}\nexport A=1\n`).values.get('A')).toBe('1');
    },
  );

  test('the last export of a name counts', () => {
    expect(parseAbraSh('abra.sh', 'export A=1\nexport A=2').values.get('A')).toBe('2');
  });

  test('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseAbraSh('abra.sh', `export A=${text}`).values.size).toBeLessThanOrEqual(2);
      }),
    );
  });
});
