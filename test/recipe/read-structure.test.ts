import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeStructure } from '../../controller/gates/structure.ts';
import type { RecipeStructure } from '../../controller/model/structure.ts';
import { readStructure } from '../../controller/recipe/read-structure.ts';
import { corpusApp, corpusRelease, recipeCases } from './corpus.ts';

function read(files: Readonly<Record<string, string>>): RecipeStructure {
  return readStructure(new Map(Object.entries(files)), corpusApp, corpusRelease);
}

describe('readStructure', () => {
  test('a place is that of the file whose value counts', () => {
    const { services, volumes, problems } = read({
      '.env.sample': 'COMPOSE_FILE=a.yml:b.yml',
      'a.yml': [
        'services:',
        '  app:',
        '    image: web:1',
        '    volumes:',
        '      - one:/one',
        '      - two:/two',
        'volumes: { one: , two: }',
      ].join('\n'),
      'b.yml': [
        'services:',
        '  app:',
        '    volumes:',
        '      - type: volume',
        '        source: three',
        '        target: /two',
        '    image: web:2',
        'volumes:',
        '  three:',
      ].join('\n'),
    });

    expect(problems).toEqual([]);
    expect(services).toEqual([
      {
        name: 'app',
        image: 'web:2',
        imagePlace: { file: 'b.yml', line: 7 },
        mounts: [
          { volume: 'one', target: '/one', file: 'a.yml', line: 5 },
          { volume: 'three', target: '/two', file: 'b.yml', line: 4 },
        ],
        startFirst: undefined,
      },
    ]);
    expect(volumes.map(({ key, file, line }) => [key, file, line])).toEqual([
      ['one', 'a.yml', 7],
      ['two', 'a.yml', 7],
      ['three', 'b.yml', 9],
    ]);
  });

  test('what stands behind an alias has the nearest place there is', () => {
    const { services } = read({
      'compose.yml': [
        'x-base: &base',
        '  image: web:1',
        '  volumes: &data [data:/data]',
        'services:',
        '  app:',
        '    <<: *base',
        'volumes: { data: }',
      ].join('\n'),
    });

    expect(services).toMatchObject([
      { image: 'web:1', imagePlace: { file: 'compose.yml' }, mounts: [{ volume: 'data' }] },
    ]);
    for (const line of [services[0]?.imagePlace.line, services[0]?.mounts[0]?.line]) {
      expect(line).toBeGreaterThanOrEqual(1);
      expect(line).toBeLessThanOrEqual(7);
    }
  });

  test('folders of the host and anonymous volumes are no mounts', () => {
    const { services } = read({
      'compose.yml':
        'services: { app: { image: web:1, volumes: [/data, "./x:/x", "data:/y"] } }\nvolumes: { data: }',
    });

    expect(services[0]?.mounts.map(({ volume }) => volume)).toEqual(['data']);
  });

  test('a variable that refers to another has a value', () => {
    const { emptyVariables } = read({
      '.env.sample': 'A=\nB=$A\nC=""\nD= # to be set\n#E=\n',
      'compose.yml': 'services: { app: { image: web:1 } }',
    });

    expect(emptyVariables.map(({ name, line }) => [name, line])).toEqual([
      ['A', 1],
      ['C', 3],
      ['D', 4],
    ]);
  });

  test('never throws, however a recipe of the corpus is mangled, and nor does the gate', () => {
    const cases = recipeCases();
    fc.assert(
      fc.property(
        fc.constantFrom(...cases),
        fc.nat(),
        fc.nat(),
        fc.oneof(fc.string(), fc.constantFrom('${', '*x', '&x ', ': ', '\n', '- ', '"', '${A:?}')),
        (one, which, at, insert) => {
          const paths = [...one.files.keys()];
          const path = paths[which % paths.length] ?? '';
          const text = one.files.get(path) ?? '';
          const place = at % (text.length + 1);
          const files = new Map([
            ...one.files,
            [path, text.slice(0, place) + insert + text.slice(place)],
          ]);
          const current = readStructure(one.files, one.app, one.release);
          const target = readStructure(files, one.app, one.release);

          const reasons = judgeStructure({
            current,
            inTheWay: [target],
            gate: { onImageMajor: 'Hold', onNewConfiguration: 'Hold' },
            hasSecret: () => false,
          });

          for (const { file, line } of reasons) {
            if (line === null || file === null) continue;
            const lines = (files.get(file) ?? one.files.get(file) ?? '').split('\n').length;
            expect(line).toBeLessThanOrEqual(Math.max(1, lines));
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  test('a recipe compared with itself has no reason', () => {
    for (const one of recipeCases()) {
      const structure = readStructure(one.files, one.app, one.release);
      const reasons = judgeStructure({
        current: structure,
        inTheWay: [structure],
        gate: { onImageMajor: 'Hold', onNewConfiguration: 'Hold' },
        hasSecret: () => true,
      }).filter(({ reason }) => reason !== 'RecipeUnreadable' && reason !== 'NewVariable');

      expect(reasons, one.release.version).toEqual([]);
    }
  });
});
