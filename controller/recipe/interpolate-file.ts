/**
 * A compose file with its variables filled in and its `version` set, as text: what is read for the gates and handed to
 * Docker is one and the same.
 *
 * Only the values that hold a `$`, the version, and words that Docker's versions read differently are rewritten; every other character stays as the maintainer wrote
 * it, and every line keeps its number. Each `$` in the result is doubled, so that Docker, which interpolates too, takes
 * it for itself and needs none of our variables in its environment.
 *
 * As with Docker, keys are not interpolated, and a filled-in value is text unless Docker expects a number or a boolean
 * in its place.
 */
import { isMap, isPair, isScalar, isSeq, visit, type Pair, type Scalar } from 'yaml';

import type { RecipeProblem } from '../model/recipe.ts';
import type { ComposeFile } from './compose-file.ts';
import { interpolate, type Lookup } from './interpolate.ts';
import { quoteYaml } from './quote-yaml.ts';

export interface InterpolatedFile {
  readonly path: string;
  readonly text: string;
  readonly problems: readonly RecipeProblem[];
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

type Cast = 'integer' | 'number' | 'boolean';

/** Where Docker turns a filled-in value into something else than text; `*` is any key, `[]` any member of a list. */
const CASTS: readonly (readonly [path: string, cast: Cast])[] = [
  ['services.*.configs.[].mode', 'integer'],
  ['services.*.secrets.[].mode', 'integer'],
  ['services.*.healthcheck.retries', 'integer'],
  ['services.*.healthcheck.disable', 'boolean'],
  ['services.*.deploy.replicas', 'integer'],
  ['services.*.deploy.update_config.parallelism', 'integer'],
  ['services.*.deploy.update_config.max_failure_ratio', 'number'],
  ['services.*.deploy.rollback_config.parallelism', 'integer'],
  ['services.*.deploy.rollback_config.max_failure_ratio', 'number'],
  ['services.*.deploy.restart_policy.max_attempts', 'integer'],
  ['services.*.deploy.placement.max_replicas_per_node', 'integer'],
  ['services.*.ports.[].target', 'integer'],
  ['services.*.ports.[].published', 'integer'],
  ['services.*.ulimits.*', 'integer'],
  ['services.*.ulimits.*.hard', 'integer'],
  ['services.*.ulimits.*.soft', 'integer'],
  ['services.*.privileged', 'boolean'],
  ['services.*.oom_score_adj', 'integer'],
  ['services.*.read_only', 'boolean'],
  ['services.*.stdin_open', 'boolean'],
  ['services.*.tty', 'boolean'],
  ['services.*.volumes.[].read_only', 'boolean'],
  ['services.*.volumes.[].volume.nocopy', 'boolean'],
  ['networks.*.external', 'boolean'],
  ['networks.*.internal', 'boolean'],
  ['networks.*.attachable', 'boolean'],
  ['volumes.*.external', 'boolean'],
  ['secrets.*.external', 'boolean'],
  ['configs.*.external', 'boolean'],
];
const OLD_BOOLEAN = /^(?:y|Y|yes|Yes|YES|n|N|no|No|NO|on|On|ON|off|Off|OFF)$/;
const CAST_PATHS = CASTS.map(([path, cast]) => ({ parts: path.split('.'), cast }));

/** Never throws. A value that cannot be interpolated is a problem and stays as it is. */
export function interpolateFile(
  file: ComposeFile,
  lookup: Lookup,
  version: string,
): InterpolatedFile {
  const { path, document } = file;
  if (document === undefined) return { path, text: file.text, problems: file.problems };
  const problems: RecipeProblem[] = [...file.problems];
  const edits: Edit[] = [versionEdit(file, version)];
  visit(document, {
    Scalar: (key, node, ancestors) => {
      if (isOldBoolean(node)) {
        const cast = key === 'key' ? undefined : castAt(namesOf(ancestors));
        edits.push(valueEdit(file, node, String(node.value), cast));
        return;
      }
      if (key === 'key' || typeof node.value !== 'string' || !node.value.includes('$')) return;
      const names = namesOf(ancestors);
      const filled = interpolate(node.value, lookup);
      if (filled.kind === 'text') {
        edits.push(valueEdit(file, node, filled.text, castAt(names)));
      } else {
        const line = file.lines.linePos(node.range?.[0] ?? 0).line;
        const { message, variable } = filled;
        problems.push({
          ...{ file: path, line, message: `${names.join('.')}: ${message}` },
          ...(variable === undefined ? {} : { variable }),
        });
      }
    },
  });
  return { path, text: applyEdits(file.text, edits), problems };
}

/** What only YAML 1.1 took for a boolean, such as a service called `off`: for Docker 20.10 it still is one, unless quoted. */
function isOldBoolean(node: Scalar): boolean {
  return node.type === 'PLAIN' && OLD_BOOLEAN.test(node.source ?? '');
}

function namesOf(ancestors: readonly unknown[]): readonly string[] {
  return ancestors.flatMap((node) => {
    if (isSeq(node)) return ['[]'];
    return isPair(node) ? [keyOf(node)] : [];
  });
}

function keyOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : '?';
}

