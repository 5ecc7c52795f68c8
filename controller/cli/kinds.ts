/** Kinds as people type them: `WarmApp`, `warmapp`, `warmapps`, `warm-app`. */
import type { Kind } from '../model/desired.ts';

export const kinds = [
  'Settings',
  'Recipe',
  'WarmApp',
  'Canonical',
  'Run',
  'Sweep',
] as const satisfies readonly Kind[];

/** The kind that was meant, or undefined. */
export function parseKind(text: string): Kind | undefined {
  const word = fold(text);
  return kinds.find((kind) => word === fold(kind) || word === `${fold(kind)}s`);
}

/** Every word that is a kind, for suggestions. */
export const kindWords: readonly string[] = kinds.flatMap((kind) => [
  kind.toLowerCase(),
  kind === 'Settings' ? 'settings' : `${kind.toLowerCase()}s`,
]);

function fold(text: string): string {
  return text.toLowerCase().replaceAll(/[-_]/g, '');
}
