import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { findManualWork } from '../../controller/gates/manual-migration.ts';
import type { RecipeProblem } from '../../controller/model/recipe.ts';
import { parseAbraSh } from '../../controller/recipe/abra-sh.ts';
import { parseComposeFile } from '../../controller/recipe/compose-file.ts';
import { parseDotenv } from '../../controller/recipe/dotenv.ts';
import { readStack } from '../../controller/recipe/read-recipe.ts';
import { renderOverride } from '../../controller/recipe/override.ts';
import { renderStackFile } from '../../controller/recipe/stack-file.ts';
import { memberOf, membersOf } from '../../controller/recipe/yaml-value.ts';
import { secretRule } from '../../controller/recipe/secret-rule.ts';
import { recipeCases } from '../recipe/corpus.ts';
import { damagedText } from './damage.ts';
import { fuzz } from './fuzz.ts';

const cases = recipeCases();

/** Every file of the corpus of recipes whose path ends so. */
function filesNamed(ending: string): readonly string[] {
  return cases.flatMap(({ files }) =>
    [...files].filter(([path]) => path.endsWith(ending)).map(([, text]) => text),
  );
}

const yamlShards = [
  ...['\n', '\t', ' ', ': ', '- ', '? ', '{', '}', '[', ']', ',', '"', "'", '|', '>-', '#', '\0'],
  ...['&a ', '*a', '!x ', '!!binary ', '---\n', '%YAML 1.1\n', '<<: ', '<<: *a\n', '~', '\r\n'],
  ...['__proto__: ', 'constructor: ', '1e999', '.nan', '0x10', 'a: &a [*a]\n', '\ufeff', '\u2028'],
  ...['services:\n', '  app:\n', '    image: x:1\n', 'volumes:\n', 'configs: {c: {file: f}}\n'],
  ...['${', '${A', '${A:-', '}', '$', '$$', '${A:?x}', '${A:+${B:-c}}', 'version: "3.8"\n'],
];
const envShards = [
  ...['\n', '\r\n', '\r', '=', '"', "'", '#', ' ', '\t', '\\', '\\"', '$', '${', '${A}', '$A'],
  ...['A=', 'A="', "A='", 'export ', 'export A=', ' # length=32 charset=hex', 'COMPOSE_FILE=a:b'],
  ...['SECRET_X_VERSION=v1 # length=99999', '\0', '\ufeff', '__proto__=1', 'é=1', '1A=2'],
  ...['`id`', '$(id)', ';', '&&', '|', '<', '>', '(', ')', '{\n'],
];

/** A problem of a file that is there says where in it. */
function expectPlaces(
  problems: readonly RecipeProblem[],
  files: ReadonlyMap<string, string>,
): void {
  for (const { file, line, message } of problems) {
    expect(message).not.toBe('');
    const text = files.get(file);
    if (text === undefined) continue;
    expect(line, `${file}: ${message}`).toBeGreaterThanOrEqual(1);
    expect(line, `${file}: ${message}`).toBeLessThanOrEqual(linesIn(text));
  }
}

function linesIn(text: string): number {
  return text.split('\n').length;
}

describe('whatever a recipe holds, reading it ends, and what is refused has a place', () => {
  fuzz('.env.sample', damagedText(filesNamed('.env.sample'), envShards), (text) => {
    const { entries, problems } = parseDotenv('.env.sample', text);

    expectPlaces(problems, new Map([['.env.sample', text]]));
    for (const { line, modifiers } of entries) {
      expect(line).toBeLessThanOrEqual(linesIn(text));
      expect(secretRule(modifiers).rule.charset.length).toBeLessThanOrEqual(128);
    }
  });

  fuzz('abra.sh', damagedText(filesNamed('abra.sh'), envShards), (text) => {
    expectPlaces(parseAbraSh('abra.sh', text).problems, new Map([['abra.sh', text]]));
  });

  fuzz('a compose file', damagedText(filesNamed('.yml'), yamlShards), (text) => {
    const file = parseComposeFile('compose.yml', text);

    expectPlaces(file.problems, new Map([['compose.yml', text]]));
    expect(file.document === undefined).toBe(file.problems.length > 0);
  });

  fuzz(
    'a recipe as a whole',
    fc
      .constantFrom(...cases)
      .chain((one) => fc.tuple(fc.constant(one), fc.constantFrom(...one.files.keys())))
      .chain(([one, path]) =>
        damagedText(
          [one.files.get(path) ?? ''],
          path.endsWith('.yml') ? yamlShards : envShards,
        ).map((text) => ({ ...one, files: new Map([...one.files, [path, text]]) })),
      ),
    (one) => {
      const stack = readStack(one.files, one.app, one.release);

      expectPlaces(stack.reading.problems, one.files);
      const override = renderOverride({ ...one, stack, nodeId: 'n' });
      const { text } = renderStackFile({ loaded: stack.loaded, files: one.files, override });
      expect(override).toContain('services');
      if (stack.reading.services.length === 0) expect(stack.reading.problems).not.toEqual([]);
      if (stack.reading.problems.length > 0) return;
      // What Docker is given is YAML, and holds every service.
      expect(membersOf(memberOf(parseComposeFile('x', text).content, 'services'))).toHaveLength(
        stack.reading.services.length,
      );
    },
  );
});

const notesFolder = fileURLToPath(new URL('../corpus/release-notes', import.meta.url));
const notes = readdirSync(notesFolder).map((name) => readFileSync(join(notesFolder, name), 'utf8'));
const notesShards = [
  ...['\n', '\n\n', '\r\n', '. ', '.', '!', '?', ';', '- ', '# ', '1. ', '`', ' ', '\0', '…'],
  ...['You must run the migration. ', 'No manual steps. ', "doesn't ", 'automatically ', 'not '],
  ...['need to ', 'manual ', 'before upgrading ', 'requires a ', 'you ', 'breaking '],
];

describe('whatever release notes say, reading them ends', () => {
  fuzz('and what is found stands where it is said to', damagedText(notes, notesShards), (text) => {
    const found = findManualWork(text);

    if (found === undefined) return;
    expect(found.text).not.toBe('');
    expect(found.line).toBeGreaterThanOrEqual(1);
    expect(found.line).toBeLessThanOrEqual(linesIn(text));
  });

  fuzz(
    'and no text before it hides a sentence that asks for work (G2)',
    fc.tuple(damagedText(notes, notesShards), fc.constantFrom(0, 1, 10, 40)),
    ([text, times]) => {
      const filler = `${text}\n\n`.repeat(times);

      expect(findManualWork(`${filler}\n\nYou must run the migration by hand.\n`)).toBeDefined();
    },
  );
});
