import { describe, expect, test } from 'vitest';

import { secretRule, versionVariable } from '../../controller/recipe/secret-rule.ts';

const alphanumeric = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

function ruleOf(modifiers: Readonly<Record<string, string>>): ReturnType<typeof secretRule> {
  return secretRule(new Map(Object.entries(modifiers)));
}

describe('secretRule', () => {
  test('without a word it is 32 letters and digits', () => {
    expect(secretRule(undefined)).toEqual({
      rule: { length: 32, charset: alphanumeric, generate: true },
      problems: [],
    });
  });

  test.each([
    { name: 'hex', charset: '0123456789abcdef' },
    { name: 'digits', charset: '0123456789' },
    { name: 'alnum', charset: alphanumeric },
    { name: 'alpha', charset: alphanumeric.slice(0, 52) },
    { name: 'default,safespecial', charset: `${alphanumeric}!@#%^&*_-+=` },
    { name: 'hex,digits', charset: '0123456789abcdef' },
  ])('charset=$name holds each of its characters once', ({ name, charset }) => {
    expect(ruleOf({ charset: name, length: '8' }).rule).toMatchObject({ length: 8, charset });
  });

  test('generate=false leaves it to people', () => {
    expect(ruleOf({ generate: 'false' }).rule.generate).toBe(false);
    expect(ruleOf({ generate: 'False' }).rule.generate).toBe(false);
  });

  test('how a secret is made that people give matters to nobody', () => {
    expect(ruleOf({ generate: 'false', charset: 'x', length: 'any' }).problems).toEqual([]);
  });

  test.each([
    { length: '0' },
    { length: '-1' },
    { length: '1025' },
    { length: 'x' },
    { charset: 'x' },
  ])('a rule that makes no sense is a problem: %o', (modifiers) => {
    expect(ruleOf(modifiers).problems).toHaveLength(1);
  });
});

describe('versionVariable', () => {
  test.each([
    ['db_password', 'SECRET_DB_PASSWORD_VERSION'],
    ['session-key', 'SECRET_SESSION_KEY_VERSION'],
  ])('the version of %s is in %s', (secret, variable) => {
    expect(versionVariable(secret)).toBe(variable);
  });
});
