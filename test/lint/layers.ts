/**
 * Who may import whom: the architecture as a table, which the linter holds every file of controller/ to.
 *
 * What a row does not list is an error, and so is a folder without a row. The rule that reads it is layer-rule.ts.
 */

export interface Layer {
  /** Folders and files of controller/ that it may import; its own always. `*` is all of them. */
  readonly controller: readonly string[];
  /** Top-level folders beside controller/ that it may import from. */
  readonly roots?: readonly string[];
  /** Packages that it may use. `node:*` is everything that Node itself brings. */
  readonly packages: readonly string[];
  /** No I/O, no clock and no chance in it. */
  readonly still?: true;
  /** The end of every complaint: the reason, and what to do instead. */
  readonly why: string;
}

/** What any edge may use: files are written whole or not at all, and programs are run bounded and without a shell. */
const shared = [
  'adapters/files/atomic-write.ts',
  'adapters/files/fs.ts',
  'adapters/process/run.ts',
];

/** One row for each folder of controller/, and for each file that stands there by itself. */
export const layers: Readonly<Record<string, Layer>> = {
  model: {
    controller: [],
    // Of node:crypto the digest alone: see `hashOnly` in eslint.config.js.
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
    packages: ['node:*', 'execa', 'simple-git', 'chokidar', 'dockerode', 'pino', 'pino-pretty'],
    why: 'An adapter knows its own product and nothing else; wire/ brings it together with the rest.',
  },
  cli: {
    controller: ['model', 'spec', 'report', 'ports', 'wire'],
    packages: ['node:*', 'commander', 'yaml'],
    why: 'A command asks and prints; deciding and acting are behind wire/.',
  },
  setup: {
    controller: ['model', ...shared],
    roots: ['examples'],
    packages: ['node:*', 'execa'],
    why: 'The ground is made before the controller runs, and must not need it.',
  },
  wire: {
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
    controller: ['main.ts', 'setup/other-node.mjs'],
    roots: ['dist'],
    packages: ['node:*'],
    why: "It runs on the host's own Node, before any package need be there.",
  },
};
