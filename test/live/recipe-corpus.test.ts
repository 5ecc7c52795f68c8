/**
 * Do recipes become what Docker itself would make of them? Every recipe of the corpus is deployed to an Engine that only
 * takes notes, by every Docker command line of this machine:
 *
 * - the one file that ci-warm hands over has to become the same with each, Debian's old one too, and the same as recorded;
 * - and the recipe's own files, put together and filled in by a command line of today without our help, have to become
 *   that as well. The records were made so; where there is no such command line, what is compared with them stands alone.
 */
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';

import { renderOverride } from '../../controller/recipe/override.ts';
import { readStack } from '../../controller/recipe/read-recipe.ts';
import { workingFolder } from '../../controller/recipe/recipe-path.ts';
import { renderStackFile } from '../../controller/recipe/stack-file.ts';
import { recipeCases, type RecipeCase } from '../recipe/corpus.ts';
import { essence } from './support/recorded-stack.ts';
import { startRecordingEngine, type RecordingEngine } from './support/recording-engine.ts';

interface CommandLine {
  readonly program: string;
  readonly major: number;
}

/** The first of which `docker stack deploy` puts files together as it does today. */
const TODAYS_MAJOR = 25;

let folder = '';
let engine: RecordingEngine;
let commandLines: readonly CommandLine[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ci-warm-corpus-'));
  engine = await startRecordingEngine(join(folder, 'engine.sock'));
  const found = ['/usr/local/bin/docker', '/usr/bin/docker'].filter((path) => existsSync(path));
  commandLines = await Promise.all(
    [...new Set(found.map((path) => realpathSync(path)))].map(async (program) => {
      const { stdout } = await run(program, ['--version'], folder, {});
      return { program, major: Number(/version (?<major>\d+)\./.exec(stdout)?.groups?.['major']) };
    }),
  );
});
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

test('there is a Docker command line to ask', () => {
  expect(commandLines.map(({ major }) => major >= 20)).toContain(true);
});

const cases = recipeCases().map((one) => ({
  ...one,
  stack: readStack(one.files, one.app, one.release),
}));
type Read = (typeof cases)[number];

describe.each(cases.filter(({ stack }) => stack.reading.problems.length === 0))(
  'the corpus: $name',
  (one) => {
    test('every Docker makes the same of our file, and it is what is recorded', async () => {
      for (const { program, major } of commandLines) {
        const { path, text } = renderStackFile({
          loaded: one.stack.loaded,
          files: one.files,
          override: overrideOf(one),
        });
        const place = newFolder(one);
        writeFileSync(join(place, path), text);

        const made = await deploy({ program, place, files: [path], env: {} }, one);

        if (major < one.dockerFrom) {
          expect(made).toContain('unsupported Compose file version');
          continue;
        }
        await expect(made).toMatchFileSnapshot(join(one.folder, 'swarm.yml'));
      }
    });

    test('today`s Docker makes that of the recipe`s own files', async () => {
      for (const { program } of commandLines.filter(({ major }) => major >= TODAYS_MAJOR)) {
        const place = newFolder(one);
        const files = writeOwnFiles(place, one);

        const made = await deploy({ program, place, files, env: one.stack.reading.env }, one);

        if (!one.dockerKnows) expect(made).toContain('invalid interpolation');
        else if (one.dockerKeepsAll)
          await expect(made).toMatchFileSnapshot(join(one.folder, 'swarm.yml'));
        else expect(made.split('\n').length).toBeLessThan(80);
      }
      // Without such a command line, the record stands for what it made.
      expect(existsSync(join(one.folder, 'swarm.yml'))).toBe(true);
    });
  },
);

function newFolder(one: RecipeCase): string {
  const place = mkdtempSync(join(folder, 'recipe-'));
  cpSync(one.recipeFolder, place, { recursive: true });
  return place;
}

function overrideOf(one: Read): string {
  return renderOverride({ ...one, nodeId: 'node-1' });
}

/** As the maintainer wrote them, with nothing but their versions made equal, which Docker insists on; and our override. */
function writeOwnFiles(place: string, one: Read): readonly string[] {
  const { paths, version } = one.stack.loaded;
  for (const path of paths) {
    const without = (one.files.get(path) ?? '')
      .replace(/^"?version"?:.*$/m, '')
      .replace(/^\.\.\.$/m, '');
    const isFlow = without.trimStart().startsWith('{');
    const line = `version: "${version}"`;
    const text = isFlow ? without.replace('{', `{${line}, `) : `${without}\n${line}\n`;
    writeFileSync(join(place, path), text);
  }
  const override = join(workingFolder(paths), 'override.yml');
  writeFileSync(join(place, override), overrideOf(one));
  return [...paths, override];
}

interface Deploy {
  readonly program: string;
  readonly place: string;
  readonly files: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** What it made, in short; or why it refused. */
async function deploy({ program, place, files, env }: Deploy, one: RecipeCase): Promise<string> {
  const args = [
    'stack',
    'deploy',
    '--resolve-image',
    'never',
    ...files.flatMap((file) => ['-c', file]),
  ];
  const ended = await run(program, [...args, one.app.stack], place, {
    ...env,
    DOCKER_HOST: engine.address,
  });
  const made = engine.take();
  return ended.failed ? ended.stderr : stringify(essence(made, one.app.stack), { lineWidth: 0 });
}

async function run(
  program: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<{ readonly failed: boolean; readonly stdout: string; readonly stderr: string }> {
  return await new Promise((resolve) => {
    const options = { cwd, env: { PATH: process.env['PATH'] ?? '', HOME: '/home/nobody', ...env } };
    execFile(program, args, options, (error, stdout, stderr) => {
      resolve({ failed: error !== null, stdout, stderr });
    });
  });
}
