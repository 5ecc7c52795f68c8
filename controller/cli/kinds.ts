/** Kinds as people type them: `WarmApp`, `warmapp`, `warmapps`, `warm-app`. */
import type { ObjectStatus } from '../model/condition.ts';
import { kinds, type Kind } from '../model/desired.ts';
import { CliError } from './cli-error.ts';
import { exitCode } from './exit-codes.ts';

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

/** For a name that there is, and of another kind than the one that was asked for. */
export function otherKind(
  typed: string,
  { kind, name }: Pick<ObjectStatus, 'kind' | 'name'>,
): CliError {
  const word = kind.toLowerCase();
  return new CliError(
    exitCode.failed,
    `there is no ${typed} ${name}; there is ${word}/${name}`,
    `ci-warm get ${word} ${name}`,
  );
}
