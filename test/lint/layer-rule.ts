/** The lint rule that reads the table of layers.ts. It judges import paths alone, so it needs no types and costs nothing. */
import path from 'node:path';

import type { Rule } from 'eslint';

import { layers, type Layer } from './layers.ts';

/** Plain JavaScript in setup/ runs before the packages are installed. */
const bootstrap: Pick<Layer, 'controller' | 'packages' | 'why'> = {
  controller: [],
  packages: ['node:*'],
  why: 'It runs before any package is installed.',
};

/**
 * What is wrong with importing `source` from `file`, or undefined. Both are as written: `file` from the root of the
 * repository with forward slashes, `source` as it stands between the quotes.
 */
function problemOf(file: string, source: string): string | undefined {
  const [, self = '', part = ''] = file.split('/');
  const layer: Layer | undefined =
    self === 'setup' && file.endsWith('.mjs') ? bootstrap : layers[self];
  if (layer === undefined) {
    return `controller/${self} has no row in test/lint/layers.ts; give it one.`;
  }
  if (!source.startsWith('.')) {
    return mayUse(layer, source) ? undefined : `${self} may not use ${source}. ${layer.why}`;
  }
  // An adapter is a layer of its own: its neighbours are as far away as any other folder.
  const own = self === 'adapters' ? `adapters/${part}` : self;
  const target = path.posix.join(path.posix.dirname(file), source);
  return mayImport(layer, own, target)
    ? undefined
    : `${own} may not import ${target.replace(/^controller\//, '')}. ${layer.why}`;
}

function mayUse({ packages }: Layer, source: string): boolean {
  if (source.startsWith('node:') && packages.includes('node:*')) return true;
  const name = source.split('/', source.startsWith('@') ? 2 : 1).join('/');
  return packages.includes(name);
}

function mayImport({ controller, roots }: Layer, own: string, target: string): boolean {
  const [root = '', ...rest] = target.split('/');
  if (root !== 'controller') return roots?.includes(root) ?? false;
  const inside = rest.join('/');
  return [own, ...controller].some(
    (name) => name === '*' || inside === name || inside.startsWith(`${name}/`),
  );
}

/** Reports every import, of whatever form, that the table does not allow. For files under controller/. */
export const layerRule: Rule.RuleModule = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const file = path.relative(context.cwd, context.filename).split(path.sep).join('/');
    const check = (node: Rule.Node): void => {
      if (!('source' in node)) return;
      const source = node.source;
      if (typeof source !== 'object' || source === null || !('value' in source)) return;
      if (typeof source.value !== 'string') return;
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
