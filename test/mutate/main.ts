/**
 * `npm run mutate [-- TEXT …]`: breaks the product in every way of mutants.ts, one after another, and shows the test that
 * notices. TEXT: only mutants whose name, rule or file has it in it. Exit code 1 when one is not noticed, or when one no
 * longer applies.
 *
 * It works on a copy of the tree; this one is not touched. What the tests say of the copy before it is broken comes
 * first: a test that fails by itself notices nothing.
 */
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { apply } from './apply.ts';
import type { Mutant } from './mutant.ts';
import { mutants } from './mutants.ts';

const root = resolve(import.meta.dirname, '../..');
const copied = ['controller', 'test', 'schema', 'docs', 'examples', 'desired'];
const copiedFiles = ['package.json', 'tsconfig.json', 'vitest.config.ts'];
/** A mutant may wait for ever: that is noticed, too. */
const TIMEOUT_MS = 600_000;
/** What is not broken may take as long as it needs. */
const NO_TIMEOUT = 0;

type Verdict =
  | { readonly kind: 'killed'; readonly by: string }
  | { readonly kind: 'survived' }
  | { readonly kind: 'broken'; readonly why: string };

const wanted = process.argv.slice(2);
const chosen = mutants.filter(
  ({ name, rule, file }) =>
    wanted.length === 0 || wanted.some((text) => [name, rule, file].join('\n').includes(text)),
);
const tree = await mkdtemp(join(tmpdir(), 'ci-warm-mutate-'));
try {
  await copyTree();
  process.exitCode = (await tryAll()) ? 0 : 1;
} finally {
  await rm(tree, { recursive: true, force: true });
}

async function copyTree(): Promise<void> {
  for (const name of [...copied, ...copiedFiles]) {
    await cp(join(root, name), join(tree, name), { recursive: true });
  }
  await symlink(join(root, 'node_modules'), join(tree, 'node_modules'));
}

async function tryAll(): Promise<boolean> {
  const tests = [...new Set(chosen.flatMap((mutant) => mutant.tests))];
  const sound = await runTests(tests, NO_TIMEOUT);
  if (sound.kind !== 'survived') {
    const why = sound.kind === 'killed' ? sound.by : sound.why;
    process.stdout.write(`Nothing was broken, and yet a test fails: ${why}\n`);
    return false;
  }
  let killed = 0;
  for (const mutant of chosen) {
    const verdict = await tryMutant(mutant);
    if (verdict.kind === 'killed') killed += 1;
    process.stdout.write(`${line(mutant, verdict)}\n`);
  }
  process.stdout.write(`${String(killed)} of ${String(chosen.length)} mutants killed\n`);
  return killed === chosen.length;
}

async function tryMutant(mutant: Mutant): Promise<Verdict> {
  const path = join(tree, mutant.file);
  const text = await readFile(path, 'utf8');
  const broken = apply(mutant, text);
  if (broken === undefined) {
    return { kind: 'broken', why: 'its text does not stand in the file exactly once' };
  }
  await writeFile(path, broken);
  try {
    return await runTests(mutant.tests, TIMEOUT_MS);
  } finally {
    await writeFile(path, text);
  }
}

/** `killed`: a test failed. A file that could not even be run proves nothing. */
async function runTests(tests: readonly string[], timeoutMs: number): Promise<Verdict> {
  const report = join(tree, 'report.json');
  await rm(report, { force: true });
  const run = await execa(
    process.execPath,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      ...['run', '--project', '!live', '--reporter', 'json', '--outputFile', report],
      ...['--maxWorkers', '1', '--bail', '1', ...tests],
    ],
    { cwd: tree, reject: false, stdin: 'ignore', all: true, timeout: timeoutMs },
  );
  if (run.timedOut) return { kind: 'killed', by: '(it did not come to an end)' };
  const outcome = await readReport(report);
  if (outcome === undefined) {
    return { kind: 'broken', why: run.all.split('\n').slice(-20).join('\n') };
  }
  const failed = outcome.testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .find(({ status }) => status === 'failed');
  if (failed !== undefined) return { kind: 'killed', by: failed.title };
  const unrun = outcome.testResults.find(({ status }) => status === 'failed');
  if (unrun !== undefined) return { kind: 'broken', why: unrun.message };
  return outcome.testResults.length < tests.length
    ? { kind: 'broken', why: 'not all of its test files were found' }
    : { kind: 'survived' };
}

interface Report {
  readonly testResults: readonly {
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly title: string }[];
  }[];
}

async function readReport(path: string): Promise<Report | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Report;
  } catch {
    return undefined;
  }
}

function line({ name, rule, file }: Mutant, verdict: Verdict): string {
  const head = `${verdict.kind.padEnd(8)}  ${rule}  ${name}\n          ${file}`;
  switch (verdict.kind) {
    case 'killed':
      return `${head}\n          by: ${verdict.by}`;
    case 'survived':
      return head;
    case 'broken':
      return `${head}\n          ${verdict.why}`;
  }
}
