/** Recipes whose keys came with a newer Docker: what the host's command line is too old for is said when they are read. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { writeFileAtomic } from '../../../controller/adapters/files/atomic-write.ts';
import {
  createStackDriver,
  type StackDriverDeps,
} from '../../../controller/adapters/stack/driver.ts';
import type { RecipeProblem } from '../../../controller/model/recipe.ts';
import { corpusApp, corpusRelease } from '../../recipe/corpus.ts';

const signal = new AbortController().signal;
const plain = 'services:\n  app:\n    image: busybox:1\n';
const newer = `${plain}    healthcheck: {test: "true", start_interval: 2s}\n    oom_score_adj: 5\n`;
let folder = '';

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ci-warm-newer-'));
  const script = `#!/bin/sh\necho asked >>${folder}/asked\ncat ${folder}/version\n`;
  await writeFileAtomic(join(folder, 'docker'), script, { mode: 0o755 });
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('the recipe', () => {
  test('is refused where the command line is too old, until a newer one is there', async () => {
    const read = reader(newer);
    await hostHas('20.10.24+dfsg1');
    const first = await read();
    await hostHas('25.0.3');
    const second = await read();
    await hostHas('28.2.2');
    const third = await read();
    await read();

    expect(first).toEqual([
      at(4, 'services.app.healthcheck.start_interval', 25, 20),
      at(5, 'services.app.oom_score_adj', 27, 20),
    ]);
    expect(second).toEqual([at(5, 'services.app.oom_score_adj', 27, 25)]);
    expect(third).toEqual([]);
    expect(asked()).toBe(3);
  });

  test('is left to the deploy where the command line does not say what it is', async () => {
    expect(await reader(newer)()).toEqual([]);
    expect(asked()).toBe(1);
  });

  test('is not a reason to ask where any command line would do', async () => {
    await hostHas('20.10.24+dfsg1');

    expect(await reader(plain)()).toEqual([]);
    expect(asked()).toBe(0);
  });
});

/** Reading needs the recipe's files and nothing else of the driver's. */
function reader(text: string): () => Promise<readonly RecipeProblem[]> {
  const driver = createStackDriver({
    recipes: { files: () => Promise.resolve(new Map([['compose.yml', text]])) },
    dockerProgram: join(folder, 'docker'),
  } as unknown as StackDriverDeps);
  return async () => (await driver.read(corpusApp, corpusRelease, signal)).problems;
}

function at(line: number, key: string, docker: number, has: number): RecipeProblem {
  const message = `${key} needs the command line of Docker ${String(docker)}, and this host has ${String(has)}: take it out, or install a newer docker-cli`;
  return { file: 'compose.yml', line, message };
}

async function hostHas(version: string): Promise<void> {
  await writeFileAtomic(join(folder, 'version'), `Docker version ${version}, build 297e128\n`);
}

function asked(): number {
  const path = join(folder, 'asked');
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n').length : 0;
}
