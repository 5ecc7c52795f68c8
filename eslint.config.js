/**
 * The linter's rules, and with them the architecture: which folder may import what.
 *
 * The table `layers` is the whole of it. What a row does not list is an error, and so is a folder without a row.
 * test/lint/layers.test.ts holds every row, allowed and forbidden, against the linter itself.
 */
import path from 'node:path';

import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const shared = ['adapters/files/atomic-write.ts', 'adapters/process/run.ts'];

/**
 * Folder or file of controller/ → the folders and files of controller/ it may import, the top-level folders it may
 * import from, and the packages it may use (`node:*` is Node itself). `still`: no I/O, no clock and no chance.
 * `why` is the end of every complaint.
 */
export const layers = {
  model: {
    controller: [],
    // Of node:crypto the digest alone: see `hashOnly`.
    packages: ['semver', 'node:crypto'],
    still: true,
    why: 'The nouns lean on nothing, so that everything can lean on them.',
  },
  spec: {
    controller: ['model'],
    roots: ['schema'],
    packages: ['yaml', 'ajv', 'ajv-formats'],
    still: true,
    why: 'Reading what people wrote is a function of its text: take the text as a parameter.',
  },
  recipe: {
    controller: ['model'],
    packages: ['yaml'],
    still: true,
    why: 'Reading a recipe is a function of its files: take their contents as a parameter.',
  },
  gates: {
    controller: ['model'],
    packages: [],
    still: true,
    why: 'A gate judges facts that it is given; it gathers none.',
  },
  transitions: {
    controller: ['model', 'gates'],
    packages: [],
    still: true,
    why: 'A transition says as data what is to be done next; reconcile/ does it.',
  },
  plan: {
    controller: ['model', 'gates', 'transitions', 'recipe'],
    packages: [],
    still: true,
    why: 'Same desired, same observed, same time: same plan (L3).',
  },
  report: {
    controller: ['model'],
    packages: [],
    still: true,
    why: 'What people read is a function of what is known; adapters/ write it down.',
  },
  ports: {
    controller: ['model'],
    packages: [],
    still: true,
    why: 'A port says in our own words what is needed from outside; it knows no product.',
  },
  reconcile: {
    controller: ['model', 'spec', 'recipe', 'gates', 'plan', 'transitions', 'report', 'ports'],
    packages: [],
    still: true,
    why: 'The loop must run unchanged over fakes: add a port, or take a clock as a parameter.',
  },
  adapters: {
    controller: ['model', 'ports', 'recipe', ...shared],
    packages: ['node:*', 'execa', 'simple-git', 'chokidar', 'dockerode', 'pino'],
    why: 'An adapter knows its own product and nothing else; wire.ts brings it together with the rest.',
  },
  cli: {
    controller: ['model', 'spec', 'report', 'ports', 'wire.ts'],
    packages: ['node:*', 'commander', 'pino-pretty'],
    why: 'A command asks and prints; deciding and acting are behind wire.ts.',
  },
  setup: {
    controller: ['model', ...shared],
    roots: ['examples'],
    packages: ['node:*', 'execa'],
    why: 'The ground is made before the controller runs, and must not need it.',
  },
  'wire.ts': {
    controller: ['*'],
    packages: ['node:*', 'pino'],
    why: 'The composition root builds adapters and hands them on; it uses no product itself.',
  },
  'main.ts': {
    controller: ['cli', 'model'],
    packages: ['node:*'],
    why: 'It starts the command line and ends the process; nothing more.',
  },
  'ci-warm.mjs': {
    controller: ['main.ts', 'setup/find-node.mjs'],
    roots: ['dist'],
    packages: ['node:*'],
    why: "It runs on the host's own Node, before any package need be there.",
  },
};

/** Plain JavaScript in setup/ runs before the packages are installed. */
const bootstrap = { ...layers.setup, controller: [], packages: ['node:*'] };

const within = (target, allowed) =>
  allowed.some((name) => name === '*' || target === name || target.startsWith(`${name}/`));

/** What is wrong with importing `source` from the file at `file` (relative to the root), or undefined. */
function problemOf(file, source) {
  const [, self, adapter] = file.split('/');
  const layer = self === 'setup' && file.endsWith('.mjs') ? bootstrap : layers[self];
  if (layer === undefined) {
    return `controller/${self} has no row in the layer table of eslint.config.js; give it one.`;
  }
  if (!source.startsWith('.')) {
    const name = source.split('/', source.startsWith('@') ? 2 : 1).join('/');
    const group = source.startsWith('node:') ? 'node:*' : name;
    return layer.packages.includes(name) || layer.packages.includes(group)
      ? undefined
      : `${self} may not use ${source}. ${layer.why}`;
  }
  const target = path.posix.join(path.posix.dirname(file), source);
  const [root] = target.split('/', 1);
  const inside = target.slice(root.length + 1);
  const own = self === 'adapters' ? `adapters/${adapter}` : self;
  const allowed =
    root === 'controller'
      ? within(inside, [own, ...layer.controller])
      : (layer.roots ?? []).includes(root);
  return allowed
    ? undefined
    : `${own} may not import ${root === 'controller' ? inside : target}. ${layer.why}`;
}

const layerRule = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const file = path.relative(context.cwd, context.filename).split(path.sep).join('/');
    const check = ({ source }) => {
      if (typeof source?.value !== 'string') return;
      const message = problemOf(file, source.value);
      if (message !== undefined) context.report({ node: source, message });
    };
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      TSImportType: check,
      ExportAllDeclaration: check,
      ExportNamedDeclaration: check,
    };
  },
};

// ---------------------------------------------------------------------------------------------------------------
// What no file may do, whatever it imports. Rules of one name replace each other, so each list is put together here.

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
  allowImportNames: ['createHash'],
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
