/** The corpus of recipes: each folder of test/corpus/recipes is one shape, with what a host makes of it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { AppIdentity } from '../../controller/model/app.ts';
import type {
  AppName,
  CommitSha,
  Domain,
  RecipeName,
  StackName,
} from '../../controller/model/names.ts';
import type { Release } from '../../controller/model/release.ts';

export interface RecipeCase {
  readonly name: string;
  /** Where the golden files are. */
  readonly folder: string;
  /** Where the recipe's own files are. */
  readonly recipeFolder: string;
  readonly files: ReadonlyMap<string, string>;
  readonly app: AppIdentity;
  readonly release: Release;
  /** False: it uses what `docker stack deploy` by itself cannot read. */
  readonly dockerKnows: boolean;
  /** False: of several files Docker loses some of what they say. */
  readonly dockerKeepsAll: boolean;
  /** The first major version of Docker's command line that knows all its keys. */
  readonly dockerFrom: number;
}

interface Told {
  readonly about: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly proxyNetwork?: string;
  readonly dockerKnows?: boolean;
  readonly dockerKeepsAll?: boolean;
  readonly dockerFrom?: number;
}

const root = fileURLToPath(new URL('../corpus/recipes', import.meta.url));

/** Every shape, by name. */
export function recipeCases(): readonly RecipeCase[] {
  return readdirSync(root).sort().map(readCase);
}

function readCase(name: string): RecipeCase {
  const folder = join(root, name);
  const told = JSON.parse(readFileSync(join(folder, 'app.json'), 'utf8')) as Told;
  const recipeFolder = join(folder, 'recipe');
  return {
    name,
    folder,
    recipeFolder,
    files: readFiles(recipeFolder),
    app: { ...corpusApp, proxyNetwork: told.proxyNetwork ?? 'proxy' },
    release: { ...corpusRelease, env: told.env ?? {} },
    dockerKnows: told.dockerKnows ?? true,
    dockerKeepsAll: told.dockerKeepsAll ?? true,
    dockerFrom: told.dockerFrom ?? 20,
  };
}

function readFiles(folder: string): ReadonlyMap<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return new Map(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => [relative(folder, path), readFileSync(path, 'utf8')]),
  );
}

export const corpusApp: AppIdentity = {
  name: 'sample' as AppName,
  recipe: 'sample' as RecipeName,
  recipeUrl: '/srv/recipes/sample.git',
  driver: 'Stack',
  domain: 'warm-sample.ci.example.org' as Domain,
  stack: 'warm-sample_ci_example_org' as StackName,
  data: 'Stateful',
  proxyNetwork: 'proxy',
  givenSecrets: [],
};

/** Service names that the corpus uses, each with an image of its own. */
const serviceNames = [
  'app',
  'backend',
  'celery',
  'db',
  'worker',
  'off',
  'migrate',
  'retry',
  'everywhere',
  'web',
  'init',
  'cron',
  'setup',
  'redis',
  'search',
];

export const corpusRelease: Release = {
  version: '1.2.3+4.5.6',
  commit: '0123456789abcdef0123456789abcdef01234567' as CommitSha,
  env: {},
  specHash: 'sha256:5eed',
  images: Object.fromEntries(
    serviceNames.map((name, index) => [
      name,
      `images.example.org/${name}@sha256:${index.toString(16).repeat(64)}`,
    ]),
  ),
};