function castAt(names: readonly string[]): Cast | undefined {
  const found = CAST_PATHS.find(
    ({ parts }) =>
      parts.length === names.length &&
      parts.every((part, index) => part === '*' || part === names[index]),
  );
  if (found !== undefined || names[0]?.startsWith('x-') !== true) return found?.cast;
  // A fragment under `x-…` is used elsewhere, by alias: only the key itself tells where.
  return CAST_PATHS.find(({ parts }) => parts.at(-1) === names.at(-1))?.cast;
}

function valueEdit(file: ComposeFile, node: Scalar, text: string, cast: Cast | undefined): Edit {
  const [start = 0, end = 0] = node.range ?? [];
  const written = file.text.slice(start, end);
  const isBlock = node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED';
  const value = castValue(text, cast) ?? quote(text);
  const breaks = written.split('\n').length - 1;
  if (breaks === 0) return { start, end, text: value };
  // The range of a block ends behind its last line break, which has to stay.
  const kept = isBlock && written.endsWith('\n') ? 1 : 0;
  const column = start - (file.text.lastIndexOf('\n', start - 1) + 1);
  const padding = `\\\n${' '.repeat(column + 1)}`.repeat(breaks - kept);
  return { start, end, text: `${quote(text).slice(0, -1)}${padding}"${'\n'.repeat(kept)}` };
}

function castValue(text: string, cast: Cast | undefined): string | undefined {
  if (cast === 'integer') return /^[+-]?\d{1,15}$/.test(text) ? String(Number(text)) : undefined;
  if (cast === 'number') {
    const isNumber = /^[+-]?(?:\d{1,15}\.?\d{0,15}|\.\d{1,15})(?:e[+-]?\d{1,2})?$/i.test(text);
    return isNumber ? String(Number(text)) : undefined;
  }
  if (cast === undefined) return undefined;
  if (/^(?:y|yes|true|on)$/i.test(text)) return 'true';
  return /^(?:n|no|false|off)$/i.test(text) ? 'false' : undefined;
}

function quote(text: string): string {
  return quoteYaml(text.replaceAll('$', () => '$$'));
}

function versionEdit(file: ComposeFile, version: string): Edit {
  const map = file.document?.contents;
  if (!isMap(map)) return { start: 0, end: 0, text: '' };
  const pair = map.items.find((item) => keyOf(item) === 'version');
  if (isScalar(pair?.value)) {
    const [start, end] = pair.value.range;
    return { start, end, text: `${start === end ? ' ' : ''}${JSON.stringify(version)}` };
  }
  const at = map.range[0];
  if (map.flow === true) {
    return { start: at + 1, end: at + 1, text: ` version: ${JSON.stringify(version)},` };
  }
  return { start: file.text.length, end: file.text.length, text: appended(file, at, version) };
}

/** A new last key: lines above keep their numbers. */
function appended(file: ComposeFile, mapStart: number, version: string): string {
  const column = mapStart - (file.text.lastIndexOf('\n', mapStart - 1) + 1);
  const lineBreak = file.text.endsWith('\n') ? '' : '\n';
  return `${lineBreak}${' '.repeat(column)}version: ${JSON.stringify(version)}\n`;
}

function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = '';
  let at = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}
