/** Builders of a recipe as its maintainer writes it, and of what the safety gate reads of it. */
import type { RecipeStructure } from '../../controller/model/structure.ts';
import { readStructure } from '../../controller/recipe/read-structure.ts';
import { commitOf } from './recipe.ts';

const recipeApp = {
  recipe: 'book',
  domain: 'book.example.org',
  stack: 'book_example_org',
  proxyNetwork: 'proxy',
} as never;

/** A database and an app, a volume for each, a config, a secret. */
export const bookFiles: Readonly<Record<string, string>> = {
  'compose.yml': [
    "version: '3.8'", // 1
    'services:', // 2
    '  app:', // 3
    '    image: nginx:1.27', // 4
    '    volumes:', // 5
    '      - files:/srv/files', // 6
    '    configs:', // 7
    '      - source: conf', // 8
    '        target: /etc/conf', // 9
    '    secrets: [token]', // 10
    '  db:', // 11
    '    image: postgres:15-alpine', // 12
    '    volumes:', // 13
    '      - data:/var/lib/postgresql/data', // 14
    '    deploy:', // 15
    '      update_config:', // 16
    '        order: stop-first', // 17
    'volumes:', // 18
    '  files:', // 19
    '  data:', // 20
    'configs:', // 21
    '  conf:', // 22
    '    name: ${STACK_NAME}_conf_${CONF_VERSION}', // 23
    '    file: conf.tmpl', // 24
    'secrets:', // 25
    '  token:', // 26
    '    external: true', // 27
    '    name: ${STACK_NAME}_token_${SECRET_TOKEN_VERSION}', // 28
    '',
  ].join('\n'),
  '.env.sample': [
    'TYPE=book', // 1
    'DOMAIN=book.example.org', // 2
    'TITLE=Book', // 3
    'SECRET_TOKEN_VERSION=v1 # length=32', // 4
    '',
  ].join('\n'),
  'abra.sh': 'export CONF_VERSION=v1\n',
  'conf.tmpl': 'one\ntwo\nthree\n',
};

/** Each edit replaces what stands in a file; it has to be there. */
export type Edits = readonly (readonly [file: string, from: string, to: string])[];

function bookWith(edits: Edits): ReadonlyMap<string, string> {
  const files = new Map(Object.entries(bookFiles));
  for (const [file, from, to] of edits) {
    const text = files.get(file) ?? '';
    if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
    files.set(
      file,
      text.replace(from, () => to),
    );
  }
  return files;
}

/** The book's recipe at a tag, with these edits. */
export function bookAt(
  tag: string,
  edits: Edits = [],
  env: Readonly<Record<string, string>> = {},
): RecipeStructure {
  return readStructure(bookWith(edits), recipeApp, { version: tag, commit: commitOf(tag), env });
}
