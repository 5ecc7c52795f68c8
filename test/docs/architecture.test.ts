/** docs/architecture.md shows the table that the linter enforces; here the two are compared. */
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { layers } from '../lint/layers.ts';
import { read, root } from './markdown.ts';

const page = read('docs/architecture.md');
const [, section = ''] = /^## Who may import whom\n([\s\S]*?)^## /m.exec(page) ?? [];
const rows = section
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').map((cell) => cell.trim()));

function namesIn(cell: string | undefined): readonly string[] {
  return [...(cell ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
}

describe('docs/architecture.md', () => {
  test('shows who may import whom as the linter has it', () => {
    const shown = Object.fromEntries(
      rows.map(([, layer, controller, packages, still]): [string, unknown] => [
        namesIn(layer).join(),
        {
          controller: namesIn(controller),
          packages: namesIn(packages),
          still: still === 'still',
        },
      ]),
    );

    const enforced = Object.fromEntries(
      Object.entries(layers).map(([name, { controller, packages, still = false }]) => [
        name,
        { controller, packages, still },
      ]),
    );
    expect(shown).toEqual(enforced);
  });

  test('names every port', () => {
    const ports = readdirSync(`${root}controller/ports`);

    expect(ports.filter((name) => !page.includes(`\`controller/ports/${name}\``))).toEqual([]);
  });

  test('names every folder of controller/ in its map', () => {
    const [, map = ''] = /^## Folders\n\n```\n([\s\S]*?)^```/m.exec(page) ?? [];
    const folders = readdirSync(`${root}controller`, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);

    expect(folders.filter((name) => !map.includes(` ${name}/ `))).toEqual([]);
  });

  test('names every package that the program uses', () => {
    const { dependencies } = JSON.parse(read('package.json')) as {
      readonly dependencies: Readonly<Record<string, string>>;
    };
    const [, packages = ''] = /^## Packages\n([\s\S]*)/m.exec(page) ?? [];

    expect(Object.keys(dependencies).filter((name) => !packages.includes(`\`${name}\``))).toEqual(
      [],
    );
  });
});
