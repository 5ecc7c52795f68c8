/**
 * The linter's rules. Who may import whom stands in test/lint/layers.ts; here is what no file may do, whatever it
 * imports. Every ban carries its reason, and each is held against the linter itself in test/lint/.
 *
 * A rule that is configured twice for one file keeps the last list only, so each list is put together whole.
 */
import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

import { layerRule } from './test/lint/layer-rule.ts';
import { layers } from './test/lint/layers.ts';

const noDefaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'A named export keeps one name for one thing everywhere.',
};
const noBarrel = {
  selector: 'ExportAllDeclaration',
  message: 'Import from the file that defines, so that the graph can be read.',
};
const noShell = {
  selector: 'Property[key.name="shell"][value.value!=false]',
  message: 'No shell, ever: an argument vector cannot be misread.',
};
const noAbortAny = {
  selector: 'MemberExpression[object.name="AbortSignal"][property.name="any"]',
  message: 'AbortSignal.any leaks against a signal that lives as long as the process.',
};
const noWriteFile = {
  selector: 'MemberExpression[property.name=/^writeFile(Sync)?$/]',
  message: 'A state file is written whole or not at all: use adapters/files/atomic-write.ts.',
};
const typesOnly = {
  selector:
    ':matches(VariableDeclaration, FunctionDeclaration, ClassDeclaration, ImportDeclaration[importKind!="type"])',
  message: 'ports/ holds types only; nothing of it is there at run time.',
};

const untimely = 'Time is a parameter here, so that the same input gives the same answer.';
const stillSyntax = [
  { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: untimely },
  { selector: 'CallExpression[callee.name="Date"]', message: untimely },
];
const stillRules = {
  'no-restricted-properties': [
    'error',
    { object: 'Date', property: 'now', message: untimely },
    { object: 'AbortSignal', property: 'timeout', message: untimely },
    { object: 'Math', property: 'random', message: 'Chance is a parameter here: take the id.' },
  ],
  'no-restricted-globals': [
    'error',
    ...['setTimeout', 'setInterval', 'setImmediate', 'performance'].map((name) => ({
      name,
      message: untimely,
    })),
    { name: 'process', message: 'The environment is a parameter here.' },
    { name: 'fetch', message: 'What is outside is reached through a port.' },
    { name: 'crypto', message: 'Chance is a parameter here: take the id.' },
    { name: 'globalThis', message: 'Name the global itself, so that it can be judged.' },
  ],
};

const fileSystem = ['fs', 'fs/promises', 'node:fs', 'node:fs/promises'];
const processes = ['child_process', 'node:child_process'];
const hashOnly = {
  name: 'node:crypto',
  allowImportNames: ['createHash', 'hash'],
  message: 'A digest is a function of its input; everything else in there is chance.',
};
const restrictedImports = ({ mayWrite = false, maySpawn = false, still = false }) => [
  'error',
  {
    paths: [
      ...(mayWrite ? [] : fileSystem).map((name) => ({
        name,
        importNames: ['writeFile', 'writeFileSync'],
        message: noWriteFile.message,
      })),
      ...(maySpawn ? [] : [...processes, 'execa']).map((name) => ({
        name,
        message: 'Programs are run by adapters/process/run.ts alone: bounded, and without a shell.',
      })),
      ...(still ? [hashOnly] : []),
    ],
  },
];

const everywhere = [noDefaultExport, noBarrel, noShell, noAbortAny];

const layerConfigs = Object.entries(layers).map(([name, { still }]) => ({
  name: `ci-warm/${name}`,
  files: [name.includes('.') ? `controller/${name}` : `controller/${name}/**`],
  rules: {
    'no-restricted-syntax': [
      'error',
      ...everywhere,
      ...(name === 'setup' ? [] : [noWriteFile]),
      ...(name === 'ports' ? [typesOnly] : []),
      ...(still ? stillSyntax : []),
    ],
    'no-restricted-imports': restrictedImports({
      mayWrite: name === 'setup',
      maySpawn: name === 'setup' || name === 'ci-warm.mjs',
      still,
    }),
    ...(still ? stillRules : {}),
  },
}));

const noMocks = ['mock', 'doMock', 'hoisted'].map((property) => ({
  object: 'vi',
  property,
  message: 'Hand a fake to what is tested; a mocked module proves nothing of the real one.',
}));
const noFocus = {
  selector:
    'MemberExpression[property.name=/^(only|skip|todo|skipIf|runIf|fails)$/]:matches([object.name=/^(test|it|describe|suite|bench)$/], [object.object.name=/^(test|it|describe|suite|bench)$/])',
  message: 'Every test runs. One that cannot says why, by `context.skip(reason)`.',
};

export default defineConfig(
  globalIgnores(['dist/', 'coverage/', '.ci-warm/', '.ground/', '**/*.gen.ts']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    plugins: { 'ci-warm': { rules: { layers: layerRule } } },
    rules: {
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: false, requireDefaultForNonUnion: true },
      ],
      eqeqeq: 'error',
      'max-lines': ['error', 400],
      'max-lines-per-function': ['error', 60],
      'no-console': 'error',
      'no-restricted-syntax': ['error', ...everywhere],
      'no-template-curly-in-string': 'off',
    },
  },
  { name: 'ci-warm/layers', files: ['controller/**'], rules: { 'ci-warm/layers': 'error' } },
  layerConfigs,
  {
    name: 'ci-warm/atomic-write',
    files: ['controller/adapters/files/atomic-write.ts'],
    rules: {
      'no-restricted-syntax': ['error', ...everywhere],
      'no-restricted-imports': restrictedImports({ mayWrite: true }),
    },
  },
  {
    name: 'ci-warm/processes',
    files: ['controller/adapters/process/**'],
    rules: { 'no-restricted-imports': restrictedImports({ maySpawn: true }) },
  },
  {
    name: 'ci-warm/tests',
    files: ['test/**'],
    rules: {
      'max-lines-per-function': 'off',
      'no-restricted-properties': ['error', ...noMocks],
      'no-restricted-syntax': ['error', noDefaultExport, noBarrel, noAbortAny, noFocus],
      // A fake answers at once what the port promises for later.
      '@typescript-eslint/require-await': 'off',
      // What a fake or an adapter hands out is closures, which may be taken from the object that holds them.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/explicit-module-boundary-types': 'off',
    },
  },
  {
    name: 'ci-warm/still-tests',
    files: Object.entries(layers).flatMap(([name, { still }]) =>
      still ? [`test/${name}/**/*.test.ts`] : [],
    ),
    rules: {
      'no-restricted-properties': [...stillRules['no-restricted-properties'], ...noMocks],
      'no-restricted-syntax': [
        'error',
        noDefaultExport,
        noBarrel,
        noAbortAny,
        noFocus,
        ...stillSyntax,
      ],
    },
  },
  {
    name: 'ci-warm/configuration',
    files: ['*.config.{js,ts}'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    name: 'ci-warm/programs-that-talk',
    files: ['examples/**', 'test/bench/**'],
    rules: { 'no-console': 'off' },
  },
  {
    // Plain JavaScript: it has no types to check, and node's own globals are not known to the linter.
    files: ['**/*.{js,mjs}'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
    rules: { '@typescript-eslint/explicit-module-boundary-types': 'off' },
  },
);
