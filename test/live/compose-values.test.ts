/**
 * Does ci-warm refuse of a compose file's values exactly what Docker refuses? Every value of the corpus is handed to
 * every Docker command line of this machine, as the maintainer wrote it; and those that are taken once more as ci-warm
 * hands them over. The Engine only takes notes.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { renderOverride } from '../../controller/recipe/override.ts';
import { renderStackFile } from '../../controller/recipe/stack-file.ts';
import { readValue, valueCases, valueFiles, type ValueCase } from '../recipe/compose-values.ts';
import { corpusApp, corpusRelease } from '../recipe/corpus.ts';
import { startRecordingEngine, type RecordingEngine } from './support/recording-engine.ts';

const LIMIT_MS = 240_000;
const AT_ONCE = 4;
const cases = valueCases();
let folder = '';
let engine: RecordingEngine;
let programs: readonly string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ci-warm-values-'));
  engine = await startRecordingEngine(join(folder, 'engine.sock'));
  const found = ['/usr/local/bin/docker', '/usr/bin/docker'].filter((path) => existsSync(path));
  programs = [...new Set(found.map((path) => realpathSync(path)))];
});
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

test('there is a Docker command line to ask', () => {
  expect(programs).not.toEqual([]);
});

test(
  'Docker refuses what the corpus says, and nothing else of it',
  { timeout: LIMIT_MS },
  async () => {
    const wrong = await askAll(cases, async (one, program) => {
      const text = `${one.text}version: "3.9"\n`;
      const refusal = await deploy(program, text, one.env);
      return (refusal !== '') === one.says.length > 0 ? [] : [`${one.name}: ${refusal}`];
    });

    expect(wrong).toEqual([]);
  },
);

test('Docker takes all that ci-warm makes of what it takes', { timeout: LIMIT_MS }, async () => {
  const taken = cases.filter(({ says }) => says.length === 0);

  const wrong = await askAll(taken, async (one, program) => {
    const refusal = await deploy(program, rendered(one), {});
    return refusal === '' ? [] : [`${one.name}: ${refusal}`];
  });

  expect(wrong).toEqual([]);
});

function rendered(one: ValueCase): string {
  const stack = readValue(one);
  const files = valueFiles(one.text);
  const override = renderOverride({
    ...{ app: corpusApp, release: { ...corpusRelease, env: one.env } },
    ...{ stack, files, nodeId: 'node-1' },
  });
  return renderStackFile({ loaded: stack.loaded, files, override }).text;
}

type Ask = (one: ValueCase, program: string) => Promise<readonly string[]>;

/** A few at a time: starting the command line is what takes long. */
async function askAll(asked: readonly ValueCase[], ask: Ask): Promise<readonly string[]> {
  const waiting = asked.flatMap((one) => programs.map((program) => ({ one, program })));
  const wrong: string[] = [];
  const work = async (): Promise<void> => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { one, program } = next;
      wrong.push(...(await ask(one, program)).map((line) => `${program}: ${line}`));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return wrong;
}

/** Why it was refused; empty: it was not. */
async function deploy(program: string, text: string, env: ValueCase['env']): Promise<string> {
  const place = mkdtempSync(join(folder, 'value-'));
  writeFileSync(join(place, 'compose.yml'), text);
  writeFileSync(join(place, '.env'), 'A=1\n');
  const args = ['stack', 'deploy', '--resolve-image', 'never', '-c', 'compose.yml', 'values'];
  const own = { PATH: process.env['PATH'] ?? '', HOME: '/home/nobody', ...env };
  return await new Promise((resolve) => {
    const options = { cwd: place, env: { ...own, DOCKER_HOST: engine.address } };
    execFile(program, args, options, (error, _, stderr) => {
      resolve(error === null ? '' : stderr || error.message);
    });
  });
}
