/** What `ci-warm validate` costs over a tree of 200 objects, the start of the program included. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { appText } from './bench-world.ts';
import { costOf } from './process-time.ts';
import { build, sources } from './programs.ts';
import { median, type Row } from './row.ts';

const ROUNDS = 7;
const RECIPES = 49;
const APPS = 150;

/** `folder`: empty, for the tree and the built form. */
export function benchValidate(folder: string): Row[] {
  const tree = join(folder, 'desired');
  makeTree(tree);
  return [sources, build(join(folder, 'package'))].map(({ name, command }) => {
    const costs = Array.from({ length: ROUNDS }, () =>
      costOf(process.execPath, [...command, 'validate', tree]),
    );
    return {
      what: `validate of ${1 + RECIPES + APPS} objects: CPU (${name})`,
      figure: median(costs.map(({ cpuMs }) => cpuMs)) / 1000,
      unit: 's',
      limit: 0.5,
    };
  });
}

/** A file an object, as people have them. */
function makeTree(tree: string): void {
  for (const directory of ['recipes', 'warm-apps'])
    mkdirSync(join(tree, directory), { recursive: true });
  writeFileSync(
    join(tree, 'settings.yaml'),
    `apiVersion: ci-warm.dev/v1
kind: Settings
metadata: { name: host }
spec: { baseDomain: ci.example.org }
`,
  );
  for (let index = 0; index < RECIPES; index += 1) {
    writeFileSync(join(tree, `recipes/recipe${index}.yaml`), recipeText(`recipe${index}`));
  }
  for (let index = 0; index < APPS; index += 1) {
    const text = appText(`app${index}`, `recipe${index % RECIPES}`, 'latest', 'Stateful');
    writeFileSync(join(tree, `warm-apps/app${index}.yaml`), text);
  }
}

function recipeText(name: string): string {
  return `apiVersion: ci-warm.dev/v1
kind: Recipe
metadata: { name: ${name} }
spec:
  env: { COMPOSE_FILE: compose.yml, LETS_ENCRYPT_ENV: '' }
  health:
    probes:
      - http: { service: app, port: 8080, path: /health, status: [200] }
    stableFor: 10s
  timeouts: { converge: 600s, boot: 300s }
`;
}
