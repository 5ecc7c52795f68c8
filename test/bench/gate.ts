/** What the safety gate costs when it has most to do: 50 versions in the way, every one of them held, 200 release notes. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { bookFiles } from '../build/recipe-text.ts';
import { costOf } from './process-time.ts';
import { median, type Row } from './row.ts';

const RELEASES = 200;
const IN_THE_WAY = 50;
const ROUNDS = 5;
const NOTE_LINES = 20;

const script = resolve(import.meta.dirname, 'gate-run.ts');

/** `folder`: empty. */
export function benchGate(folder: string): Row[] {
  const repository = join(folder, 'book.git');
  makeReleases(repository);
  const argsOf = (round: number): string[] => {
    const state = join(folder, `state-${round}`);
    mkdirSync(state);
    return [script, repository, state, tagOf(RELEASES - IN_THE_WAY - 1)];
  };
  const whole = Array.from(
    { length: ROUNDS },
    (_, round) => costOf(process.execPath, argsOf(round)).cpuMs,
  );
  const judging = Array.from({ length: ROUNDS }, (_, round) => {
    const told = execFileSync(process.execPath, argsOf(ROUNDS + round), { encoding: 'utf8' });
    return (JSON.parse(told) as { judgingMs: number }).judgingMs;
  });
  const what = `gate over ${IN_THE_WAY} versions and ${RELEASES} notes`;
  return [
    { what: `${what}: CPU`, figure: median(judging) / 1000, unit: 's', limit: 1 },
    {
      what: `${what}, cloned, read and judged, start included: CPU`,
      figure: median(whole) / 1000,
      unit: 's',
    },
  ];
}

function tagOf(index: number): string {
  return `1.${index}.0+1.${index}.0`;
}

/** Each release moves an image; the first in the way asks for manual work, so that nothing above it is let through. */
function makeReleases(into: string): void {
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', into]);
  const input = Array.from({ length: RELEASES }, (_, index) => releaseInput(index)).join('');
  execFileSync('git', ['--git-dir', into, 'fast-import', '--quiet'], { input });
}

function releaseInput(index: number): string {
  const tag = tagOf(index);
  const who = `Bench <bench@example.org> ${1_767_268_800 + index * 86_400} +0000`;
  const files = {
    ...bookFiles,
    'compose.yml': (bookFiles['compose.yml'] ?? '').replace('nginx:1.27', `nginx:1.${index}`),
    [`release/${tag}`]: noteOf(index),
  };
  return [
    ...['commit refs/heads/main', `mark :${index + 1}`, `committer ${who}`, data(tag)],
    ...(index === 0 ? [] : [`from :${index}`]),
    ...Object.entries(files).flatMap(([path, text]) => [`M 100644 inline ${path}`, data(text)]),
    ...[`tag ${tag}`, `from :${index + 1}`, `tagger ${who}`, data(tag), ''],
  ].join('\n');
}

function noteOf(index: number): string {
  const lines = Array.from(
    { length: NOTE_LINES },
    (_, line) => `- Change ${line} of release ${index}: faster, and no manual steps are needed.`,
  );
  const work = index === RELEASES - IN_THE_WAY ? ['You must run the migration by hand.'] : [];
  return [...lines, ...work, ''].join('\n');
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}`;
}
