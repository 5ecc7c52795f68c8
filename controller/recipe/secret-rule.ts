/**
 * How a secret is to be made: length and alphabet as the comment behind `SECRET_<NAME>_VERSION` in `.env.sample` says
 * (`# length=32 charset=default,special generate=false`). The value itself is made by an adapter, where chance is.
 */
import type { SecretReading } from '../model/recipe.ts';

export type SecretRule = Pick<SecretReading, 'length' | 'charset' | 'generate'>;

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const DIGITS = '0123456789';
const LETTERS = LOWER + LOWER.toUpperCase();

const ALPHABETS: ReadonlyMap<string, string> = new Map([
  ['default', LETTERS + DIGITS],
  ['alphanumeric', LETTERS + DIGITS],
  ['alnum', LETTERS + DIGITS],
  ['letters', LETTERS],
  ['alpha', LETTERS],
  ['digits', DIGITS],
  ['numeric', DIGITS],
  ['hex', `${DIGITS}abcdef`],
  ['special', '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'],
  ['safespecial', '!@#%^&*_-+='],
]);

const LENGTH_DEFAULT = 32;
const LENGTH_MAX = 1024;

/** The variable that carries a secret's version. */
export function versionVariable(secret: string): string {
  return `SECRET_${secret.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}_VERSION`;
}

/** The rule, and a sentence for each modifier that means nothing to us and would be needed. Never throws. */
export function secretRule(modifiers: ReadonlyMap<string, string> | undefined): {
  readonly rule: SecretRule;
  readonly problems: readonly string[];
} {
  const problems: string[] = [];
  const lengthText = modifiers?.get('length') ?? String(LENGTH_DEFAULT);
  const length = /^\d{1,4}$/.test(lengthText) ? Number(lengthText) : 0;
  if (length < 1 || length > LENGTH_MAX) {
    problems.push(`length=${lengthText} is no whole number from 1 to ${String(LENGTH_MAX)}`);
  }
  const characters = new Set<string>();
  for (const name of (modifiers?.get('charset') ?? 'default').split(',')) {
    const alphabet = ALPHABETS.get(name.toLowerCase());
    if (alphabet === undefined) {
      problems.push(`charset=${name} is none of ${[...ALPHABETS.keys()].join(', ')}`);
    }
    for (const character of alphabet ?? '') characters.add(character);
  }
  const generate = modifiers?.get('generate')?.toLowerCase() !== 'false';
  return {
    rule: { length, charset: [...characters].join(''), generate },
    problems: generate ? problems : [],
  };
}
