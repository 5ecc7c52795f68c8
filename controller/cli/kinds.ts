/** Kinds as people type them: `WarmApp`, `warmapp`, `warmapps`, `warm-app`. */
import { kinds, type Kind } from '../model/desired.ts';

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
