import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { renderOverride } from '../../controller/recipe/override.ts';
import { readStack } from '../../controller/recipe/read-recipe.ts';
import { renderStackFile } from '../../controller/recipe/stack-file.ts';
import { recipeCases } from './corpus.ts';

describe.each(recipeCases())('the recipe of the corpus: $name', (one) => {
  const stack = readStack(one.files, one.app, one.release);

  test('is read as recorded', async () => {
    const reading = `${JSON.stringify(stack.reading, null, 2)}\n`;

    await expect(reading).toMatchFileSnapshot(join(one.folder, 'reading.json'));
  });

  test('is handed to Docker as recorded', async () => {
    const override = renderOverride({ ...one, stack, nodeId: 'node-1' });
    const { path, text } = renderStackFile({ loaded: stack.loaded, files: one.files, override });

    await expect(`# ${path}\n${text}`).toMatchFileSnapshot(join(one.folder, 'rendered.yml'));
  });

  test('keeps every line of its compose files where it is', () => {
    for (const { path, text } of stack.loaded.files) {
      const written = keysOf(one.files.get(path) ?? '');
      const rendered = keysOf(text);

      expect(rendered).toMatchObject(written);
    }
  });
});

/** Line number → the key that the line begins with. The version may be written in anywhere. */
function keysOf(text: string): Readonly<Record<number, string>> {
  const keys: Record<number, string> = {};
  for (const [index, line] of text.split('\n').entries()) {
    const key = /^ *"?(?<key>[\w.-]+)"?:/.exec(line)?.groups?.['key'];
    if (key !== undefined) keys[index + 1] = key;
  }
  return keys;
}
