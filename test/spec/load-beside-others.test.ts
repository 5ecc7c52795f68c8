import { describe, expect, test } from 'vitest';
import { loadDesired, type SpecFile } from '../../controller/spec/load.ts';

const OPTIONS = { revision: 'r1', baseDirectory: '/srv/desired', tree: '' };
const SETTINGS = file(
  'settings.yaml',
  'apiVersion: ci-warm.dev/v1\nkind: Settings\nmetadata: { name: host }\nspec: { baseDomain: ci.example.org }\n',
);

function file(path: string, text: string): SpecFile {
  return { path, text, problem: undefined };
}

function object(kind: string, name: string, spec: string): string {
  return `apiVersion: ci-warm.dev/v1\nkind: ${kind}\nmetadata: { name: ${name} }\nspec: ${spec}\n`;
}

describe('loadDesired of an invalid object beside others', () => {
  test('each of them says to whom it clashes, and the valid one goes on', () => {
    const files = [
      SETTINGS,
      file('r.yaml', object('Recipe', 'wiki', '{}')),
      file('a.yaml', object('WarmApp', 'a', '{ recipe: wiky, suspend: "no", domain: x.org }')),
      file('b.yaml', object('WarmApp', 'b', '{ recipe: wiki, domain: x.org }')),
    ];

    const { desired, invalid, problems } = loadDesired(files, OPTIONS);

    expect(problems.map(({ file: where, code }) => `${where} ${code}`)).toEqual([
      'a.yaml unknown-recipe',
      'a.yaml wrong-type',
      'a.yaml domain-taken',
      'b.yaml domain-taken',
    ]);
    expect([...(desired?.warmApps.keys() ?? [])]).toEqual(['b']);
    expect(invalid.map(({ name }) => name)).toEqual(['a']);
  });

  test('a valid recipe goes on where the app that it takes realms from is invalid and gives none', () => {
    const files = [
      SETTINGS,
      file('r.yaml', object('Recipe', 'wiki', '{ dependsOn: [{ sso: a }] }')),
      file('a.yaml', object('WarmApp', 'a', '{ recipe: wiki, suspend: "no" }')),
    ];

    const { desired, problems } = loadDesired(files, OPTIONS);

    expect(problems.map(({ code }) => code)).toEqual(['wrong-type', 'unknown-sso']);
    expect([...(desired?.recipes.keys() ?? [])]).toEqual(['wiki']);
  });

  test('a secret whose version is written wrongly has no length yet', () => {
    const secret = 's'.repeat(40);
    const app = (version: string): SpecFile =>
      file(
        'a.yaml',
        object(
          'WarmApp',
          'a',
          `{ recipe: wiki, domain: ${'d'.repeat(20)}.org, env: { SECRET_${secret.toUpperCase()}_VERSION: ${version} } }`,
        ),
      );
    const recipe = object('Recipe', 'wiki', `{ secrets: [{ name: ${secret}, file: /run/s }] }`);
    const codes = (version: string): readonly string[] =>
      loadDesired([SETTINGS, file('r.yaml', recipe), app(version)], OPTIONS).problems.map(
        ({ code }) => code,
      );

    expect(codes('v1')).toEqual(['name-too-long']);
    expect(codes('1')).toEqual(['needs-quotes']);
  });
});
